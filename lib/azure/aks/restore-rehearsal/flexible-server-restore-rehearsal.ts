import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IRehearsalCheck, ScheduledRehearsal } from "../../../database";
import {
  isResolved,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../../database/private";
import { type ApplicationMetrics, DatabaseSecret, type IMonitoredApplication } from "../../../kubernetes";
import { checkFiles, checkSecrets, watchMetrics } from "../../../kubernetes/private";
import type { IFlexibleServer } from "../../flexible-server/flexible-server";
import { AUTOMATED_BACKUPS } from "../../flexible-server/server-protection";
import type { IAzureWorkloadIdentity } from "../../identity/aks-workload-identity";
import type { IFlexibleServerNetwork } from "../../network/flexible-server-network";
import { checkTags } from "../../private/resource-checks";
import { SERVER_API, type ServerApi } from "./data/rehearsal-facts";
import { rehearsalContainers, USER_IDS } from "./rehearsal-containers";
import { rehearsalPod } from "./rehearsal-pods";
import { RehearsalRights } from "./rehearsal-rights";
import { checkRehearsal, portOf } from "./rehearsal-rules";
import { AZURE_SCRIPT, AZURE_WATCH_SCRIPT } from "./scripts/azure-script";
import { REHEARSE_SCRIPT, SUPERVISOR_SCRIPT } from "./scripts/copy-script";

const DEFAULT_SCHEDULE = "30 5 * * 0";

/** Properties of a `FlexibleServerRestoreRehearsal`. */
export interface FlexibleServerRestoreRehearsalProps {
  /** Server whose automated backups are restored; not a read replica. PostgreSQL needs password authentication. */
  readonly server: IFlexibleServer;
  /**
   * Network of the copies, of the same kind as that of the server and in its region. Give them a subnet without other members, to which
   * only the cluster's pods may connect.
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   */
  readonly network: IFlexibleServerNetwork;
  /** Identity of the jobs, with no other rights. The jobs run in its namespace, which must exist, with its service account, which the construct creates. */
  readonly identity: IAzureWorkloadIdentity;
  /** Checks of the restored data in databases of the server, at least one, such as `RehearsalCheck` of the room `recovery`. */
  readonly checks: IRehearsalCheck[];
  /**
   * Name of the rehearsal, the prefix of its jobs and of the copies: 2 to 36 lower-case letters, digits and single hyphens. Names of servers are
   * unique in Azure. @default - derived from the construct path
   */
  readonly rehearsalName?: string;
  /**
   * Name of the resource group of the copies, which is created; never that of the server.
   * @default - the name of the rehearsal
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Cron expression of five fields, or `@weekly` and the like, as Kubernetes reads them. @default "30 5 * * 0"
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;
  /** Time zone of the schedule, such as `Europe/Berlin`. @default "Etc/UTC" */
  readonly timeZone?: string;
  /** Age of the point in time that is restored, in minutes, 1 to 10080. @default 10 */
  readonly restorePointMinutes?: number;
  /**
   * Days without a success after which the watch fails, so that monitoring reports a failed Job.
   * @default - twice the longest gap of the schedule
   */
  readonly alertAfterDays?: number;
  /** Deadline of a rehearsal (`activeDeadlineSeconds`) in minutes, 60 to 2880. @default 720 */
  readonly deadlineMinutes?: number;
  /** Image with a shell and psql or the mysql client, by exact tag or digest. @default - Docker official image `postgres`, psql 17, or `mysql`, 8.4 */
  readonly clientImage?: string;
  /** Image with a shell, curl and jq, by exact tag or digest. @default - `mcr.microsoft.com/azure-cli` */
  readonly azureCliImage?: string;
  /** Node selector of the pods. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
  /** Further labels of the Kubernetes objects. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Tags of the resource group. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the only Kubernetes provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** The azurerm provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the jobs, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Scheduled restore rehearsal of a flexible server's automated backups: restores the server to a point in time, into a new server with a
 * dated name in a resource group for rehearsals, checks the data with SQL, measures RPO and RTO, deletes the copy, and writes the result to
 * the log and to tags of the group (`rehearsal-passed`, `rehearsal-measured-rto-seconds`, ...). A copy that a killed rehearsal has left is deleted
 * by the next one. A watch fails when none has passed for `alertAfterDays`: alert on failed Jobs of the namespace.
 *
 * The rehearsal never reaches the source. Its identity may read the source, and may write and delete in the group of the copies only; the
 * program refuses everything else too. The pod has no login of the source: it sets a new password on the copy. The copy has no public access
 * and no firewall rule; with a private endpoint it is in no DNS zone. It has the passwords of the source's applications, so that a client in the
 * network that learns its address could connect.
 *
 * A copy has the compute size and storage of the source, without standby and geo-redundant backups, and costs as much for some hours. A
 * MySQL server with a private endpoint is connected to by address, so that its certificate is checked without its host name. Terraform needs
 * `Microsoft.Authorization/roleDefinitions/write`.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
 *
 * @example
 * new FlexibleServerRestoreRehearsal(this, "rehearsal", {
 *   server,
 *   network: rehearsalNetwork,
 *   identity,
 *   checks: [RehearsalCheck.newestRow(database, "SELECT extract(epoch FROM max(created_at)) FROM audit_logs", 1)],
 * });
 */
export class FlexibleServerRestoreRehearsal extends Construct implements IMonitoredApplication {
  /** CronJob of the rehearsal. */
  public readonly resource: CronJobV1;
  /** CronJob that fails when no rehearsal has passed for too long. */
  public readonly watch: CronJobV1;
  /** Resource group of the copies; its tags have the result of the last rehearsal. */
  public readonly resourceGroup: ResourceGroup;
  /** NetworkPolicy of the rehearsal's pods. */
  public readonly networkPolicy: NetworkPolicyV1;
  /** Service account of the pods. */
  public readonly serviceAccount: ServiceAccountV1;
  /** Secret of the keys that checks use; not set if there are none. */
  public readonly secret?: DatabaseSecret;
  /** Name of the rehearsal; a copy has `-rehearsal-` and the time behind it. */
  public readonly rehearsalName: string;
  private readonly props: FlexibleServerRestoreRehearsalProps;
  private readonly gapMinutes?: number;

  public constructor(scope: Construct, id: string, props: FlexibleServerRestoreRehearsalProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-REHEARSAL", props, {
      server: true,
      network: true,
      identity: true,
      checks: true,
    });
    this.props = props;
    const { server, network, identity, dependsOn = [] } = props;
    const { family } = server.engine;
    const provider = props.provider ?? server.provider;
    const kubernetes = props.kubernetesProvider;
    const api = SERVER_API[family] as ServerApi;
    const checks = new SynthChecks(this, "AZURE-REHEARSAL");
    this.rehearsalName = props.rehearsalName ?? physicalName(this, 36);
    const resourceGroupName = props.resourceGroupName ?? this.rehearsalName;
    const schedule = props.schedule ?? DEFAULT_SCHEDULE;
    const pointMinutes = props.restorePointMinutes ?? 10;
    const deadlineSeconds = (props.deadlineMinutes ?? 720) * 60;
    const placement = network.placement(family);
    const subnetId =
      placement.delegatedSubnetId ?? (network as { readonly subnetId?: string }).subnetId ?? "";
    const facts = { resourceGroupName, schedule, pointMinutes, placement, subnetId };
    const gap = checkRehearsal(checks, props, facts);
    this.gapMinutes = gap;
    checkTags(checks, this, props.tags);

    this.resourceGroup = new ResourceGroup(this, "Group", {
      name: resourceGroupName,
      location: server.location.region as string,
      tags: props.tags,
      lifecycle: {
        // The rehearsal writes its result there.
        ignoreChanges: ["tags"],
        precondition: [server.resourceGroupName, resourceGroupName].every((name) => isResolved(name))
          ? undefined
          : [
              {
                condition: Op.neq(
                  terraformCall("lower", resourceGroupName),
                  terraformCall("lower", server.resourceGroupName),
                ),
                errorMessage: "The resource group of a rehearsal must not be that of its source.",
              },
            ],
      },
      provider,
      dependsOn: props.dependsOn,
    });
    const rights = new RehearsalRights(this, "Rights", {
      roleName: this.rehearsalName,
      principalId: identity.principalId,
      resourceProvider: api.provider,
      source: server,
      group: this.resourceGroup,
      subnetId,
      zoneId: placement.privateDnsZoneId,
      keyIdentityId: keyIdentityOf(server),
      provider,
    });

    const { namespace } = identity;
    const selector = {
      "app.kubernetes.io/name": "restore-rehearsal",
      "app.kubernetes.io/instance": this.rehearsalName,
    };
    const labels = { ...props.labels, ...selector, "app.kubernetes.io/managed-by": "terraform" };
    this.serviceAccount = new ServiceAccountV1(this, "ServiceAccount", {
      metadata: {
        name: identity.serviceAccountName,
        namespace,
        labels,
        annotations: { ...identity.serviceAccountAnnotations },
      },
      automountServiceAccountToken: false,
      provider: kubernetes,
      dependsOn,
    });
    this.networkPolicy = new NetworkPolicyV1(this, "NetworkPolicy", {
      metadata: { name: this.rehearsalName, namespace, labels },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        egress: [
          {
            ports: [
              { port: "53", protocol: "UDP" },
              { port: "53", protocol: "TCP" },
              { port: "443", protocol: "TCP" },
              { port: portOf(family), protocol: "TCP" },
            ],
          },
        ],
      },
      provider: kubernetes,
      dependsOn,
    });
    const entries = checkSecrets(props.checks);
    this.secret =
      entries.length === 0
        ? undefined
        : new DatabaseSecret(this, "Secret", {
            namespace,
            secretName: `${this.rehearsalName}-rehearsal`,
            entries,
            labels,
            provider: kubernetes,
            dependsOn,
          });
    const common = {
      namespace,
      labels,
      podLabels: identity.podLabels,
      serviceAccountName: this.serviceAccount.metadata.name,
      timeZone: props.timeZone ?? "Etc/UTC",
      userId: USER_IDS[family] as number,
      nodeSelector: props.nodeSelector,
      provider: kubernetes,
      dependsOn: [
        ...dependsOn,
        ...identity.dependables,
        ...server.dependables,
        ...placement.dependables,
        ...rights.dependables,
        this.networkPolicy,
        ...(this.secret?.dependables ?? []),
      ],
    };
    const containers = rehearsalContainers({
      ...facts,
      family,
      rehearsalName: this.rehearsalName,
      groupId: this.resourceGroup.id,
      server,
      clientImage: props.clientImage,
      azureCliImage: props.azureCliImage,
      secretName: this.secret?.secretName,
      checkCount: props.checks.length,
      deadlineSeconds,
      watchSeconds: this.maxAgeSeconds(gap),
    });
    this.resource = rehearsalPod(this, "Resource", {
      ...common,
      jobName: `${this.rehearsalName}-rehearsal`,
      schedule,
      deadlineSeconds,
      files: {
        "azure.sh": AZURE_SCRIPT,
        "sql.sh": SUPERVISOR_SCRIPT,
        "rehearse.sh": REHEARSE_SCRIPT[family] as string,
        ...checkFiles(props.checks),
      },
      containers: containers.rehearsal,
    });
    this.watch = rehearsalPod(this, "Watch", {
      ...common,
      jobName: `${this.rehearsalName}-rehearsal-watch`,
      schedule: "23 */6 * * *",
      deadlineSeconds: 600,
      files: { "watch.sh": AZURE_WATCH_SCRIPT },
      containers: containers.watch,
    });
  }

  /** Alerts and chart of the last success, for `ApplicationMonitoring`: metrics of kube-state-metrics about the CronJobs. */
  public metrics(): ApplicationMetrics {
    return watchMetrics({
      kind: "RestoreRehearsal",
      title: "Restore rehearsal",
      namespace: this.props.identity.namespace,
      jobName: `${this.rehearsalName}-rehearsal`,
      maxAgeSeconds: this.maxAgeSeconds(this.gapMinutes),
    });
  }

  private maxAgeSeconds(gapMinutes = 10_080): number {
    return Math.ceil((this.props.alertAfterDays ?? (gapMinutes * 2) / 1440) * 86_400);
  }

  /** The rehearsal for a `RecoveryPlan`, with the command that prints its last result. */
  public rehearsal(): ScheduledRehearsal {
    const { identity, schedule, timeZone } = this.props;
    return {
      rehearsedBy: `CronJob ${this.rehearsalName}-rehearsal in the namespace ${identity.namespace}`,
      mechanisms: [AUTOMATED_BACKUPS],
      schedule: schedule ?? DEFAULT_SCHEDULE,
      timeZone: timeZone ?? "Etc/UTC",
      longestGapMinutes: this.gapMinutes,
      proves:
        "A success shows that the server was restored to a point in time into a new one and that its rows pass the checks in SQL.",
      resultCommands: [`az group show --name "${this.resourceGroup.name}" --query tags --output json`],
      permissions: ["Microsoft.Resources/subscriptions/resourceGroups/read"],
      source: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore",
    };
  }
}

/** Identity of the customer-managed key of a server of this program. */
function keyIdentityOf(server: IFlexibleServer): string | undefined {
  const { resource } = server as {
    readonly resource?: {
      readonly customerManagedKeyInput?: { readonly primaryUserAssignedIdentityId?: string };
    };
  };
  return resource?.customerManagedKeyInput?.primaryUserAssignedIdentityId;
}
