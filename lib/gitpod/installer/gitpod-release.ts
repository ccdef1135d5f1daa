import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import { HelmRelease, type HelmValues } from "../../kubernetes";
import { mergeValues } from "../../kubernetes/private";
import type { GitpodInstallerConfig } from "./gitpod-installer-config";

/** Properties of a `GitpodRelease`. */
export interface GitpodReleaseProps {
  /** The configuration of the installer. */
  readonly config: GitpodInstallerConfig;
  /** The chart's name in the repository, or the whole address of an OCI chart. Gitpod publishes none: it is yours, with what `installer render` wrote, or one that runs the installer. */
  readonly chart: string;
  /** The chart's exact version. */
  readonly chartVersion: string;
  /** The chart repository's URL. @default - `chart` says where it is */
  readonly repository?: string;
  /** The dotted path in the chart's values that takes the configuration as a map, such as `gitpod.config`. @default - the chart takes none */
  readonly configPath?: string;
  /** The dotted path in the chart's values that takes the name of the config map. @default - the chart takes none */
  readonly configMapPath?: string;
  /** The dotted path in the chart's values that takes a text which changes with configuration and secrets, for an annotation of pods. @default - the chart takes none */
  readonly checksumPath?: string;
  /** The chart's values. Never secrets: charts get their names. @default - none */
  readonly values?: HelmValues;
  /** The release's name. @default "gitpod" */
  readonly releaseName?: string;
  /** How long Helm waits, in seconds, 900 or more. @default 3600 - as long as Gitpod's own installation waits for a certificate */
  readonly timeoutSeconds?: number;
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, beside what the configuration speaks of. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Gitpod as a release of a chart of yours. It comes after the database, the secrets, the store and the registry.
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
  /** The Helm release. */
  public readonly release: HelmRelease;
  /** What has to exist before anybody uses Gitpod. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodReleaseProps) {
    super(scope, id);
    const { config } = props;
    const checks = new SynthChecks(this);
    const paths = [props.configPath, props.configMapPath, props.checksumPath];
    for (const [index, property] of ["configPath", "configMapPath", "checksumPath"].entries()) {
      checks.matches(
        property,
        paths[index],
        /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
        "allowed are keys with dots between them, such as gitpod.config",
      );
    }
    const given = paths.filter((path) => path !== undefined);
    if (given.length === 0) {
      checks.warn(
        "the chart is not told of the configuration; set configPath or configMapPath where it takes one",
      );
    }
    for (const path of given) {
      if (given.some((other) => other !== path && `${other}.`.startsWith(`${path}.`))) {
        checks.fail(
          "configPath",
          paths,
          "one path lies inside another; take apart what the chart takes apart",
        );
      }
    }
    this.release = new HelmRelease(this, "Release", {
      chart: props.chart,
      repository: props.repository,
      chartVersion: props.chartVersion,
      namespace: config.namespace,
      // The secrets are in it already.
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
