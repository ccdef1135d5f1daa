// The split of main and ci is done once, by hand, with GitLab stopped, and not by Terraform. So this is a text, generated from the
// target topology.

import { Construct } from "constructs";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import { portText } from "../../sql/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import {
  CHART_STEPS,
  DOWNTIME,
  EXTRA_DISK_SHARE,
  PACKAGE_STEPS,
  type StepFacts,
} from "./data/decomposition-steps";

/** Installation method of GitLab. */
export enum GitlabInstallation {
  /** Helm chart. */
  CHART = "chart",
  /** Linux package. */
  LINUX_PACKAGE = "linux-package",
}

/** Properties of a `DecompositionRunbook`. */
export interface DecompositionRunbookProps {
  /**
   * Topology after the split: ci in a separate database, `allowSeparateCiDatabase` set.
   *
   * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
   */
  readonly topology: IDatabaseTopology;
  /**
   * Installation method.
   *
   * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
   */
  readonly installation: GitlabInstallation;
  /** Current size of main's database, in GB (10^9 bytes), above 0; known at synth. */
  readonly databaseSizeGB: number;
  /**
   * Namespace of the release (chart). @default "gitlab"
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace?: string;
  /**
   * Name of the release (chart). @default "gitlab"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /**
   * Version of the chart; the same before and after (chart). @default - the newest of the topology's minor version, filled in by the reader
   *
   * @see https://docs.gitlab.com/charts/installation/version_mappings/
   */
  readonly chartVersion?: string;
}

/** A step of the runbook. */
export interface DecompositionStep {
  /** Number of the step, from 1. */
  readonly number: number;
  /** Title. */
  readonly title: string;
  /** Reason and cautions. */
  readonly why: string;
  /** Commands or settings, in this order. */
  readonly commands: string[];
  /** True if GitLab is down during the step. */
  readonly down: boolean;
  /** True if the step can be undone only by a restore from backup. */
  readonly oneWay: boolean;
}

/**
 * Runbook of the migration from one database to separate main and ci databases: ordered steps with disk space and downtime. Refused
 * with Geo.
 *
 * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
 *
 * @example
 * const runbook = new DecompositionRunbook(this, "runbook", {
 *   topology,
 *   installation: GitlabInstallation.CHART,
 *   databaseSizeGB: 80,
 * });
 * const text = runbook.markdown;
 */
export class DecompositionRunbook extends Construct {
  /** Steps, in order. */
  public readonly steps: DecompositionStep[];
  /** Free disk space needed on the database server of main, in GB. */
  public readonly serverDiskGB: number;
  /** Free disk space needed on the machine that copies, in GB; an upper limit, since the size of ci's tables is unknown. */
  public readonly workDiskGB: number;
  /** Minimum expected downtime, in minutes. */
  public readonly downtimeMinutesMin: number;
  /** Maximum expected downtime, in minutes. */
  public readonly downtimeMinutesMax: number;
  /** Limitations to know before the start. */
  public readonly warnings: string[];
  private readonly props: DecompositionRunbookProps;

  public constructor(scope: Construct, id: string, props: DecompositionRunbookProps) {
    super(scope, id);
    requireProps(this.node.path, "GITLAB", props, {
      topology: true,
      installation: true,
      databaseSizeGB: true,
    });
    this.props = props;
    const { topology, databaseSizeGB } = props;
    const ci = topology.ci;
    this.check(ci);
    const facts = props.installation === GitlabInstallation.CHART ? CHART_STEPS : PACKAGE_STEPS;
    this.steps = facts.map((step, index) => this.step(step, index + 1, ci));
    const extra = Math.ceil(databaseSizeGB * EXTRA_DISK_SHARE);
    this.serverDiskGB = extra;
    this.workDiskGB = extra;
    const { smallGB, smallMinutes, perHundredGB } = DOWNTIME;
    const small = databaseSizeGB < smallGB;
    const hundreds = Math.max(1, databaseSizeGB / 100);
    this.downtimeMinutesMin = small ? smallMinutes : Math.ceil(hundreds * perHundredGB.min);
    this.downtimeMinutesMax = small ? smallMinutes : Math.ceil(hundreds * perHundredGB.max);
    this.warnings = [
      "GitLab calls a separate database of ci a beta feature that is not ready for production.",
      "There is no way back to one database.",
      "GitLab Geo does not work with it.",
      "Background migrations have to be finished, or GitLab's command refuses to copy.",
      "Connect past poolers for every step: the addresses here are those of the servers.",
      ...(databaseSizeGB > 100
        ? ["GitLab gives times up to 100 GB; what is said here of more is that pace, not a promise."]
        : []),
    ];
  }

  /** The runbook as Markdown. Addresses that only Terraform knows are expressions in it. */
  public get markdown(): string {
    const { downtimeMinutesMin: min, downtimeMinutesMax: max } = this;
    const time = min === max ? `about ${min} minutes` : `${min} to ${max} minutes`;
    const head = [
      "# Splitting GitLab's database into main and ci",
      "",
      `- Time without GitLab: ${time} for ${this.props.databaseSizeGB} GB.`,
      `- Free disk: ${this.serverDiskGB} GB on the database server, up to ${this.workDiskGB} GB where the copy runs.`,
      ...this.warnings.map((warning) => `- ${warning}`),
    ];
    const steps = this.steps.flatMap((step) => [
      "",
      `## ${step.number}. ${step.title}`,
      "",
      `${step.why}${step.down ? " GitLab is down." : ""}${step.oneWay ? " **There is no way back from here.**" : ""}`,
      ...(step.commands.length > 0 ? ["", "```shell", ...step.commands, "```"] : []),
    ]);
    return `${[...head, ...steps].join("\n")}\n`;
  }

  private step(facts: StepFacts, number: number, ci: TopologyEntry | undefined): DecompositionStep {
    const { topology, namespace = "gitlab", releaseName = "gitlab", chartVersion } = this.props;
    const direct = (ci ?? topology.main).direct;
    const { host, port } = direct.server.endpoint;
    const words: { readonly [name: string]: string } = {
      "@NAMESPACE@": namespace,
      "@RELEASE@": releaseName,
      "@CHART@": chartVersion ?? `${topology.version.chart}.x`,
      "@MAIN_DATABASE@": topology.main.direct.databaseName,
      "@CI_DATABASE@": direct.databaseName,
      "@CI_USER@": direct.owner.username,
      "@CI_HOST@": host,
      "@CI_PORT@": portText(port),
    };
    return {
      number,
      title: facts.title,
      why: facts.why,
      commands: facts.commands.map((text) => text.replace(/@[A-Z_]+@/g, (name) => words[name] ?? name)),
      down: facts.down,
      oneWay: facts.oneWay ?? false,
    };
  }

  /** GitLab's command has one fixed target (lib/gitlab/database/decomposition/migrate.rb). */
  private checkTarget(checks: SynthChecks, { direct, physical }: TopologyEntry): void {
    const { main } = this.props.topology;
    const wanted = `${main.direct.databaseName}_ci`;
    const server = (id: string, name: string) => id.slice(0, id.length - name.length);
    if (direct.databaseName !== wanted) {
      checks.fail("topology.ci", direct.databaseName, `must be ${wanted}, the target of GitLab's command`);
    }
    if (server(physical, direct.databaseName) !== server(main.physical, main.direct.databaseName)) {
      checks.fail(
        "topology.ci.server",
        direct.server.node.path,
        "must be main's server, the target of GitLab's command; move ci to another server afterwards by promoting a replica",
      );
    }
    const users = [direct.owner.username, main.direct.owner.username];
    if (isResolved(users) && users[0] !== users[1]) {
      checks.fail(
        "topology.ci.owner",
        direct.owner.username,
        "must be main's owner, as whom GitLab's command copies",
      );
    }
  }

  private check(ci: TopologyEntry | undefined): void {
    const checks = new SynthChecks(this, "GITLAB");
    const { topology, databaseSizeGB, namespace, releaseName, chartVersion } = this.props;
    if (topology.geoSites) {
      checks.fail(
        "topology.geoSites",
        true,
        "must be false, since GitLab does not support separate main and ci databases with Geo (epic 8631)",
      );
    }
    if (ci?.databaseTasks !== true) {
      checks.fail(
        "topology.ci",
        ci?.direct.databaseName,
        "must be a separate database in the target topology",
        "topology.ci.shared",
      );
    }
    if (ci?.databaseTasks === true) this.checkTarget(checks, ci);
    if (topology.sec) {
      checks.fail(
        "topology.sec",
        "sec",
        "must not be set, since GitLab documents the migration for ci only; leave sec in main's database",
      );
    }
    if (!isResolved(databaseSizeGB) || !(databaseSizeGB > 0 && databaseSizeGB < 1e6)) {
      checks.fail("databaseSizeGB", databaseSizeGB, "must be a number of GB above 0, known at synth");
    }
    const name = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
    checks.matches("namespace", namespace, name, "must be the name of a namespace");
    checks.matches("releaseName", releaseName, name, "must be the name of a Helm release");
    checks.matches(
      "chartVersion",
      chartVersion,
      /^v?\d+\.\d+\.\d+$/,
      "must be an exact version, such as 9.5.2",
    );
  }
}
