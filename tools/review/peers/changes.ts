/** Ten changes that reviewers of the plans of developer platforms meet: a resource before, and what differs after. */

/** Resources by type and name, as in Terraform's JSON. */
export interface Resources {
  readonly [type: string]: { readonly [name: string]: { readonly [argument: string]: unknown } };
}

/** A change of a program. */
export interface ReviewedChange {
  readonly title: string;
  /** What happens, by the vendor: the answer that a reviewer needs. */
  readonly truth: string;
  readonly before: Resources;
  readonly after: Resources;
}

const rds = (own: object): Resources => ({
  aws_db_instance: {
    postgres: {
      identifier: "coder",
      engine: "postgres",
      engine_version: "17.5",
      instance_class: "db.m7g.large",
      allocated_storage: 100,
      storage_type: "gp3",
      storage_encrypted: true,
      backup_retention_period: 14,
      deletion_protection: true,
      final_snapshot_identifier: "coder-final",
      username: "dbadmin",
      password_wo: "not-a-secret",
      password_wo_version: 1,
      ...own,
    },
  },
});

const cloudSql = (enabled: boolean): Resources => ({
  google_sql_database_instance: {
    postgres: {
      name: "coder",
      database_version: "POSTGRES_17",
      region: "europe-west3",
      settings: {
        tier: "db-custom-2-7680",
        backup_configuration: { enabled, point_in_time_recovery_enabled: enabled },
        ip_configuration: {
          ipv4_enabled: !enabled,
          private_network: "projects/p/global/networks/n",
          ssl_mode: "ENCRYPTED_ONLY",
        },
      },
    },
  },
});

const azure = (geo_redundant_backup_enabled: boolean): Resources => ({
  azurerm_postgresql_flexible_server: {
    postgres: {
      name: "coder",
      location: "westeurope",
      resource_group_name: "coder",
      version: "17",
      sku_name: "GP_Standard_D2ds_v5",
      storage_mb: 131072,
      backup_retention_days: 14,
      geo_redundant_backup_enabled,
      administrator_login: "dbadmin",
      administrator_password: "not-a-secret",
      zone: "1",
    },
  },
});

const expiry = (...days: readonly number[]): Resources => ({
  aws_s3_bucket_lifecycle_configuration: {
    artifacts: {
      bucket: "coder-artifacts",
      rule: days.map((each) => ({
        id: `after-${each}-days`,
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: each },
      })),
    },
  },
});

const secret = (data_wo_revision: number): Resources => ({
  kubernetes_secret_v1: {
    database: {
      metadata: { name: "coder-database", namespace: "coder" },
      data_wo: { url: "not-a-secret" },
      data_wo_revision,
    },
  },
  helm_release: {
    coder: {
      name: "coder",
      namespace: "coder",
      chart: "./charts/coder-2.25.1.tgz",
      values: [
        JSON.stringify({
          coder: {
            env: [
              {
                name: "CODER_PG_CONNECTION_URL",
                valueFrom: { secretKeyRef: { name: "coder-database", key: "url" } },
              },
            ],
          },
        }),
      ],
    },
  },
});

const opened = (cidr: string, blocked: boolean): Resources => ({
  aws_vpc_security_group_ingress_rule: {
    database: {
      security_group_id: "sg-1",
      ip_protocol: "tcp",
      from_port: 5432,
      to_port: 5432,
      cidr_ipv4: cidr,
    },
  },
  aws_s3_bucket_public_access_block: {
    artifacts: {
      bucket: "coder-artifacts",
      block_public_acls: true,
      block_public_policy: blocked,
      ignore_public_acls: true,
      restrict_public_buckets: blocked,
    },
  },
});

export const CHANGES: readonly ReviewedChange[] = [
  {
    title: "Bigger instance class (RDS)",
    truth: "Restart in the maintenance window",
    before: rds({}),
    after: rds({ instance_class: "db.m7g.2xlarge" }),
  },
  {
    title: "Backup retention 14 days to 0 (RDS)",
    truth: "All automated backups are deleted",
    before: rds({}),
    after: rds({ backup_retention_period: 0 }),
  },
  {
    title: "Another identifier (RDS)",
    truth: "Reboot, and another endpoint that this apply does not pass on",
    before: rds({}),
    after: rds({ identifier: "coder-production" }),
  },
  {
    title: "gp3 storage 100 to 200 GiB (RDS)",
    truth: "No outage; no further storage change for six hours or longer, never smaller again",
    before: rds({}),
    after: rds({ allocated_storage: 200 }),
  },
  {
    title: "Lifecycle rule of 7 days added (S3)",
    truth: "Objects older than 7 days are deleted",
    before: expiry(365),
    after: expiry(365, 7),
  },
  {
    title: "Encryption key disabled (KMS)",
    truth: "Data encrypted under the key cannot be read; RDS stops the instance",
    before: { aws_kms_key: { database: { description: "database", is_enabled: true } } },
    after: { aws_kms_key: { database: { description: "database", is_enabled: false } } },
  },
  {
    title: "Public address on, backups off (Cloud SQL)",
    truth: "Exposed, and no more backups",
    before: cloudSql(true),
    after: cloudSql(false),
  },
  {
    title: "Geo-redundant backup switched on (Azure PostgreSQL)",
    truth: "Server, databases and backups are deleted; an empty server is created",
    before: azure(false),
    after: azure(true),
  },
  {
    title: "Database password in the Secret, pods unchanged (Kubernetes)",
    truth: "Pods keep the old password until they restart",
    before: secret(1),
    after: secret(2),
  },
  {
    title: "Database port open to the internet, bucket policies may be public (AWS)",
    truth: "Exposed",
    before: opened("10.0.0.0/16", true),
    after: opened("0.0.0.0/0", false),
  },
];
