/** One of each construct that exports metrics, with the monitoring of all. */
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CoderRelease } from "../../lib/coder";
import {
  ApplicationMonitoring,
  type ApplicationMonitoringProps,
  type RuleFormat,
} from "../../lib/kubernetes";
import { RehearsalCheck, RestoreRehearsal } from "../../lib/recovery";
import { databaseIn } from "../unit/coder/fixtures";
import { releaseIn } from "../unit/gitlab/release-fixtures";
import { pooler } from "../unit/pooling/fixture";
import { logicalBackup } from "../unit/recovery/recovery-fixture";
import { veleroOnPremises } from "../unit/recovery/velero-fixtures";
import { synthesize } from "./synth";

export function monitoring(
  stack: TerraformStack,
  props: Partial<ApplicationMonitoringProps> = {},
): ApplicationMonitoring {
  // The fixtures name their objects alike, so each has a scope.
  const scope = (id: string) => new Construct(stack, id) as TerraformStack;
  const coders = scope("coders");
  const backups = scope("backups");
  const backup = logicalBackup(backups);
  const [database] = backup.databases;
  if (database === undefined) throw new Error("the backup has no database");
  return new ApplicationMonitoring(stack, "monitoring", {
    namespace: "monitoring",
    applications: [
      new CoderRelease(coders, "coder", {
        database: databaseIn(coders, { server: { maxConnections: 200 } }),
        accessUrl: "https://coder.example.com",
        chartVersion: "2.33.6",
        replicas: 2,
      }),
      pooler(scope("poolers")),
      releaseIn(scope("gitlabs")),
      veleroOnPremises(scope("veleros"), {
        schedules: { daily: { cron: "0 1 * * *", namespaces: ["gitpod"] } },
      }),
      backup,
      new RestoreRehearsal(backups, "rehearsal", {
        backup,
        checks: [
          RehearsalCheck.newestRow(database, "SELECT extract(epoch FROM max(created_at)) FROM users", 48),
        ],
      }),
    ],
    ...props,
  });
}

/** The texts of the objects: the rules of a ConfigMap, or the values of the chart, and the dashboard. */
export function monitoringTexts(ruleFormat?: RuleFormat) {
  const out = synthesize((stack) => void monitoring(stack, { ruleFormat }));
  const maps = out
    .resources("kubernetes_config_map_v1")
    .filter(({ metadata }) => metadata.namespace === "monitoring");
  const of = (name: string) => maps.find(({ metadata }) => metadata.name === name);
  const release = out.resources("helm_release").find(({ namespace }) => namespace === "monitoring");
  return {
    rules: of("test-monitoring-rules")?.data["rules.yaml"] as string | undefined,
    dashboard: of("test-monitoring-dashboard"),
    release,
  };
}
