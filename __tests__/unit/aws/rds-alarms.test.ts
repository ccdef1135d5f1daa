import { ref, Token } from "cdktf";
import { RdsAlarms, type RdsAlarmsProps, RdsReadReplica } from "../../../lib/aws";
import { Availability, DatabaseEngine, MachineSize, MysqlVersion } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { server } from "./fixture";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:operations";

const alarms = (props: Partial<RdsAlarmsProps> = {}, serverProps: Parameters<typeof server>[1] = {}) =>
  synthesize((stack) => {
    new RdsAlarms(stack, "alarms", { server: server(stack, serverProps), alarmTopicArn: TOPIC, ...props });
  });
const byMetric = (out: ReturnType<typeof synthesize>, metric: string) =>
  out.resources("aws_cloudwatch_metric_alarm").find((each) => each.metric_name === metric);
const named = (out: ReturnType<typeof synthesize>, id: string) =>
  out.resources("aws_cloudwatch_metric_alarm").find((each) => each.alarm_name.endsWith(`-${id}`));

test("each alarm notifies the topic of the alarm and of the recovery", () => {
  const out = alarms();
  const all = out.resources("aws_cloudwatch_metric_alarm");
  expect(all.flatMap((each) => each.metric_name ?? []).sort()).toEqual([
    "CPUUtilization",
    "DatabaseConnections",
    "DiskQueueDepth",
    "FreeStorageSpace",
    "FreeableMemory",
    "MaximumUsedTransactionIDs",
    "OldestReplicationSlotLag",
    "TransactionLogsDiskUsage",
  ]);
  for (const each of all) {
    expect(each).toMatchObject({ alarm_actions: [TOPIC], ok_actions: [TOPIC] });
    if (each.metric_name) {
      expect(each).toMatchObject({
        namespace: "AWS/RDS",
        dimensions: { DBInstanceIdentifier: "${aws_db_instance.postgres_6BBC2FA4.identifier}" },
      });
    }
    expect(each.alarm_name).toMatch(/^test-postgres-/);
  }
});

test("thresholds are derived from storage, memory and connections of the server", () => {
  const out = alarms();
  const gib = 1024 ** 3;
  expect(byMetric(out, "FreeStorageSpace")).toMatchObject({
    threshold: Math.floor(100 * 0.15 * gib),
    comparison_operator: "LessThanThreshold",
  });
  expect(byMetric(out, "DatabaseConnections")).toMatchObject({
    threshold: Math.floor(766 * 0.8),
    comparison_operator: "GreaterThanThreshold",
  });
  expect(byMetric(out, "FreeableMemory")?.threshold).toBe(Math.floor(8 * 0.05 * gib));
  expect(byMetric(out, "CPUUtilization")?.threshold).toBe(85);
  expect(byMetric(alarms({ cpuPercent: 50 }), "CPUUtilization")?.threshold).toBe(50);
});

test("the disk's growth is an alarm before the disk is full", () => {
  const growth = named(alarms({ storageForecastHours: 48 }), "storage-growth");
  expect(growth).toMatchObject({
    comparison_operator: "LessThanThreshold",
    threshold: 0,
    evaluation_periods: 4,
    datapoints_to_alarm: 3,
    metric_query: [
      {
        id: "free",
        return_data: false,
        metric: {
          metric_name: "FreeStorageSpace",
          period: 3600,
          dimensions: { DBInstanceIdentifier: "${aws_db_instance.postgres_6BBC2FA4.identifier}" },
        },
      },
      { id: "forecast", expression: "free + RATE(free) * 172800", return_data: true },
    ],
  });
  expect(growth?.alarm_description).toContain("within 48 hours");
  const later = named(alarms({ storageForecastHours: Token.asNumber(ref("var.hours")) }), "storage-growth");
  expect(later?.metric_query[1].expression).toBe("free + RATE(free) * ${(tonumber(var.hours) * 3600)}");
  expect(later?.alarm_description).toContain("within ${var.hours} hours");
});

test("logs, replication slots and transaction IDs are those of the engine", () => {
  const postgres = alarms();
  const share = Math.floor(100 * 0.2 * 1024 ** 3);
  expect(byMetric(postgres, "TransactionLogsDiskUsage")?.threshold).toBe(share);
  expect(byMetric(postgres, "OldestReplicationSlotLag")).toMatchObject({
    threshold: share,
    treat_missing_data: "notBreaching",
  });
  expect(byMetric(postgres, "MaximumUsedTransactionIDs")?.threshold).toBe(1_000_000_000);
  const mysql = alarms({ transactionLogsPercent: 10 }, { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) });
  expect(byMetric(mysql, "BinLogDiskUsage")?.threshold).toBe(Math.floor(share / 2));
  expect(byMetric(mysql, "OldestReplicationSlotLag")).toBeUndefined();
  expect(byMetric(mysql, "MaximumUsedTransactionIDs")).toBeUndefined();
});

test("deadlocks are counted by Performance Insights, where the server has it", () => {
  expect(named(alarms({ deadlocksPerMinute: 3 }), "deadlocks")).toMatchObject({
    threshold: 3,
    metric_query: [
      {
        expression:
          "DB_PERF_INSIGHTS('RDS', '${aws_db_instance.postgres_6BBC2FA4.resource_id}', 'db.Concurrency.deadlocks.avg')",
        period: 300,
        return_data: true,
      },
    ],
  });
  const mysql = alarms({}, { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) });
  expect(named(mysql, "deadlocks")?.metric_query[0].expression).toContain("'db.Locks.innodb_deadlocks.avg'");
  const without = alarms({ deadlocksPerMinute: 3 }, { performanceInsights: false });
  expect(named(without, "deadlocks")).toBeUndefined();
  expect(without.warnings.map((w) => w.message)).toContainEqual(
    expect.stringMatching(/^RDS-ALARMS-DEADLOCKS-PER-MINUTE: deadlocksPerMinute has no effect/),
  );
});

test("takes sizes that are known to Terraform only", () => {
  const out = alarms(
    {},
    { storage: { sizeGiB: Token.asNumber(ref("var.size")) }, maxConnections: Token.asNumber(ref("var.max")) },
  );
  expect(byMetric(out, "FreeStorageSpace")?.threshold).toBe("${floor((tonumber(var.size) * 161061273.6))}");
  expect(byMetric(out, "DatabaseConnections")?.threshold).toBe("${floor((tonumber(var.max) * 0.8))}");
});

test("takes percentages that are known to Terraform only", () => {
  const percent = (name: string) => Token.asNumber(ref(`var.${name}`));
  const out = alarms({
    cpuPercent: percent("cpu"),
    storageUsedPercent: percent("storage"),
    connectionsPercent: percent("connections"),
  });
  expect(byMetric(out, "CPUUtilization")?.threshold).toBe("${var.cpu}");
  expect(byMetric(out, "FreeStorageSpace")?.threshold).toMatch(
    /floor\(\(100 \* .*100 - tonumber\(var\.storage\)/,
  );
  expect(byMetric(out, "DatabaseConnections")?.threshold).toMatch(
    /floor\(\(766 \* .*tonumber\(var\.connections\)/,
  );
});

test("a replica has an alarm for replica lag and for missing data", () => {
  const out = synthesize((stack) => {
    const replica = new RdsReadReplica(stack, "replica", { source: server(stack) });
    new RdsAlarms(stack, "alarms", { server: replica, alarmTopicArn: TOPIC, replicaLagSeconds: 30 });
  });
  expect(byMetric(out, "ReplicaLag")).toMatchObject({ threshold: 30, treat_missing_data: "breaching" });
  // -1 says that replication is not active.
  expect(named(out, "replica-stopped")).toMatchObject({
    metric_name: "ReplicaLag",
    comparison_operator: "LessThanThreshold",
    threshold: 0,
  });
  expect(byMetric(out, "MaximumUsedTransactionIDs")).toBeUndefined();
  expect(out.resource("aws_db_event_subscription").event_categories).toContain("read replica");
});

test("a burstable class has an alarm for CPU credits", () => {
  const out = alarms({}, { size: MachineSize.burstable(2), availability: Availability.ZONAL });
  expect(byMetric(out, "CPUCreditBalance")).toMatchObject({ comparison_operator: "LessThanThreshold" });
});

test("subscribes the topic to RDS events unless events is false", () => {
  expect(alarms().resource("aws_db_event_subscription")).toMatchObject({
    sns_topic: TOPIC,
    source_type: "db-instance",
    event_categories: expect.arrayContaining(["failover", "failure", "low storage"]),
  });
  expect(alarms({ events: false }).resources("aws_db_event_subscription")).toEqual([]);
});

test("warns that an unknown DB instance class has no alarm for connections", () => {
  const out = alarms({}, { size: MachineSize.of({ names: { aws: "db.x9z.large" } }) });
  expect(byMetric(out, "DatabaseConnections")).toBeUndefined();
  expect(out.warnings.map((w) => w.message)).toContainEqual(
    expect.stringMatching(
      /^RDS-ALARMS-CONNECTIONS-PERCENT: connectionsPercent has no effect: .*set maxConnections/,
    ),
  );
});

test.each<[string, Partial<RdsAlarmsProps>, RegExp]>([
  [
    "a share for a percentage",
    { cpuPercent: 0.85 },
    /RDS-ALARMS-CPU-PERCENT: cpuPercent must be 10 to 100 per cent \(got 0\.85\)/,
  ],
  ["all of the storage", { storageUsedPercent: 100 }, /storageUsedPercent/],
  ["more than all connections", { connectionsPercent: 120 }, /connectionsPercent/],
  ["all of the memory", { freeableMemoryPercent: 100 }, /freeableMemoryPercent/],
  ["no hours of forecast", { storageForecastHours: 0 }, /storageForecastHours/],
  ["all of the disk for logs", { transactionLogsPercent: 100 }, /transactionLogsPercent must be 1 to 90/],
  ["no deadlocks", { deadlocksPerMinute: 0 }, /deadlocksPerMinute must be more than 0 \(got 0\)/],
  ["a replica lag of zero", { replicaLagSeconds: 0 }, /replicaLagSeconds/],
  ["the name of a topic", { alarmTopicArn: "operations" }, /alarmTopicArn must .*\(got "operations"\)/],
  ["a FIFO topic", { alarmTopicArn: `${TOPIC}.fifo` }, /alarmTopicArn must .*fifo/],
])("refuses %s", (_, props, message) => {
  const problems = problemsOf((stack) => {
    new RdsAlarms(stack, "alarms", { server: server(stack), alarmTopicArn: TOPIC, ...props });
  });
  expect(problems).toEqual([expect.stringMatching(message)]);
});
