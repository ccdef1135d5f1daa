/**
 * The one list of findings that we accept, each with its reason. A finding that is not here fails the policy tier, and
 * so does an entry that matches nothing any more.
 */

export interface Exception {
  /** The id of the rule or check. */
  readonly id: string;
  /** Matches `<stack>/<address of the resource>`. */
  readonly resource: RegExp;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    id: "CKV2_AWS_57",
    resource: /\/aws_secretsmanager_secret\./,
    reason:
      "Rotation by AWS would change a password that Terraform has to write to the database and to the cluster too: " +
      "passwords change all together, when passwordVersion is raised",
  },
  {
    id: "W3691",
    resource: /\/aws_db_instance\./,
    reason:
      "cfn-lint wants a full version; the RDS API takes a major one and chooses its newest minor version, which our " +
      "engines ask for. Which majors there are is checked against the support dates at synth",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /\/kubernetes_secret_v1\.\w*(DatabaseCa|Setup_Ca)_\w+$/,
    reason:
      "Certificates of authorities are public; in the state Terraform notices when they are changed in the cluster",
  },
];
