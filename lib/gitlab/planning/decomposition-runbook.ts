// Splitting main and ci is done once, by people, with GitLab stopped: no resource of Terraform's. So this is a text, made from the
// topology that is to come out of it.

import { Construct } from "constructs";
import { isResolved, SynthChecks } from "../../database/private";
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

/** How GitLab is installed. */
export enum GitlabInstallation {
  /** With the Helm chart. */
  CHART = "chart",
  /** With the Linux package. */
  LINUX_PACKAGE = "linux-package",
}

/** Properties of a `DecompositionRunbook`. */
export interface DecompositionRunbookProps {
  /** The topology after the split: ci in a database of its own, `allowSeparateCiDatabase` set. */
  readonly topology: IDatabaseTopology;
  /** How GitLab is installed. */
  readonly installation: GitlabInstallation;
  /** The size of main's database now, in GB (10^9 bytes), above 0; known at synth. */
  readonly databaseSizeGB: number;
  /** The release's namespace (chart). @default "gitlab" */
  readonly namespace?: string;
  /** The release's name (chart). @default "gitlab" */
  readonly releaseName?: string;
  /** The chart's version; the same before and after (chart). @default - the newest of the topology's minor, left to the reader */
  readonly chartVersion?: string;
}

/** A step of the runbook. */
export interface DecompositionStep {
  /** Its place, from 1 on. */
  readonly number: number;
  /** What to do. */
  readonly title: string;
  /** Why, and what to look out for. */
  readonly why: string;
  /** What to run or write, in this order. */
  readonly commands: string[];
  /** Whether GitLab does not answer meanwhile. */
  readonly down: boolean;
  /** Whether there is no way back from it but the backup. */
  readonly oneWay: boolean;
}

/**
 * The steps from one database to main and ci, in order, with what they need of disk and time. Refused where Geo is in use.
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
  /** The steps, in order. */
  public readonly steps: DecompositionStep[];
  /** Free disk that the database server of main needs, in GB. */
  public readonly serverDiskGB: number;
  /** Free disk that the machine needs that copies, in GB; at most, since the size of ci's tables is not known beforehand. */
  public readonly workDiskGB: number;
  /** The shortest time without GitLab that is to be expected, in minutes. */
  public readonly downtimeMinutesMin: number;
  /** The longest time without GitLab that is to be expected, in minutes. */
  public readonly downtimeMinutesMax: number;
  /** What to know before beginning. */
  public readonly warnings: string[];
  private readonly props: DecompositionRunbookProps;

  public constructor(scope: Construct, id: string, props: DecompositionRunbookProps) {
    super(scope, id);
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

  /** The runbook as Markdown. Addresses that only Terraform knows are in it as expressions. */
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

  /** GitLab's command knows one place to copy to (lib/gitlab/database/decomposition/migrate.rb). */
  private checkTarget(checks: SynthChecks, { direct, physical }: TopologyEntry): void {
    const { main } = this.props.topology;
    const wanted = `${main.direct.databaseName}_ci`;
    const server = (id: string, name: string) => id.slice(0, id.length - name.length);
    const rule = `GitLab's command copies into ${wanted} on main's server, as main's user`;
    if (direct.databaseName !== wanted) {
      checks.fail("topology.ci", direct.databaseName, `${rule}; give it this name`);
    }
    if (server(physical, direct.databaseName) !== server(main.physical, main.direct.databaseName)) {
      checks.fail(
        "topology.ci.server",
        direct.server.node.path,
        `${rule}; split there first and move ci to another server afterwards, by a replica that is promoted`,
      );
    }
    const users = [direct.owner.username, main.direct.owner.username];
    if (isResolved(users) && users[0] !== users[1]) {
      checks.fail("topology.ci.owner", direct.owner.username, `${rule}; give ci main's owner`);
    }
  }

  private check(ci: TopologyEntry | undefined): void {
    const checks = new SynthChecks(this);
    const { topology, databaseSizeGB, namespace, releaseName, chartVersion } = this.props;
    if (topology.geoSites) {
      checks.fail(
        "topology.geoSites",
        true,
        "GitLab does not support splitting main and ci with Geo (epic 8631)",
      );
    }
    if (ci?.databaseTasks !== true) {
      checks.fail(
        "topology.ci",
        ci?.direct.databaseName,
        "ci is not in a database of its own, so there is nothing to split",
      );
    }
    if (ci?.databaseTasks === true) this.checkTarget(checks, ci);
    if (topology.sec) {
      checks.fail(
        "topology.sec",
        "sec",
        "GitLab documents the way for ci only; leave sec in main's database",
      );
    }
    if (!isResolved(databaseSizeGB) || !(databaseSizeGB > 0 && databaseSizeGB < 1e6)) {
      checks.fail("databaseSizeGB", databaseSizeGB, "allowed is a number of GB above 0, known at synth");
    }
    const name = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
    checks.matches("namespace", namespace, name, "allowed is the name of a namespace");
    checks.matches("releaseName", releaseName, name, "allowed is the name of a Helm release");
    checks.matches(
      "chartVersion",
      chartVersion,
      /^v?\d+\.\d+\.\d+$/,
      "allowed is one exact version, such as 9.5.2",
    );
  }
}
