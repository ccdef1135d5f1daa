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
    id: "CKV_GCP_6",
    resource: /\/google_sql_database_instance\./,
    reason:
      "checkov only knows TRUSTED_CLIENT_CERTIFICATE_REQUIRED, for which each client needs a certificate that Google " +
      "signs; ENCRYPTED_ONLY refuses plain connections too, and clients verify the server",
  },
  {
    id: "CKV_GCP_79",
    resource: /\/google_sql_database_instance\./,
    reason:
      "The newest major version is not the one that the applications are released for; support dates are checked",
  },
  {
    id: "CKV_GCP_108",
    resource: /\/google_sql_database_instance\./,
    reason: "log_hostname looks up a name for each new connection, which waits for DNS; addresses are logged",
  },
  {
    id: "CKV2_GCP_13",
    resource: /\/google_sql_database_instance\./,
    reason:
      "log_duration writes a line for each statement; slow ones are logged by log_min_duration_statement",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /\/google_sql_database_instance\./,
    reason:
      "server_ca_cert is marked as a secret by the provider, but is the public certificate of the server's authority",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /\/kubernetes_secret_v1\.[\w-]*(DatabaseCa|_Ca)_\w+$/,
    reason:
      "Certificates of authorities are public; in the state Terraform notices when they are changed in the cluster",
  },
  {
    id: "CKV_K8S_43",
    resource: /\/kubernetes_deployment_v1\.pooler_\w+$/,
    reason:
      "The default images are named by their exact tags, since a digest would hide the version and is another one in each " +
      "mirror; PgBouncerImage.of() takes a digest",
  },
  {
    id: "CKV_K8S_15",
    resource: /\/kubernetes_deployment_v1\.pooler_\w+$/,
    reason:
      "With an exact tag Always pulls nothing newer, and a pooler that moves to a node which has the image could not start " +
      "while the registry is away",
  },
  {
    id: "CKV_K8S_26",
    resource: /\/kubernetes_deployment_v1\.pooler_\w+$/,
    reason: "No port of the host is asked for: checkov takes the plan's empty host_port for one",
  },
  {
    id: "DEVPLATFORMS_SECRET_REFERENCE",
    resource: /\/kubernetes_deployment_v1\.pooler_\w+$/,
    reason:
      "The certificate that clients see is renewed by whoever signs in the cluster, such as cert-manager, and not by " +
      "Terraform; that the pod names no other secret which is not made is checked in kubernetes/pooling.test.ts",
  },
];
