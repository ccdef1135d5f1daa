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
    id: "RESOURCE_STAR",
    resource: /\/aws_iam_role_policy\.backups_RolePolicy_\w+$/,
    reason:
      "As in the managed policy of AWS Backup: the actions read, or are limited by the access policies of the vaults and keys that take " +
      "the copies",
  },
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
    resource: /\/kubernetes_deployment_v1\.(pooler|pgbouncer|proxy)_\w+$/,
    reason:
      "The default images are named by their exact tags, since a digest would hide the version and is another one in each " +
      "mirror; PgBouncerImage.of() and the proxy's image take a digest",
  },
  {
    id: "CKV_K8S_15",
    resource: /\/kubernetes_deployment_v1\.(pooler|pgbouncer|proxy)_\w+$/,
    reason:
      "With an exact tag Always pulls nothing newer, and a pod that moves to a node which has the image could not start " +
      "while the registry is away",
  },
  {
    id: "CKV_K8S_26",
    resource: /\/kubernetes_deployment_v1\.(pooler|pgbouncer|proxy)_\w+$/,
    reason: "No port of the host is asked for: checkov takes the plan's empty host_port for one",
  },
  {
    id: "DEVPLATFORMS_SECRET_REFERENCE",
    resource: /\/kubernetes_deployment_v1\.(pooler|pgbouncer)_\w+$/,
    reason:
      "The certificate that clients see is renewed by whoever signs in the cluster, such as cert-manager, and not by " +
      "Terraform; that the pod names no other secret which is not made is checked in kubernetes/pooling.test.ts",
  },
  {
    id: "CKV_K8S_11",
    resource: /\/kubernetes_deployment_v1\.proxy_\w+$/,
    reason:
      "A limit of the processor would slow down every query of every client at once; memory is limited, and what it asks " +
      "of the processor is kept free for it",
  },
  {
    id: "CKV_AWS_40",
    resource: /^gitpod-aws\/aws_iam_user_policy\.(workspaces|images)-user_Policy_\w+$/,
    reason:
      "Gitpod 2022.11 takes a user's key and no role; a group for one user only hides what the user may do, which is one bucket",
  },
  {
    id: "CKV2_AWS_62",
    resource: /\/aws_s3_bucket\./,
    reason: "Nobody listens: an event without a receiver is none. A user may add one by bucketName",
  },
  {
    id: "CKV_AWS_144",
    resource: /^gitpod-aws\/aws_s3_bucket\.images_\w+$/,
    reason:
      "Images are built again from the repositories that they belong to; workspaces cannot be, and have copies",
  },
  {
    id: "CKV_GCP_84",
    resource: /\/google_artifact_registry_repository\./,
    reason: "Images are encrypted with Google's key unless the user has one: encryptionKey",
  },
  {
    id: "CKV_AZURE_164",
    resource: /\/azurerm_container_registry\./,
    reason:
      "Content trust refuses images that are not signed with Docker's retired Notary, and so all that Gitpod pushes",
  },
  {
    id: "CKV_AZURE_166",
    resource: /\/azurerm_container_registry\./,
    reason:
      "Quarantine hides every image until a scanner of the user's releases it; no workspace would start without one",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /\/azurerm_container_registry\./,
    reason:
      "The stand-in makes up an admin_password; Azure gives none while admin_enabled is false, which a unit test holds",
  },
  {
    id: "CKV_AZURE_53",
    resource: /\/azurerm_mysql_flexible_server\./,
    reason:
      "It looks at public_network_access_enabled, which only the provider sets; public_network_access is Disabled",
  },
  {
    id: "CKV_AZURE_33",
    resource: /\/azurerm_storage_account\./,
    reason: "The account has no queues: it holds objects",
  },
  {
    id: "CKV2_AZURE_1",
    resource: /\/azurerm_storage_account\./,
    reason: "The key is Microsoft's unless the user has one: encryptionKey",
  },
  {
    id: "CKV2_AZURE_21",
    resource: /\/azurerm_storage_container\./,
    reason: "It wants the retired storage insights; a diagnostic setting of the user's workspace logs reads",
  },
  {
    id: "CKV2_AZURE_40",
    resource: /^gitpod-azure\/azurerm_storage_account\.workspaces_\w+$/,
    reason:
      "On Azure Gitpod 2022.11 knows account keys only; the stack says so as an opt-out (sharedKeyAccess), and the account is " +
      "reached by its private endpoint alone",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /^gitpod-azure\/azurerm_storage_account\.workspaces_\w+$/,
    reason:
      "The provider keeps an account's keys in the state as soon as they open something, which Gitpod 2022.11 needs: the " +
      "opt-out sharedKeyAccess. Of accounts without it no key is of use",
  },
  {
    id: "CKV_AWS_144",
    resource: /^gitlab-aws\/aws_s3_bucket\./,
    reason:
      "Copies in another region are a choice with a price (S3BucketReplication), and of no use without the databases' copies there",
  },
  {
    id: "CKV_GCP_57",
    resource: /^(gitlab|coder)-google\/google_sql_database_instance\./,
    reason:
      "slowQueryMs logs statements that take longer than a second, with the same default on every cloud; GitLab's Environment Toolkit does the same",
  },
  {
    id: "CKV_GCP_62",
    resource: /^gitlab-google\/google_storage_bucket\./,
    reason: "Access logs go to a bucket of the user's: logBucket",
  },
  {
    id: "CKV_GCP_63",
    resource: /^gitlab-google\/google_storage_bucket\./,
    reason: "The same check again: there is no log, so it does not go to itself",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /^gitlab-azure\/azurerm_storage_account\.object-storage_\w+$/,
    reason:
      "An account's keys open nothing while shared_access_key_enabled is false, which a unit test holds; GitLab's pods have " +
      "an identity",
  },
  {
    id: "CKV_K8S_49",
    resource: /\/kubernetes_(cluster_role|role)_v1\.(protection_)?velero_(ClusterRole|Role-\w+)_\w+$/,
    reason:
      "A restore creates any kind of object in the namespace of the application; cluster-wide Velero lists, as its page on " +
      "restricted permissions says",
  },
  {
    id: "CKV_AWS_144",
    resource: /^((coder|gitpod)-aws\/aws_s3_bucket\.protection_|gitpod-kots-recovery\/)/,
    reason:
      "The data that is backed up is in the same region, and has its copies in another by recovery.velero.store and " +
      "recovery.logicalBackup.store",
  },
  {
    id: "CKV_GCP_62",
    resource: /^(coder|gitpod)-google\/google_storage_bucket\.protection_/,
    reason:
      "Access logs go to a bucket of the user's: recovery.velero.store and recovery.logicalBackup.store",
  },
  {
    id: "CKV_GCP_63",
    resource: /^(coder|gitpod)-google\/google_storage_bucket\.protection_/,
    reason: "The same check again: there is no log, so it does not go to itself",
  },
  {
    id: "DEVPLATFORMS_STORED_SECRET",
    resource: /\/azurerm_storage_account\.protection_storage_\w+$/,
    reason:
      "An account's keys open nothing while shared_access_key_enabled is false, which a unit test holds; the pods of backups " +
      "have identities",
  },
];
