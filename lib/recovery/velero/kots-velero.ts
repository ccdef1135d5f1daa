import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { gte, valid } from "semver";
import { type Protection, RecoveryScenario } from "../../database";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";
import { KOTS_RULES } from "./data/velero-rbac";
import { KOTS_SUPPORT } from "./data/velero-versions";
import type { Velero } from "./velero";
import { DEFAULT_LOCATION } from "./velero-location";
import { readOnlySteps, writableSteps } from "./velero-protection";

/** Properties of a `KotsVelero`. */
export interface KotsVeleroProps {
  /** Velero that makes KOTS's snapshots. */
  readonly velero: Velero;
  /** Namespace of KOTS, which is that of its application; must exist. */
  readonly kotsNamespace: string;
  /**
   * Version of KOTS, such as `1.130.7`, which decides on the newest Velero.
   *
   * @see https://docs.replicated.com/enterprise/snapshots-velero-cli-installing
   */
  readonly kotsVersion: string;
  /** Resources that must exist first, such as the namespace of KOTS. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

const ROLE = "kotsadm-role";
const BINDING = "kotsadm-rolebinding";
const SERVICE_ACCOUNT = "kotsadm";

/**
 * Access of a KOTS that was installed with minimal RBAC to Velero: the role, its binding and the ConfigMap that
 * `kubectl kots velero ensure-permissions` creates, by the names that KOTS looks for. KOTS's own role allows everything in Velero's
 * namespace; this one allows backups and restores, and no Secret of Velero. Velero itself has the names that KOTS looks for: Deployment
 * `velero`, location `default`, plugins as init containers, labels of its pods.
 *
 * A KOTS with cluster-wide rights needs none of it. Do not use `kubectl kots velero configure-...` or the console's storage settings: the
 * next apply undoes them.
 *
 * @see https://docs.replicated.com/enterprise/snapshots-velero-installing-config
 *
 * @example
 * const kots = new KotsVelero(this, "kots-velero", { velero, kotsNamespace: "gitpod", kotsVersion: "1.130.7" });
 */
export class KotsVelero extends Construct {
  /** Role of KOTS in Velero's namespace. */
  public readonly role: RoleV1;
  /** Binding of the role to the service account of KOTS. */
  public readonly binding: RoleBindingV1;
  /** ConfigMap in the namespace of KOTS that names the namespace of Velero. */
  public readonly configMap: ConfigMapV1;
  /** Resources that must exist before KOTS makes a snapshot. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: KotsVeleroProps;

  public constructor(scope: Construct, id: string, props: KotsVeleroProps) {
    super(scope, id);
    requireProps(this.node.path, "KOTS-VELERO", props, {
      velero: true,
      kotsNamespace: true,
      kotsVersion: true,
    });
    this.props = props;
    const { velero, kotsNamespace, dependsOn } = props;
    const { namespace, kubernetesProvider: provider } = velero;
    this.check();
    const inVelero = velero.createdNamespace?.dependables ?? [];
    // Without the labels of KOTS's own objects: `kubectl kots restore` deletes what has them.
    this.role = new RoleV1(this, "Role", {
      metadata: { name: ROLE, namespace },
      rule: [...KOTS_RULES],
      provider,
      dependsOn: inVelero,
    });
    this.binding = new RoleBindingV1(this, "RoleBinding", {
      metadata: { name: BINDING, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: this.role.metadata.name },
      subject: [{ kind: "ServiceAccount", name: SERVICE_ACCOUNT, namespace: kotsNamespace }],
      provider,
      dependsOn: inVelero,
    });
    this.configMap = new ConfigMapV1(this, "ConfigMap", {
      metadata: { name: "kotsadm-velero-namespace", namespace: kotsNamespace },
      data: { veleroNamespace: namespace },
      provider,
      dependsOn,
    });
    this.dependables = [...velero.dependables, this.role, this.binding, this.configMap];
  }

  /** KOTS's snapshots as a mechanism of protection, for a `RecoveryPlan`. Their schedule and retention are set in the console. */
  public protection(): Protection {
    const { velero, kotsNamespace } = this.props;
    const { store, namespace } = velero;
    return {
      mechanism: "KOTS full snapshots by Velero",
      location: `${store.bucketName}, ${store.region}`,
      region: store.region,
      keys: [velero.repositoryKey],
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_CLUSTER],
          steps: [
            ...readOnlySteps(namespace, DEFAULT_LOCATION, velero.runsNodeAgent),
            {
              title: "Choose the snapshot",
              commands: [`kubectl kots get backups --namespace "${kotsNamespace}"`],
              notes: ["Only full snapshots, named instance-..., restore to a new cluster."],
            },
            {
              title: "Restore the snapshot",
              inputs: [
                {
                  name: "SNAPSHOT",
                  description: "Name of the snapshot, from the list above",
                  example: "instance-abcde",
                },
              ],
              commands: [`kubectl kots restore --from-backup "$SNAPSHOT" --velero-namespace "${namespace}"`],
              notes: [
                "Deletes and restores the console first, then the application. Press Redeploy in the console afterwards: objects without a namespace are deployed anew.",
              ],
              verify: [`kubectl kots get restores --namespace "${kotsNamespace}"`],
            },
            ...writableSteps(namespace, DEFAULT_LOCATION),
          ],
        },
      ],
      limits: ["Schedule and retention are set in the console of KOTS, and are not known to the program."],
      source: "https://docs.replicated.com/enterprise/snapshots-restoring-full",
    };
  }

  private check(): void {
    const { velero, kotsNamespace, kotsVersion } = this.props;
    const checks = new SynthChecks(this, "KOTS-VELERO");
    checkLabelName(checks, "kotsNamespace", kotsNamespace);
    checks.check(
      "kotsNamespace",
      kotsNamespace,
      () => kotsNamespace !== velero.namespace,
      "must not be the namespace of Velero, whose Secrets open the backups",
    );
    checks.check(
      "kotsNamespace",
      kotsNamespace,
      () => velero.backedUpNamespaces.includes(kotsNamespace),
      "must be among the namespaces that Velero may back up; add it to namespaces of the Velero construct",
    );
    if (!isResolved(kotsVersion)) return;
    const known = valid(kotsVersion) ?? undefined;
    const support = known && KOTS_SUPPORT.find(({ since }) => gte(known, since));
    const line = velero.veleroLine;
    if (!support || known === undefined) {
      checks.fail(
        "kotsVersion",
        kotsVersion,
        `must be ${KOTS_SUPPORT.at(-1)?.since} or later; earlier versions support no Velero that this library installs`,
      );
    } else if (line !== undefined && gte(`${line}.0`, `${support.newest}.1000`)) {
      checks.fail(
        "kotsVersion",
        kotsVersion,
        `must be ${KOTS_SUPPORT.find(({ newest }) => !gte(`${line}.0`, `${newest}.1000`))?.since ?? "a version"} or later for Velero ${line}; this one supports Velero up to ${support.newest}`,
      );
    }
  }
}
