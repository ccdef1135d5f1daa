import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable, Precondition, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { DeletionPolicy } from "../database";
import { SynthChecks } from "../database/private";
import { checkChartVersion } from "./chart-version";
import { conflicts, type HelmValues, mergeValues, valueDocuments } from "./helm-values";
import { KubernetesNamespace, type PodSecurity } from "./kubernetes-namespace";
import { checkLabelName } from "./object-names";

/** The shortest time for a release: migrations of a large database take minutes, and Helm's own 300 s cut them off. */
export const MIN_TIMEOUT_SECONDS = 900;

const RELEASE_NAME_LENGTH = 53;

/** Properties of a `HelmRelease`. */
export interface HelmReleaseProps {
  /** The chart's name in the repository, or the whole address of an OCI chart without `repository`. */
  readonly chart: string;
  /** The chart repository's URL, `https://` or `oci://`. @default - `chart` says where it is */
  readonly repository?: string;
  /** The chart's exact version; no range and not `latest`. */
  readonly chartVersion: string;
  /** The namespace. */
  readonly namespace: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** What happens to a namespace that is made here, and to all in it, on removal. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** The Pod Security Standard of a namespace that is made here. @default - what the cluster does by itself */
  readonly podSecurity?: PodSecurity;
  /** The release's name. @default - the chart's name */
  readonly releaseName?: string;
  /** Values that the caller prefers; the user's `values` win over them. @default - none */
  readonly defaults?: HelmValues;
  /** The user's own values. @default - none */
  readonly values?: HelmValues;
  /** Values without which the release would not be what it says it is; setting them otherwise in `values` is an error. @default - none */
  readonly required?: HelmValues;
  /** How long Helm waits, in seconds, 900 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** Whether a failed install or upgrade is rolled back. @default true */
  readonly atomic?: boolean;
  /** Revisions that Helm keeps in the cluster, 1 or more. @default 10 */
  readonly maxHistory?: number;
  /** Conditions that Terraform checks before it installs or upgrades. @default - none */
  readonly preconditions?: Precondition[];
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider, for the namespace. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first: secrets, databases, identities. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A release of a Helm chart, pinned, waited for and rolled back when it fails.
 *
 * Values are merged in the order `defaults`, `values`, `required`: maps key by key, lists as a whole. They never hold a
 * secret: charts get the names of secrets. `set` and `set_wo` are not used: the provider loses write-only values at the
 * next upgrade (hashicorp/terraform-provider-helm#1753).
 *
 * @example
 * new HelmRelease(this, "release", {
 *   chart: "coder",
 *   repository: "https://helm.coder.com/v2",
 *   chartVersion: "2.33.6",
 *   namespace: "coder",
 *   values: { coder: { replicaCount: 1 } },
 * });
 */
export class HelmRelease extends Construct {
  /** Terraform's resource. */
  public readonly resource: Release;
  /** The namespace, when it is made here. */
  public readonly namespace?: KubernetesNamespace;
  /** The release's name. */
  public readonly releaseName: string;
  /** The merged values as the chart gets them; may hold tokens. */
  public readonly values: HelmValues;
  /** What has to exist before anybody uses the release. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    this.releaseName = props.releaseName ?? props.chart;
    this.check(props);
    this.values = mergeValues(props.defaults, props.values, props.required);
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: props.namespace,
        deletionPolicy: props.namespaceDeletionPolicy,
        podSecurity: props.podSecurity,
        provider: props.kubernetesProvider,
      });
    }
    this.resource = new Release(this, "Resource", {
      name: this.releaseName,
      namespace: props.namespace,
      chart: props.chart,
      repository: props.repository,
      version: props.chartVersion,
      values: valueDocuments(this.values),
      timeout: props.timeoutSeconds ?? MIN_TIMEOUT_SECONDS,
      atomic: props.atomic ?? true,
      wait: true,
      waitForJobs: true,
      cleanupOnFail: true,
      maxHistory: props.maxHistory ?? 10,
      // A namespace made by Helm would carry no labels, and nobody would know whose it is.
      createNamespace: false,
      // Values that an earlier revision had and this one has not must not linger.
      resetValues: true,
      lifecycle: props.preconditions?.length ? { precondition: props.preconditions } : undefined,
      provider: props.helmProvider,
      dependsOn: [...(this.namespace?.dependables ?? []), ...(props.dependsOn ?? [])],
    });
    this.dependables = [this.resource];
  }

  private check(props: HelmReleaseProps): void {
    const checks = new SynthChecks(this);
    checkChartVersion(checks, "chartVersion", props.chartVersion);
    checkLabelName(checks, "namespace", props.namespace);
    checks.matches(
      "repository",
      props.repository,
      /^(https|oci):\/\/[^\s]+$/,
      "allowed is an address that begins with https:// or oci://",
    );
    checks.check(
      "releaseName",
      this.releaseName,
      () =>
        /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(this.releaseName) &&
        this.releaseName.length <= RELEASE_NAME_LENGTH,
      `allowed are 1 to ${RELEASE_NAME_LENGTH} lower-case letters, digits and hyphens, with no hyphen first or last`,
    );
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, MIN_TIMEOUT_SECONDS, 86_400, "seconds");
    checks.wholeNumber("maxHistory", props.maxHistory, 1, 1_000);
    if (props.atomic === false) {
      checks.optOut("atomic: a failed upgrade stays half-way until somebody rolls it back");
    }
    for (const path of conflicts(props.values ?? {}, props.required ?? {})) {
      checks.fail(
        `values.${path}`,
        "set by the construct as well",
        "this value belongs to the construct; use its property, or leave it out",
      );
    }
  }
}
