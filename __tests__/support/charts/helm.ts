/** Helm, built from its Go module. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goProgram } from "../../../tools/machine/go-program";
import { must, mustAsync } from "../../../tools/machine/processes";
import type { Unavailable } from "../../../tools/machine/unavailable";
import type { ChartRelease } from "./chart-release";

/** @returns the path of Helm, or why it cannot be built. */
export function helmProgram(): string | Unavailable {
  return goProgram("helm", "helm.sh/helm/v3/cmd/helm");
}

/** What a chart asks a cluster for when it is rendered without one. */
const API_VERSIONS = [
  "networking.k8s.io/v1/Ingress",
  "policy/v1/PodDisruptionBudget",
  "batch/v1",
  "autoscaling/v2",
];
const KUBE_VERSION = "1.34.4";
const UNREACHABLE_SCHEMA = /failing loading "https?:.*(no such host|connection refused|i\/o timeout)/;

/** A chart in a folder or an archive, with the values of a release. */
export class Helm {
  private readonly folder = mkdtempSync(join(tmpdir(), "devplatforms-helm-"));
  private files = 0;

  public constructor(
    private readonly program: string,
    /** The cluster to install on. @default - only rendering works */
    private readonly kubeconfig?: string,
  ) {}

  /**
   * @returns what the chart renders, hooks and notes of tests left out. Values are checked by the schemas of the chart and its sub-charts,
   * unless one of them refers to another host that cannot be reached, as that of OpenBao does.
   */
  public async template(release: ChartRelease, chart: string): Promise<string> {
    const command = [
      "template",
      release.name,
      chart,
      ...["--namespace", release.namespace, "--kube-version", KUBE_VERSION, "--skip-tests"],
      ...API_VERSIONS.flatMap((each) => ["--api-versions", each]),
      ...this.valuesOf(release),
    ];
    try {
      return await mustAsync(this.program, command, { env: this.env() });
    } catch (error) {
      if (!UNREACHABLE_SCHEMA.test(String(error))) throw error;
      return mustAsync(this.program, [...command, "--skip-schema-validation"], { env: this.env() });
    }
  }

  /** Installs or upgrades as the provider does for a `helm_release` of this library. */
  public upgrade(release: ChartRelease, chart: string, seconds: number): Promise<string> {
    return mustAsync(this.program, this.upgradeOf(release, chart, seconds), { env: this.env() });
  }

  /** Begins to upgrade; the caller ends the process. */
  public start(release: ChartRelease, chart: string, seconds: number): ChildProcess {
    return spawn(this.program, this.upgradeOf(release, chart, seconds), { env: this.env(), stdio: "ignore" });
  }

  /** Runs another command of Helm, which has to succeed, while this process goes on. */
  public command(...args: string[]): Promise<string> {
    return mustAsync(this.program, args, { env: this.env() });
  }

  /** Asks Helm for something that it answers at once. */
  public ask(...args: string[]): string {
    return must(this.program, args, { env: this.env() });
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private upgradeOf(release: ChartRelease, chart: string, seconds: number): string[] {
    const { atomic, wait, wait_for_jobs, cleanup_on_fail, max_history, reset_values } = release.options;
    return [
      "upgrade",
      "--install",
      release.name,
      chart,
      ...["--namespace", release.namespace, "--timeout", `${seconds}s`],
      ...(atomic ? ["--atomic"] : []),
      ...(wait ? ["--wait"] : []),
      ...(wait_for_jobs ? ["--wait-for-jobs"] : []),
      ...(cleanup_on_fail ? ["--cleanup-on-fail"] : []),
      ...(reset_values ? ["--reset-values"] : []),
      ...["--history-max", String(max_history)],
      ...this.valuesOf(release),
    ];
  }

  private valuesOf({ values }: ChartRelease): string[] {
    return values.flatMap((text) => {
      this.files += 1;
      const file = join(this.folder, `values-${this.files}.yaml`);
      writeFileSync(file, text);
      return ["--values", file];
    });
  }

  private env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      // Nothing of the user's: repositories, plugins, cached indexes.
      HELM_CACHE_HOME: join(this.folder, "cache"),
      HELM_CONFIG_HOME: join(this.folder, "config"),
      HELM_DATA_HOME: join(this.folder, "data"),
      KUBECONFIG: this.kubeconfig ?? join(this.folder, "no-cluster"),
    };
  }
}
