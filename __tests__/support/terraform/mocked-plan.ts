/**
 * A plan without credentials: `terraform test` plans the stack with mocked providers, so that real providers from a registry check
 * the whole configuration and ask no cloud. Mocks know no ephemeral resources (Terraform 1.11): in the copy of the stack each of
 * their values is an ephemeral variable.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Attributes, PlanJson } from "./plan";

/** Computed blocks that stacks read: a mock leaves them empty. */
const COMPUTED_BLOCKS: Attributes = {
  aws_eks_cluster: {
    arn: "arn:aws:eks:eu-central-1:123456789012:cluster/platform",
    certificate_authority: [{ data: "Y2VydGlmaWNhdGU=" }],
    endpoint: "https://eks.example.com",
    identity: [{ oidc: [{ issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE" }] }],
    vpc_config: [{ cluster_security_group_id: "sg-0a1b2c3d4e5f60001", vpc_id: "vpc-0a1b2c3d4e5f60001" }],
  },
  aws_caller_identity: { account_id: "123456789012", arn: "arn:aws:iam::123456789012:user/test" },
  aws_partition: { partition: "aws", dns_suffix: "amazonaws.com" },
  aws_region: { region: "eu-central-1", name: "eu-central-1" },
  aws_subnet: {
    vpc_id: "vpc-0a1b2c3d4e5f60001",
    cidr_block: "10.0.0.0/24",
    availability_zone: "eu-central-1a",
  },
  google_container_cluster: { master_auth: [{ cluster_ca_certificate: "Y2VydGlmaWNhdGU=" }] },
  google_project: { number: "123456789012" },
};

const REFERENCE = /\bephemeral\.[\w-]+\.[\w-]+\.[\w-]+(?:\[\d+\])?/g;
/** As our generators make one: letters of both cases and digits, 32 characters. */
const LIKELY_PASSWORD = `Aa1${"x".repeat(29)}`;

interface TestMessage {
  readonly type: string;
  readonly test_plan?: PlanJson;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

interface Stack {
  terraform?: { required_providers?: { readonly [name: string]: unknown } };
  provider?: { readonly [name: string]: readonly { readonly alias?: string }[] };
  variable?: { [name: string]: unknown };
  data?: { readonly aws_subnet?: Attributes };
  ephemeral?: unknown;
}

/** Rewrites the stack in `folder` for `terraform test` and puts the test beside it. */
export function writeMockedTest(folder: string, variables: Attributes): void {
  const file = join(folder, "cdk.tf.json");
  const stack = JSON.parse(readFileSync(file, "utf8")) as Stack;
  delete stack.ephemeral;
  const names = new Set<string>();
  const text = JSON.stringify(stack).replace(REFERENCE, (reference) => {
    const name = reference.replace(/\W+/g, "_");
    names.add(name);
    return `var.${name}`;
  });
  const copy = JSON.parse(text) as Stack;
  for (const name of names) {
    copy.variable = {
      ...copy.variable,
      [name]: { type: "string", ephemeral: true, default: LIKELY_PASSWORD },
    };
  }
  writeFileSync(file, JSON.stringify(copy, undefined, 2));
  writeFileSync(join(folder, "mocked.tftest.json"), JSON.stringify(testFile(copy, variables), undefined, 2));
}

/**
 * @param output what `terraform test -json -verbose` printed
 * @returns the plan
 * @throws Error with the diagnostics when there is no plan
 */
export function planOfTest(output: string): PlanJson {
  const messages = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as TestMessage);
  const errors = messages.flatMap(({ diagnostic }) =>
    diagnostic?.severity === "error" ? [`${diagnostic.summary}: ${diagnostic.detail}`] : [],
  );
  const plan = messages.find(({ test_plan }) => test_plan !== undefined)?.test_plan;
  if (plan === undefined || errors.length > 0) {
    throw new Error(`no plan with mocked providers:\n${errors.join("\n") || output}`);
  }
  return plan;
}

function testFile(stack: Stack, variables: Attributes): unknown {
  const declared = Object.fromEntries(
    Object.entries(variables).filter(([name]) => name in (stack.variable ?? {})),
  );
  const providers = Object.keys(stack.terraform?.required_providers ?? {});
  const mock_provider = Object.fromEntries(
    providers.map((provider) => [
      provider,
      [undefined, ...(stack.provider?.[provider] ?? []).flatMap(({ alias }) => (alias ? [alias] : []))].map(
        (alias) => ({ alias, ...mockData(provider) }),
      ),
    ]),
  );
  // A mock answers alike for every instance, and subnets lie in different zones.
  const override_data = Object.keys(stack.data?.aws_subnet ?? {}).flatMap((name) =>
    ["a", "b", "c"].map((zone, index) => ({
      target: `data.aws_subnet.${name}[${index}]`,
      values: { ...(COMPUTED_BLOCKS.aws_subnet as Attributes), availability_zone: `eu-central-1${zone}` },
    })),
  );
  return { mock_provider, override_data, variables: declared, run: { plan: { command: "plan" } } };
}

function mockData(provider: string): { readonly mock_data?: unknown } {
  const types = Object.entries(COMPUTED_BLOCKS).filter(([type]) => type.startsWith(`${provider}_`));
  if (types.length === 0) return {};
  return { mock_data: Object.fromEntries(types.map(([type, defaults]) => [type, { defaults }])) };
}
