// Backups that the reference architectures have on each cloud: Velero, dumps of the databases, and the rehearsal of their restore.

import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  DeletionPolicy,
  EngineFamily,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  type Protection,
  type SecretValue,
} from "../../lib/database";
import { claimOnce, directDatabase, readCron, SynthChecks } from "../../lib/database/private";
import { KubernetesNamespace, PodSecurity } from "../../lib/kubernetes";
import {
  LogicalBackup,
  type PlannedProtection,
  type PlannedRehearsal,
  type RehearsalCheck,
  RestoreRehearsal,
  Velero,
} from "../../lib/recovery";
import type { IObjectStore } from "../../lib/storage";
import type { StackProtections, StackRecoveryProps } from "./recovery";

/** A Kubernetes service account. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly serviceAccountName: string;
}

/** Database server whose own backups are rehearsed. */
export interface RehearsedServer {
  readonly server: IDatabaseServer;
  /** Item of the inventory. */
  readonly data: string;
  readonly databases: IDatabase[];
  /** Checks of the restored databases. */
  readonly checks: RehearsalCheck[];
}

/** Stores, identities and secrets that a cloud gives the backups of a stack. */
export interface BackupCloud {
  /** Identifies the cluster within the program, such as its region and name; may hold tokens. */
  readonly cluster: readonly string[];
  /** True if `store` can lock the objects. */
  readonly canLock?: boolean;
  /** Creates an object store that is kept, with versions of its objects, which are locked for `lockDays`. */
  store(scope: Construct, id: string, lockDays?: number): IObjectStore;
  /** Creates an identity without rights. */
  identity(scope: Construct, id: string, account: ServiceAccountName): IWorkloadIdentity;
  /** Creates a password that is kept in the cloud's secret store. Not set where the provider cannot read it back. */
  readonly password?: (scope: Construct, id: string) => SecretValue;
  /**
   * Rehearses the restore of the servers' own backups by the cloud. Construct ids are those of the servers. @default - not rehearsed; the
   * rehearsals of dumps are
   */
  readonly rehearseServers?: (
    scope: Construct,
    servers: readonly RehearsedServer[],
    namespace: string,
  ) => StackProtections;
  /** Extensions that only the managed service has. @default - none */
  readonly ignoredExtensions?: string[];
}

/** Databases that are dumped together: those of one owner on one server. */
export interface DumpedDatabases {
  /** Name of the backup after that of the application. It is part of construct ids and must not change. */
  readonly name: string;
  /** Item of the inventory. */
  readonly data: string;
  readonly databases: IDatabase[];
  /** Checks of the restored databases. */
  readonly checks: RehearsalCheck[];
  /** Data of the server that is not dumped, with the reason. @default - none */
  readonly limits?: string[];
}

/** @returns the greatest age in hours of the newest row in a dump: twice the gap of its schedule, and at least `least`. */
export function newestRowHours(recovery: StackRecoveryProps | undefined, least: number): number {
  const schedule = readCron(recovery?.logicalBackup?.schedule ?? "0 2 * * *");
  // A wrong schedule is reported by the dump.
  return typeof schedule === "string" ? least : Math.max(least, (2 * schedule.longestGapMinutes) / 60);
}

/** Days for which a new store is locked; undefined without a lock. */
function lockDays({ recovery, cloud }: StackBackupsProps, days: number | undefined): number | undefined {
  return recovery?.lockBackups && cloud.canLock ? Math.max(1, days ?? 1) : undefined;
}

/** Days back that the dumps reach; undefined for a wrong schedule, which the dump reports. */
function dumpRetentionDays({ logicalBackup }: StackRecoveryProps = {}): number | undefined {
  const { schedule = "0 2 * * *", keep = 14 } = logicalBackup ?? {};
  const cron = readCron(schedule);
  return typeof cron === "string" ? undefined : Math.floor(((keep - 1) * cron.longestGapMinutes) / 1440);
}

function withLimits(protection: Protection, limits: readonly string[] = []): Protection {
  return { ...protection, limits: [...(protection.limits ?? []), ...limits] };
}

/** Servers of the dumped databases, each once. Those of one server are of one item. */
function serversOf(dumps: readonly DumpedDatabases[]): RehearsedServer[] {
  const found: RehearsedServer[] = [];
  for (const { data, databases, checks } of dumps) {
    const { server } = directDatabase(databases[0] as IDatabase);
    const same = found.find((each) => each.server === server);
    if (same) {
      same.databases.push(...databases);
      same.checks.push(...checks);
    } else {
      found.push({ server, data, databases: [...databases], checks: [...checks] });
    }
  }
  return found;
}

/** The parts of a stack that are backed up. */
export interface StackBackupsProps {
  /** Name of the application: `coder`. It is part of construct ids and must not change. */
  readonly application: string;
  /** Namespace of the application, which exists; the prefix of the namespaces of the backups. */
  readonly namespace: string;
  /** Items of the inventory that are in the namespace. */
  readonly data: readonly string[];
  /** True if Velero backs up all volumes of pods in the namespace; false for those that an annotation names. */
  readonly volumes: boolean;
  readonly dumps: readonly DumpedDatabases[];
  readonly cloud: BackupCloud;
  readonly recovery: StackRecoveryProps | undefined;
  /** True if the stack's resources are destroyed with it. */
  readonly disposable: boolean;
  /** Resources of the namespace. */
  readonly inNamespace: ITerraformDependable[];
  /** Resources that create the databases and their owners. */
  readonly databaseSetup?: ITerraformDependable[];
}

/** Velero, dumps and rehearsals of a stack. */
export class StackBackups extends Construct {
  /** Velero; not set if `velero.disabledBecause` is. */
  public readonly velero?: Velero;
  /** Dumps of the databases, one for each owner on each server; empty if `logicalBackup.disabledBecause` is set. */
  public readonly logicalBackups: LogicalBackup[] = [];
  /** Rehearsals of the dumps; empty if `rehearsal.disabledBecause` is set. */
  public readonly rehearsals: RestoreRehearsal[] = [];
  /** Mechanisms of protection by item of the inventory. */
  public readonly protections: readonly PlannedProtection[];
  /** Rehearsals by item of the inventory. */
  public readonly plannedRehearsals: readonly PlannedRehearsal[];

  public constructor(scope: Construct, id: string, props: StackBackupsProps) {
    super(scope, id);
    const { velero, logicalBackup, rehearsal } = props.recovery ?? {};
    const checks = new SynthChecks(this, "RECOVERY");
    this.checkCluster(checks, props);
    this.checkLock(checks, props);
    const disabled = (property: string, reason: string | undefined) => {
      checks.matches(
        `recovery.${property}.disabledBecause`,
        reason,
        /\S/,
        "must be the reason, in words; leave it out to have the backup",
      );
      return reason !== undefined;
    };
    if (disabled("velero", velero?.disabledBecause)) {
      checks.optOut(
        `velero: no Velero backs up the objects and volumes of the namespace: ${velero?.disabledBecause}`,
      );
    } else {
      this.velero = this.install(checks, props);
    }
    if (disabled("logicalBackup", logicalBackup?.disabledBecause)) {
      checks.optOut(
        `logicalBackup: no dump of the databases is made${props.cloud.rehearseServers ? "" : ", and no restore rehearsed"}: ${logicalBackup?.disabledBecause}`,
      );
    } else {
      this.logicalBackups = this.dump(props);
    }
    if (disabled("rehearsal", rehearsal?.disabledBecause)) {
      const restored = props.cloud.rehearseServers ? "dumps" : "databases";
      checks.optOut(`rehearsal: no restore of the ${restored} is rehearsed: ${rehearsal?.disabledBecause}`);
    } else {
      this.rehearsals = this.logicalBackups.map((backup, i) => this.rehearse(props, backup, i));
    }
    const ofServers = props.cloud.rehearseServers?.(
      new Construct(this, "server-rehearsal"),
      serversOf(props.dumps),
      `${props.namespace}-server-rehearsal`,
    );
    const namespace = this.velero?.protection(props.application);
    this.protections = [
      ...(namespace ? props.data.map((data) => ({ data, protection: namespace })) : []),
      ...this.logicalBackups.map((backup, i) => ({
        data: props.dumps[i]?.data as string,
        protection: withLimits(backup.protection(), props.dumps[i]?.limits),
      })),
      ...(ofServers?.protections ?? []),
    ];
    this.plannedRehearsals = [
      ...this.rehearsals.map((each, i) => ({
        data: props.dumps[i]?.data as string,
        rehearsal: each.rehearsal(),
      })),
      ...(ofServers?.plannedRehearsals ?? []),
    ];
  }

  /** Two stacks of one application in a cluster would own the same namespaces. */
  private checkCluster(checks: SynthChecks, { namespace, cloud }: StackBackupsProps): void {
    const other = claimOnce(this, "application in a cluster", [...cloud.cluster, namespace], {
      within: this.node.root,
    });
    if (other) {
      checks.fail(
        "namespace",
        namespace,
        `must be of one stack in a cluster, and ${TerraformStack.of(other).node.path} has it there too; use another cluster for one of the two`,
      );
    }
  }

  private checkLock(checks: SynthChecks, { recovery, cloud }: StackBackupsProps): void {
    const { lockBackups, velero, logicalBackup } = recovery ?? {};
    if (lockBackups && !cloud.canLock) {
      checks.fail(
        "recovery.lockBackups",
        lockBackups,
        "must be left out on Google Cloud and Azure, where a lock of the whole store refuses what Velero and the dumps overwrite; versions and soft delete protect the backups",
      );
    }
    const creates = [velero, logicalBackup].some((part) => !part?.disabledBecause && !part?.store);
    if (cloud.canLock && creates && !lockBackups) {
      checks.optOut("recovery.lockBackups: the versions of backups can be deleted before the backups expire");
    }
  }

  private install(checks: SynthChecks, props: StackBackupsProps): Velero | undefined {
    const { application, cloud, disposable } = props;
    const { velero = {} } = props.recovery ?? {};
    const password = velero.repositoryPassword ?? cloud.password?.(this, "velero-password");
    if (password === undefined) {
      checks.fail(
        "recovery.velero.repositoryPassword",
        undefined,
        "must be set on Google Cloud, whose provider reads no secret without writing it to the state; pass a value of Secret Manager as an ephemeral variable, or set recovery.velero.disabledBecause",
      );
      return undefined;
    }
    // Each application has its Velero, so that several stacks fit into a cluster, and so that each has access to one namespace. A server
    // looks at the objects of its namespace only ("use a different namespace for each velero instance", vmware-tanzu/velero#4304; in #3117
    // a maintainer did not call it supported). Tried with two servers in velero-restore.test.ts.
    const namespace = `${props.namespace}-velero`;
    const store =
      velero.store ??
      cloud.store(this, "velero-store", lockDays(props, velero.retentionDays ?? Velero.RETENTION_DAYS));
    return new Velero(this, "velero", {
      store,
      prefix: "velero",
      identity: cloud.identity(this, "velero-identity", {
        namespace,
        serviceAccountName: Velero.SERVICE_ACCOUNT,
      }),
      repositoryPassword: password,
      repositoryKey: {
        name: "password of Velero's repositories",
        location: password.protections?.[0]?.location ?? "the secret store from which the program reads it",
      },
      schedules: {
        [application]: {
          cron: velero.schedule ?? "0 1 * * *",
          namespaces: [props.namespace, ...(velero.namespaces ?? [])],
          retentionDays: velero.retentionDays,
          volumes: props.volumes,
          excludedResources: ["events", "events.events.k8s.io"],
        },
      },
      restoreOnly: velero.restoreOnly,
      namespace,
      namespaceDeletionPolicy: disposable ? DeletionPolicy.DELETE : undefined,
      acceptLostBackups: disposable,
      releaseName: namespace,
      upgradeCRDs: velero.upgradeCRDs,
      values: velero.values,
      dependsOn: props.inNamespace,
    });
  }

  private dump(props: StackBackupsProps): LogicalBackup[] {
    const { application, cloud } = props;
    const { logicalBackup = {} } = props.recovery ?? {};
    // A separate namespace: a pod in that of the application could mount the login and reach the dumps.
    const namespace = new KubernetesNamespace(this, "dumps-namespace", {
      namespaceName: `${props.namespace}-backups`,
      podSecurity: PodSecurity.RESTRICTED,
      // Jobs and their settings only, which the next run recreates.
      deletionPolicy: DeletionPolicy.DELETE,
      disposable: true,
    });
    const store =
      logicalBackup.store ??
      cloud.store(this, "dumps-store", lockDays(props, dumpRetentionDays(props.recovery)));
    return props.dumps.map(({ name, databases }) => {
      const backupName = `${application}-${name}`;
      return new LogicalBackup(this, `dumps-${name}`, {
        databases,
        store,
        identity: cloud.identity(this, `dumps-identity-${name}`, {
          namespace: namespace.namespaceName,
          serviceAccountName: backupName,
        }),
        backupName,
        schedule: logicalBackup.schedule,
        keep: logicalBackup.keep,
        databaseSizeGiB: logicalBackup.databaseSizeGiB,
        nodeSelector: logicalBackup.nodeSelector,
        dependsOn: [...namespace.dependables, ...(props.databaseSetup ?? [])],
      });
    });
  }

  private rehearse(props: StackBackupsProps, backup: LogicalBackup, index: number): RestoreRehearsal {
    const { name, checks } = props.dumps[index] as DumpedDatabases;
    const { rehearsal = {} } = props.recovery ?? {};
    return new RestoreRehearsal(this, `rehearsal-${name}`, {
      backup,
      checks,
      schedule: rehearsal.schedule,
      storageClassName: rehearsal.storageClassName,
      ignoredExtensions:
        backup.databases[0]?.server.engine.family === EngineFamily.POSTGRES
          ? props.cloud.ignoredExtensions
          : undefined,
    });
  }
}
