import { Release } from "@cdktf/provider-helm/lib/release";
import {
  DefaultTokenResolver,
  type ITerraformDependable,
  type Precondition,
  StringConcat,
  type TerraformProvider,
  type TerraformResourceLifecycle,
  Tokenization,
} from "cdktf";
import { Construct } from "constructs";
import { gte, major, minor, valid } from "semver";
import type { DeletionPolicy } from "../database";
import { checkUniqueName, isResolved, requireProps, SynthChecks } from "../database/private";
import { conflicts, type HelmValues, mergeValues, valueDocuments } from "./helm-values";
import { KubernetesNamespace, type PodSecurity } from "./kubernetes-namespace";
import { checkLabelName } from "./object-names";
import { secretVariables } from "./secret-variables";

/** Minimum timeout of a release: migrations of a large database take minutes, longer than Helm's default of 300 s. */
export const MIN_TIMEOUT_SECONDS = 900;

const RELEASE_NAME_LENGTH = 53;

/** Properties of a `HelmRelease`. */
export interface HelmReleaseProps {
  /**
   * Chart name in the repository, or the full `oci://` reference without `repository`.
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly chart: string;
  /**
   * URL of the chart repository, `https://` or `oci://`. @default - `chart` is a full reference
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly repository?: string;
  /**
   * Exact chart version; ranges and `latest` are refused.
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly chartVersion: string;
  /**
   * Namespace of the release.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /** Creates the namespace. @default true */
  readonly createNamespace?: boolean;
  /** Deletion policy of the created namespace and all objects in it. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /**
   * Pod Security Standard of the created namespace. @default - the default of the cluster
   *
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurity;
  /**
   * Name of the release. @default - the chart's name
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /** Default values of the construct; `values` override them. @default - none */
  readonly defaults?: HelmValues;
  /**
   * Values of the user. @default - none
   *
   * @see https://helm.sh/docs/chart_template_guide/values_files/
   */
  readonly values?: HelmValues;
  /** Values that the construct requires; other settings of them in `values` are refused. @default - none */
  readonly required?: HelmValues;
  /**
   * Timeout of Helm operations in seconds, 900 or more. @default 900
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /**
   * Rolls back a failed install or upgrade. @default true
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly atomic?: boolean;
  /**
   * Maximum number of revisions that Helm keeps per release, 1 or more. @default 10
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly maxHistory?: number;
  /** Terraform preconditions of install and upgrade. @default - none */
  readonly preconditions?: Precondition[];
  /** Helm provider. @default - the stack's only Helm provider */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider, for the namespace. @default - the stack's only Kubernetes provider */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that the release depends on: Secrets, databases, identities. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Release of a Helm chart with an exact version. Terraform waits for its resources and jobs, and a failed upgrade is rolled back.
 *
 * Values are merged in the order `defaults`, `values`, `required`: maps key by key, lists as a whole. They never hold secret
 * values: charts get the names of Secrets. `set` and `set_wo` are not used: the provider loses write-only values at the next
 * upgrade (hashicorp/terraform-provider-helm#1753).
 *
 * A run that is killed, for example by a time limit of the CI, leaves the release in `pending-upgrade` or `pending-install`, and every
 * later apply fails with "another operation (install/upgrade/rollback) is in progress". `helm history` shows the last deployed
 * revision; `helm rollback <release> <revision> -n <namespace>` returns to it (`helm uninstall` for a first install). The limit of the
 * CI job must exceed twice `timeoutSeconds`, since a failed upgrade is rolled back within a second timeout.
 *
 * @see https://helm.sh/docs/helm/helm_rollback/
 * @see https://helm.sh/docs/helm/helm_upgrade/
 * @see https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release
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
  /** Resource of the release. */
  public readonly resource: Release;
  /** Created namespace; not set without `createNamespace`. */
  public readonly namespace?: KubernetesNamespace;
  /** Name of the release. */
  public readonly releaseName: string;
  /** Merged values of the chart; may hold tokens. */
  public readonly values: HelmValues;
  /** Resources that must exist before the release is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "HELM", props, { chart: true, chartVersion: true, namespace: true });
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
      // A namespace that Helm creates has no labels and no deletion policy.
      createNamespace: false,
      // Removes values that only an earlier revision had.
      resetValues: true,
      provider: props.helmProvider,
      dependsOn: [...(this.namespace?.dependables ?? []), ...(props.dependsOn ?? [])],
    });
    if (props.preconditions?.length) setPreconditions(this.resource, props.preconditions);
    this.dependables = [this.resource];
  }

  private check(props: HelmReleaseProps): void {
    const checks = new SynthChecks(this, "HELM");
    checkChartVersion(checks, "chartVersion", props.chartVersion);
    checkLabelName(checks, "namespace", props.namespace);
    checks.matches(
      "repository",
      props.repository,
      /^(https|oci):\/\/[^\s]+$/,
      "must be a URL that begins with https:// or oci://",
    );
    checks.check(
      "releaseName",
      this.releaseName,
      () =>
        /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(this.releaseName) &&
        this.releaseName.length <= RELEASE_NAME_LENGTH,
      `must be 1 to ${RELEASE_NAME_LENGTH} lower-case letters, digits and hyphens, with no hyphen first or last`,
    );
    checkUniqueName(checks, this, {
      kind: "Helm release",
      place: props.namespace,
      name: this.releaseName,
      property: "releaseName",
      provider: props.helmProvider,
      remedy: "Helm refuses a name that is in use; choose another releaseName or namespace for one of them",
    });
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, MIN_TIMEOUT_SECONDS, 86_400, "seconds");
    checks.wholeNumber("maxHistory", props.maxHistory, 1, 1_000);
    if (props.atomic === false) {
      checks.optOut("atomic: a failed upgrade is not rolled back automatically");
    }
    for (const path of secretVariables(props.values ?? {})) {
      checks.fail(
        `values.${path}`,
        "(not shown)",
        "must not be a secret as plain text, which the output, the state and the release would show; use a reference to a Secret (valueFrom.secretKeyRef)",
        "values.secret",
      );
    }
    for (const path of conflicts(props.values ?? {}, props.required ?? {})) {
      // The application's message names the property to use instead.
      if (SynthChecks.hasReported(this.node.scope, `values.${path}`)) continue;
      checks.fail(
        `values.${path}`,
        "another value",
        "must not be set: the construct sets this value; use its property, or leave the value out",
        "values.required",
      );
    }
  }
}

/** Reports a chart version that is not exact: a range or `latest` would upgrade without a change of the program. */
export function checkChartVersion(checks: SynthChecks, property: string, version: string): void {
  checks.check(
    property,
    version,
    () => exact(version) !== undefined,
    "must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program; take one from `helm search repo --versions` or the releases page of the chart",
  );
}

/**
 * Reports a property that the chart, or the program in it, supports only since a later version.
 *
 * @param property the property's name as the user writes it.
 * @param value the value; nothing is reported when it is not set.
 * @param version the chart version; nothing is reported for a token or an invalid version.
 * @param since the first version with the property.
 */
export function checkSince(
  checks: SynthChecks,
  property: string,
  value: unknown,
  version: string,
  since: string,
): void {
  if (value === undefined || atLeast(version, since) !== false) return;
  checks.fail(property, value, `must not be set before chart version ${since}; chartVersion is ${version}`);
}

/** True if a chart version is `since` or later; `undefined` for a token or an invalid version. */
export function atLeast(version: string, since: string): boolean | undefined {
  const own = isResolved(version) ? exact(version) : undefined;
  return own === undefined ? undefined : gte(own, since);
}

/**
 * True if a chart version has a fix; `undefined` for a token or an invalid version.
 *
 * @param version the chart version.
 * @param fixed the first version with the fix in each line that got it, in ascending order; later lines have it.
 */
export function hasFix(version: string, fixed: readonly string[]): boolean | undefined {
  const own = isResolved(version) ? exact(version) : undefined;
  if (own === undefined) return undefined;
  const line = (each: string) => `${major(each)}.${minor(each)}.0`;
  const first = fixed.filter((each) => gte(own, line(each))).at(-1);
  return first !== undefined && gte(own, first);
}

// Helm accepts a leading "v"; semver's valid() also strips "=" and white space, which Helm does not accept.
function exact(version: string): string | undefined {
  return /^v?\d/.test(version) && !/\s/.test(version) ? (valid(version) ?? undefined) : undefined;
}

/**
 * Preconditions of a connection budget render nothing if all numbers are known. Only when the resource is rendered is it certain
 * whether there is a `lifecycle`: consumers may be added after the release.
 */
function setPreconditions(resource: Release, preconditions: Precondition[]): void {
  const options = {
    scope: resource,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  };
  let lifecycle: TerraformResourceLifecycle = { precondition: preconditions };
  Object.defineProperty(resource, "lifecycle", {
    enumerable: true,
    configurable: true,
    set: (value: TerraformResourceLifecycle) => {
      lifecycle = value;
    },
    get: () => {
      if (lifecycle.precondition !== preconditions) return lifecycle;
      return Tokenization.resolve(preconditions, options).length > 0 ? lifecycle : undefined;
    },
  });
}
