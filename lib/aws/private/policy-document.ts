/** One statement of an IAM policy, in IAM's own words. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: { readonly [kind: string]: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: {
    readonly [operator: string]: { readonly [key: string]: string | readonly string[] };
  };
}

/**
 * A policy as JSON with a fixed structure. Tokens inside become Terraform expressions; they stand for ARNs, names and
 * numbers, so nothing in them needs quoting.
 *
 * @internal
 */
export function policyDocument(...statements: PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
