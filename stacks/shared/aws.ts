// The AWS part of the reference architectures.

import type { Construct } from "constructs";
import {
  AwsBackupPlan,
  AwsBackupVault,
  AwsRestoreTesting,
  DatabaseNetwork,
  type DatabaseNetworkAttributes,
  EncryptionKey,
  GeneratedSecret,
  type IDatabaseNetwork,
  type IEncryptionKey,
  IrsaIdentity,
  type ISecurityGroup,
  PodIdentity,
  RdsServer,
  RdsServerFromPointInTime,
  RdsServerFromSnapshot,
  type RdsServerProps,
  S3Bucket,
} from "../../lib/aws";
import { EksConnection, type EksTokenSource } from "../../lib/aws/eks";
import { DeletionPolicy } from "../../lib/database";
import { SynthChecks } from "../../lib/database/private";
import type { BackupCloud, RehearsedServer } from "./backups";
import type { StackProtections } from "./recovery";
import { restoredServer } from "./restored-servers";

/** Database server of a stack that is restored, with the source of its data (see `RdsServerFromPointInTime`). */
export interface RestoredRdsServer {
  /** Construct id of the server in the stack, such as `postgres`. */
  readonly server: string;
  /** DB instance identifier of a source that exists. @default - another source */
  readonly sourceIdentifier?: string;
  /** Resource ID (`db-...`) of a source that was deleted. @default - another source */
  readonly sourceResourceId?: string;
  /** ARN of automated backups, such as those replicated from another region. @default - another source */
  readonly sourceAutomatedBackupsArn?: string;
  /** Point in time to restore to, in UTC. @default - the latest restorable time */
  readonly restoreTime?: string;
  /** DB snapshot to restore instead of a point in time (see `RdsServerFromSnapshot`). @default - a point in time */
  readonly snapshotIdentifier?: string;
}

/**
 * Backups of the database servers by AWS Backup, and restore testing of them. The region's account has to have RDS enabled in the settings of
 * AWS Backup.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
 */
export interface AwsServerRehearsal {
  /**
   * Schedule of the restores, as AWS writes cron, in UTC. Without one for more than five days CloudWatch cannot watch them.
   * @default "cron(0 6 ? * SUN,WED *)"
   */
  readonly schedule?: string;
  /**
   * Schedule of the backups, as AWS writes cron, in UTC: not in the server's backup or maintenance window, nor in the hour before.
   * @default "cron(0 3 * * ? *)"
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
   */
  readonly backupSchedule?: string;
  /** Retention of the backups in days, 1 to 36500. @default 35 */
  readonly retentionDays?: number;
  /** DB instance class of the copies, such as `db.t4g.large`. @default - the class of the server at the time of the backup */
  readonly instanceClass?: string;
  /** ARN of the SNS topic that is notified of failed tests, and of days without one. @default - `alarmTopicArn` of the stack */
  readonly alarmTopicArn?: string;
}

/** Properties of a reference architecture on AWS. */
export interface AwsStackProps {
  /** AWS region of the cluster and the databases; may be a token. */
  readonly region: string;
  /** Name of the EKS cluster; may be a token. */
  readonly clusterName: string;
  /**
   * Source of the tokens for the cluster. @default EksTokenSource.AWS_CLI
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
   */
  readonly clusterTokenSource?: EksTokenSource;
  /** ARN of the IAM role that `aws eks get-token` assumes; may be a token. @default - none: the credentials of the environment */
  readonly clusterRoleArn?: string;
  /** Private subnets of the cluster's VPC in two or more availability zones; may be tokens. @default - not set; required unless `databaseNetwork` is set */
  readonly subnetIds?: string[];
  /**
   * Security groups of the cluster's nodes (`SecurityGroup.fromSecurityGroupId`), whose pods connect to the databases beside members of the
   * cluster security group. Nodes of terraform-aws-modules/eks, and others whose launch template names security groups, do not have the
   * cluster security group; nodes of EKS Auto Mode and of managed node groups without such a template have it, and need no others (`[]`).
   * @default - not set; required unless `databaseNetwork` is set
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
   */
  readonly nodeSecurityGroups?: ISecurityGroup[];
  /**
   * Further security groups whose members may connect to the databases (`SecurityGroup.fromSecurityGroupId`).
   * @default - the cluster's and its nodes' only
   */
  readonly clients?: ISecurityGroup[];
  /** Existing DB subnet group and security group. @default - a new DB subnet group and security group in the cluster's VPC */
  readonly databaseNetwork?: DatabaseNetworkAttributes;
  /**
   * Database servers that are restored and take the place of the lost ones; keep them as long as the servers exist. The runbook
   * (`RESTORE.md`) says when to set them. @default - none
   */
  readonly restoredServers?: RestoredRdsServer[];
  /**
   * ARN of the cluster's OIDC provider in IAM, by which pods get their IAM roles; may be a token.
   * @default - none: EKS Pod Identity, for which the cluster needs the add-on `eks-pod-identity-agent`
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
   */
  readonly oidcProviderArn?: string;
  /**
   * Backs the database servers up by AWS Backup and restores them on a schedule into copies that AWS deletes, beside the rehearsals of the
   * dumps (`recovery.rehearsal`), which read the rows. `{}` takes all defaults; left out later, it destroys the vault, which fails while it
   * has backups. @default - the backups of RDS are not rehearsed
   */
  readonly serverRehearsal?: AwsServerRehearsal;
  /** ARN of the SNS topic for alarms; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /**
   * KMS key (`EncryptionKey.fromKeyArn`) for storage, secrets and logs of the databases. Snapshots cannot be restored without it, so
   * `DeletionPolicy.SNAPSHOT` requires it. @default - a new key for each server
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * CA certificates that clients trust, as PEM text, for a region whose root certificates the library does not have; may be a token.
   * @default - the root certificates of the region
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly caCertificatesPem?: string;
  /** Allows a major version upgrade when the engine version is raised. Take a snapshot first. @default false */
  readonly allowMajorVersionUpgrade?: boolean;
  /** Applies changes immediately instead of in the maintenance window; some restart the server. @default false */
  readonly applyImmediately?: boolean;
  /**
   * Number that you increment after the database server was restarted with changed settings (see `RdsServer`); until then the
   * connection budget counts what it had before. @default 1
   */
  readonly restartVersion?: number;
  /**
   * Lets two users of each database owner alternate from this `passwordVersion` on, so that a rotation refuses no connection. Set it once: to the
   * present `passwordVersion` of a running stack, to 1 for a new one. @default - one user, whose old password ends with the rotation
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
   */
  readonly alternatingUsersSince?: number;
}

/** Connection to the cluster. */
export function eksConnection(scope: Construct, props: AwsStackProps): EksConnection {
  const { clusterName, clusterTokenSource, clusterRoleArn } = props;
  return new EksConnection(scope, "cluster", {
    clusterName,
    tokenSource: clusterTokenSource,
    roleArn: clusterRoleArn,
  });
}

/**
 * Network of the databases: the existing one, or a new one in the cluster's VPC that admits `clients`, else the cluster and its nodes, and
 * those of the props.
 */
export function awsDatabaseNetwork(
  scope: Construct,
  props: AwsStackProps,
  cluster: EksConnection,
  services?: ISecurityGroup,
): IDatabaseNetwork {
  if (props.databaseNetwork) {
    return DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "network", props.databaseNetwork);
  }
  const { nodeSecurityGroups } = props;
  if (!nodeSecurityGroups && !services) {
    new SynthChecks(scope, "AWS").fail(
      "nodeSecurityGroups",
      nodeSecurityGroups,
      "must be set, since pods on nodes without the cluster security group cannot connect to the database; give the nodes' groups with SecurityGroup.fromSecurityGroupId(...), or [] if the nodes have the cluster security group",
    );
  }
  const clients = services ? [services] : [cluster.securityGroup, ...(nodeSecurityGroups ?? [])];
  return new DatabaseNetwork(scope, "network", {
    vpcId: cluster.vpcId,
    subnetIds: props.subnetIds,
    clients: [...clients, ...(props.clients ?? [])],
  });
}

/** A database server: a new one, or one that is restored in its place. The construct id stays, so passwords and keys do too. */
export function rdsServer(
  scope: Construct,
  id: string,
  serverProps: RdsServerProps,
  { restoredServers }: AwsStackProps,
): RdsServer {
  const restored = restoredServer(scope, "AWS", restoredServers, id);
  if (!restored) return new RdsServer(scope, id, serverProps);
  const { server, snapshotIdentifier, ...source } = restored;
  if (snapshotIdentifier !== undefined) {
    const others = Object.entries(source).filter(([, value]) => value !== undefined);
    for (const [property, value] of others) {
      new SynthChecks(scope, "AWS").fail(
        `restoredServers.${property}`,
        value,
        "must not be set with snapshotIdentifier, which restores a snapshot instead of a point in time",
      );
    }
    return new RdsServerFromSnapshot(scope, server, { ...serverProps, snapshotIdentifier });
  }
  return new RdsServerFromPointInTime(scope, server, {
    ...serverProps,
    ...source,
    useLatestRestorableTime: source.restoreTime === undefined ? true : undefined,
  });
}

/** The properties that apply to each RDS server. */
export function rdsOptions(
  props: AwsStackProps,
): Pick<
  AwsStackProps,
  | "region"
  | "encryptionKey"
  | "caCertificatesPem"
  | "allowMajorVersionUpgrade"
  | "applyImmediately"
  | "restartVersion"
  | "alternatingUsersSince"
> {
  const { region, encryptionKey, caCertificatesPem, restartVersion, alternatingUsersSince } = props;
  const { allowMajorVersionUpgrade, applyImmediately } = props;
  return {
    region,
    encryptionKey,
    caCertificatesPem,
    allowMajorVersionUpgrade,
    applyImmediately,
    restartVersion,
    alternatingUsersSince,
  };
}

/** Stores, identities and secrets of the backups. */
export function awsBackups(
  props: AwsStackProps,
  cluster: EksConnection,
  servers: readonly RdsServer[],
  disposable: boolean,
): BackupCloud {
  const { oidcProviderArn, clusterName, serverRehearsal } = props;
  // One key for all backups, apart from that of the data: the loss of the one key does not take both.
  const key = (scope: Construct) =>
    (scope.node.tryFindChild("key") as EncryptionKey | undefined) ??
    new EncryptionKey(scope, "key", { description: `Backups of ${scope.node.path}`, retain: !disposable });
  return {
    cluster: [props.region, clusterName],
    canLock: true,
    store: (scope, id, lockDays) =>
      new S3Bucket(scope, id, {
        encryptionKey: key(scope),
        lockDays,
        deletionPolicy: disposable ? DeletionPolicy.DELETE : undefined,
      }),
    identity: (scope, id, account) =>
      oidcProviderArn === undefined
        ? new PodIdentity(scope, id, { clusterName, ...account })
        : new IrsaIdentity(scope, id, { oidcProviderArn, oidcIssuerUrl: cluster.oidcIssuerUrl, ...account }),
    rehearseServers: serverRehearsal
      ? (scope, rehearsed) => restoreTesting(scope, serverRehearsal, props, servers, rehearsed, disposable)
      : undefined,
    password: (scope, id) =>
      new GeneratedSecret(scope, id, { encryptionKey: key(scope), protect: !disposable }).value,
  };
}

function restoreTesting(
  scope: Construct,
  rehearsal: AwsServerRehearsal,
  props: AwsStackProps,
  servers: readonly RdsServer[],
  rehearsed: readonly RehearsedServer[],
  disposable: boolean,
): StackProtections {
  const vault = new AwsBackupVault(scope, "vault", {
    deletionPolicy: disposable ? DeletionPolicy.DELETE : undefined,
  });
  const plan = new AwsBackupPlan(scope, "backups", {
    vault,
    servers,
    rules: {
      daily: {
        schedule: rehearsal.backupSchedule ?? "cron(0 3 * * ? *)",
        retentionDays: rehearsal.retentionDays ?? 35,
      },
    },
  });
  const testing = new AwsRestoreTesting(scope, "restores", {
    plan,
    schedule: rehearsal.schedule ?? "cron(0 6 ? * SUN,WED *)",
    instanceClass: rehearsal.instanceClass,
    alarmTopicArn: rehearsal.alarmTopicArn ?? props.alarmTopicArn,
  });
  const items = servers.flatMap((server) => {
    const data = rehearsed.find((each) => each.server === server)?.data;
    return data === undefined ? [] : [{ data, server }];
  });
  return {
    protections: items.flatMap(({ data, server }) =>
      plan.serverProtections(server).map((protection) => ({ data, protection })),
    ),
    plannedRehearsals: items.map(({ data }) => ({ data, rehearsal: testing.rehearsal() })),
  };
}
