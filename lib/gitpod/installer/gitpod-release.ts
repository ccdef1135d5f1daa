import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { requireProps, SynthChecks } from "../../database/private";
import { HelmRelease, type HelmValues } from "../../kubernetes";
import { mergeValues } from "../../kubernetes/private";
import type { GitpodInstallerConfig } from "./gitpod-installer-config";

/** Properties of a `GitpodRelease`. */
export interface GitpodReleaseProps {
  /**
   * Configuration of the installer.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#config
   */
  readonly config: GitpodInstallerConfig;
  /**
   * Name of the chart in the repository, or URL of an OCI chart. Gitpod publishes no chart: use your own with the output of `installer render`, or one that runs the installer.
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly chart: string;
  /**
   * Exact version of the chart.
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly chartVersion: string;
  /**
   * URL of the chart repository. @default - none; `chart` is a URL
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly repository?: string;
  /**
   * Dotted path in the chart's values for the configuration as a map, such as `gitpod.config`. @default - none
   *
   * @see https://helm.sh/docs/chart_template_guide/values_files/
   */
  readonly configPath?: string;
  /**
   * Dotted path in the chart's values for the name of the config map. @default - none
   *
   * @see https://helm.sh/docs/chart_template_guide/values_files/
   */
  readonly configMapPath?: string;
  /**
   * Dotted path in the chart's values for a checksum of the configuration and its secrets, for a pod annotation. @default - none
   *
   * @see https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments
   */
  readonly checksumPath?: string;
  /**
   * Values of the chart. They must not contain secrets, only names of secrets. @default - none
   *
   * @see https://helm.sh/docs/chart_template_guide/values_files/
   */
  readonly values?: HelmValues;
  /**
   * Name of the Helm release. @default "gitpod"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /**
   * Timeout of the Helm release, in seconds, 900 or more. @default 3600 - like Gitpod's installation, which waits for a certificate
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /** Helm provider. @default - the default provider of the stack */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, in addition to those of the configuration. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Gitpod as a Helm release of your own chart. It depends on the database, the secrets, the store and the registry.
 *
 * @see https://helm.sh/docs/
 *
 * @example
 * new GitpodRelease(this, "gitpod", {
 *   config,
 *   chart: "oci://registry.example.com/charts/gitpod",
 *   chartVersion: "2022.11.3",
 *   configPath: "installer.config",
 * });
 */
export class GitpodRelease extends Construct {
  /** Helm release. */
  public readonly release: HelmRelease;
  /** Resources that must exist before Gitpod is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD", props, { config: true, chart: true, chartVersion: true });
    const { config } = props;
    const checks = new SynthChecks(this, "GITPOD");
    const paths = [props.configPath, props.configMapPath, props.checksumPath];
    for (const [index, property] of ["configPath", "configMapPath", "checksumPath"].entries()) {
      checks.matches(
        property,
        paths[index],
        /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
        "must be keys separated by dots, such as gitpod.config",
      );
    }
    const given = paths.filter((path) => path !== undefined);
    if (given.length === 0) {
      checks.warn(
        "configPath: the chart does not get the configuration; set configPath or configMapPath if it supports one",
        "configPath",
      );
    }
    for (const path of given) {
      if (given.some((other) => other !== path && `${other}.`.startsWith(`${path}.`))) {
        checks.fail(
          "configPath",
          paths,
          "must not be a prefix or suffix path of configMapPath or checksumPath",
          "configPath.nested",
        );
      }
    }
    this.release = new HelmRelease(this, "Release", {
      chart: props.chart,
      repository: props.repository,
      chartVersion: props.chartVersion,
      namespace: config.namespace,
      // The namespace already contains the secrets.
      createNamespace: false,
      releaseName: props.releaseName ?? "gitpod",
      values: props.values,
      required: mergeValues(
        at(props.configPath, config.document),
        at(props.configMapPath, config.configMapName),
        at(props.checksumPath, config.fingerprint),
      ),
      timeoutSeconds: props.timeoutSeconds ?? 3600,
      helmProvider: props.helmProvider,
      kubernetesProvider: props.kubernetesProvider,
      dependsOn: [...config.dependables, ...(props.dependsOn ?? [])],
    });
    this.dependables = this.release.dependables;
  }
}

function at(path: string | undefined, value: unknown): HelmValues {
  if (path === undefined) return {};
  return path
    .split(".")
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as HelmValues;
}
