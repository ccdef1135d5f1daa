/** Made-up values for the Terraform variables of our stacks, in the form that a cloud would give them. */
import { rootCertificates } from "node:tls";
import type { Attributes } from "./plan";
import type { StackJson } from "./stacks";

export const REGION = "eu-central-1";

/** A secret that a user gives: it must be in no plan and no state. */
export const GIVEN_PASSWORD = "GivenByTheUserOfThisTest0123456789";

const VALUES: Attributes = {
  region: REGION,
  access_url: "https://coder.example.com",
  alarm_topic_arn: `arn:aws:sns:${REGION}:123456789012:alarms`,
  cluster_name: "platform",
  coder_database_password: GIVEN_PASSWORD,
  database_ca_certificates: rootCertificates[0],
  subnet_ids: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
};

/**
 * @param own values of this test, which go before the made-up ones
 * @returns a value for each variable of the stack that has no default, and for no other
 */
export function variableValues(stack: StackJson, own: Attributes = {}): Attributes {
  const values: Attributes = {};
  for (const [name, { default: fallback }] of Object.entries(stack.variable ?? {})) {
    if (name in own) {
      values[name] = own[name];
    } else if (fallback === undefined) {
      if (!(name in VALUES)) {
        throw new Error(`the stack asks for the variable ${name}: give it a value in variable-values.ts`);
      }
      values[name] = VALUES[name];
    }
  }
  return values;
}
