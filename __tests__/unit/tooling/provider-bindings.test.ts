/** Protections that older provider packages leave out are refused, and the peer ranges begin where the packages know them. */
import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { TerraformStack } from "cdktf";
import { minVersion } from "semver";
import { SecretVault } from "../../../lib/azure";
import { GeneratedPassword } from "../../../lib/google";
import { peerDependencies } from "../../../package.json";
import { azureNetwork } from "../../support/azure-stack";
import { problemsOf } from "../../support/synth";

type Binding = readonly [
  name: string,
  resource: { readonly prototype: object },
  argument: string,
  since: string,
  build: (stack: TerraformStack) => void,
];

// The versions were compared: the type declarations of the package before lack the argument.
const BINDINGS: readonly Binding[] = [
  [
    "@cdktf/provider-google",
    SecretManagerSecret,
    "deletionProtection",
    "16.5.0",
    (stack) => {
      new RandomProvider(stack, "random");
      new GeneratedPassword(stack, "password");
    },
  ],
  [
    "@cdktf/provider-azurerm",
    KeyVault,
    "rbacAuthorizationEnabled",
    "14.11.0",
    (stack) => {
      new SecretVault(stack, "vault", { network: azureNetwork(stack) });
    },
  ],
];

describe.each(BINDINGS)("%s", (name, { prototype }, argument, since, build) => {
  test(`is accepted with ${argument}, and refused without it`, () => {
    const about = () => problemsOf(build).filter((problem) => problem.includes("PROVIDER-BINDINGS"));
    expect(about()).toEqual([]);
    const known = Object.getOwnPropertyDescriptor(prototype, argument) as PropertyDescriptor;
    Reflect.deleteProperty(prototype, argument);
    try {
      expect(about()).toEqual([expect.stringContaining(`must be ${name} ${since} or later`)]);
    } finally {
      Object.defineProperty(prototype, argument, known);
    }
  });

  test("has a peer range that begins with the first version that knows it", () => {
    const range = (peerDependencies as { readonly [name: string]: string })[name] as string;
    expect(minVersion(range)?.version).toBe(since);
  });
});
