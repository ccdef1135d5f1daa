import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RdsAlarms, RdsReadReplica } from "../../../lib/aws";
import { AzureServerAlerts, PostgresReadReplica } from "../../../lib/azure";
import { MONITORING_SECTIONS } from "../../../lib/database/private";
import { CloudSqlAlerts, CloudSqlReadReplica } from "../../../lib/google";
import { repository } from "../../../tools/machine/repository";
import { azureId, postgres } from "../../support/azure-stack";
import { synthesize } from "../../support/synth";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";

const page = readFileSync(join(repository, "docs/monitoring.md"), "utf8");
// The anchors of GitHub and of the site agree for headings of letters and spaces.
const anchors = [...page.matchAll(/^### ([A-Za-z ]+)$/gm)].map(([, heading]) =>
  (heading as string).toLowerCase().replaceAll(" ", "-"),
);
const linked = (text: string) => /\/docs\/monitoring\.md#([a-z-]+)\)?$/.exec(text)?.[1];

test("the sections that alarms name are those of the page", () => {
  expect(anchors).toEqual([...MONITORING_SECTIONS]);
});

test("the page's own links lead to its sections", () => {
  const links = [...page.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((anchor) => !anchors.includes(anchor as string))).toEqual([]);
});

test.each<[string, () => string[]]>([
  [
    "RDS",
    () =>
      synthesize((stack) => {
        const source = rds(stack);
        const alarmTopicArn = "arn:aws:sns:eu-central-1:123456789012:operations";
        new RdsAlarms(stack, "alarms", { server: source, alarmTopicArn });
        const replica = new RdsReadReplica(stack, "replica", { source });
        new RdsAlarms(stack, "replica-alarms", { server: replica, alarmTopicArn });
      })
        .resources("aws_cloudwatch_metric_alarm")
        .map((each) => each.alarm_description),
  ],
  [
    "Cloud SQL",
    () =>
      synthesize((stack) => {
        const source = cloudSql(stack);
        const notificationChannels = ["projects/platform/notificationChannels/1"];
        new CloudSqlAlerts(stack, "alerts", { server: source, notificationChannels });
        const replica = new CloudSqlReadReplica(stack, "replica", { source });
        new CloudSqlAlerts(stack, "replica-alerts", { server: replica, notificationChannels });
      })
        .resources("google_monitoring_alert_policy")
        .map((each) => each.documentation.content),
  ],
  [
    "flexible servers",
    () => {
      const { resources } = synthesize((stack) => {
        const source = postgres(stack);
        const actionGroupId = azureId("Microsoft.Insights/actionGroups", "operations");
        new AzureServerAlerts(stack, "alerts", { server: source, actionGroupId });
        const replica = new PostgresReadReplica(stack, "replica", { source });
        new AzureServerAlerts(stack, "replica-alerts", { server: replica, actionGroupId });
      });
      return [
        ...resources("azurerm_monitor_metric_alert"),
        ...resources("azurerm_monitor_activity_log_alert"),
      ].map((each) => each.description);
    },
  ],
])("each alarm of %s ends with a link to the section with the steps", (_, descriptions) => {
  const found = descriptions();
  expect(found.length).toBeGreaterThan(15);
  for (const text of found) expect(anchors).toContain(linked(text));
});
