/** The evaluation of IAM policies by the emulator of AWS: whether an identity may do something, not whether its text looks like it. */
import { join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import type { StackJson } from "../terraform/stacks";

/** A request of an identity. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. @default - none */
  readonly conditions?: { readonly [key: string]: string };
}

/**
 * @param interpreter the Python environment `aws`
 * @returns whether the policies permit each request, in their order
 */
export function permitted(
  interpreter: string,
  policies: readonly string[],
  requests: readonly PolicyRequest[],
): boolean[] {
  const script = join(repository, "tools", "python", "evaluate_policies.py");
  const input = JSON.stringify(requests.map((request) => ({ ...request, policies })));
  return (JSON.parse(must(interpreter, [script], { input })) as string[]).map((each) => each === "PERMITTED");
}

/**
 * The inline policies of the roles whose name in the stack begins so, with made-up ARNs: a bucket and a key have the name of their resource.
 *
 * @param role beginning of the resource's name
 */
export function policiesOf({ resource }: StackJson, role: string): string[] {
  return Object.values(resource?.aws_iam_role_policy ?? {})
    .filter((policy) => String(policy.role).startsWith(`\${aws_iam_role.${role}`))
    .map(({ policy }) =>
      String(policy)
        .replace(/\$\{aws_s3_bucket\.([\w-]+)\.arn\}/g, "arn:aws:s3:::$1")
        .replace(/\$\{aws_kms_key\.([\w-]+)\.arn\}/g, "arn:aws:kms:eu-central-1:123456789012:key/$1")
        .replace(/\$\{var\.region\}/g, "eu-central-1")
        .replace(/\$\{data\.aws_partition\.[\w-]+\.dns_suffix\}/g, "amazonaws.com"),
    );
}
