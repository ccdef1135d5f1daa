import type { SynthChecks } from "../../database/private";

/** Reports a VPC that is not written in the one way that Cloud SQL, DNS and the address space all take. @internal */
export function checkNetworkId(checks: SynthChecks, property: string, networkId: string | undefined): void {
  checks.matches(
    property,
    networkId,
    /^(https:\/\/www\.googleapis\.com\/compute\/v1\/)?projects\/[^/]+\/global\/networks\/[^/]+$/,
    "allowed is projects/PROJECT/global/networks/NAME, the id of a VPC",
  );
}

/** Reports an address range that is not private IPv4, or not of the sizes allowed. @internal */
export function checkRange(
  checks: SynthChecks,
  property: string,
  range: string | undefined,
  widest: number,
  narrowest: number,
): void {
  checks.check(
    property,
    range,
    () => isPrivateRange(range as string, widest, narrowest),
    `allowed is a private IPv4 range with its first address, from /${widest} to /${narrowest}, such as 10.20.0.0/${widest + 4}`,
  );
}

function isPrivateRange(range: string, widest: number, narrowest: number): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  if (!match) return false;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix < widest || prefix > narrowest) return false;
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return isPrivate && address % 2 ** (32 - prefix) === 0;
}
