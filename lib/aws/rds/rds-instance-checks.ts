import { Cloud, type MachineClass } from "../../database";
import { checkServerName, type SynthChecks } from "../../database/private";
import { LOG_RETENTION_DAYS, MONITORING_INTERVALS } from "./data/log-settings";
import { isInsightsRetention } from "./data/performance-insights";
import { insightsOn, lacksInsights } from "./rds-insights";
import type { RdsInstanceShape } from "./rds-instance-shape";

/**
 * Reports what RDS refuses of any instance, and writes down what was given up.
 *
 * @internal
 */
export function checkRdsInstance(
  checks: SynthChecks,
  shape: RdsInstanceShape,
  machine: MachineClass,
  identifier: string,
): void {
  const { options, engine, size } = shape;
  checkServerName(checks, "identifier", Cloud.AWS, identifier);
  checks.wholeNumber("port", options.port, 1150, 65_535);
  checks.check(
    "monitoringIntervalSeconds",
    options.monitoringIntervalSeconds,
    () => MONITORING_INTERVALS.includes(options.monitoringIntervalSeconds as number),
    `allowed are ${MONITORING_INTERVALS.join(", ")}`,
  );
  checks.check(
    "logRetentionDays",
    options.logRetentionDays,
    () => LOG_RETENTION_DAYS.includes(options.logRetentionDays as number),
    `allowed are ${LOG_RETENTION_DAYS.join(", ")}`,
  );
  checks.check(
    "performanceInsightsRetentionDays",
    options.performanceInsightsRetentionDays,
    () => isInsightsRetention(options.performanceInsightsRetentionDays as number),
    "allowed are 7, 731, and multiples of 31 up to 713",
  );
  if (lacksInsights(engine, machine)) {
    checks.check(
      "performanceInsights",
      options.performanceInsights,
      () => options.performanceInsights === false,
      `${machine.name} has none for MySQL; leave it out or take a larger size than ${size.label}`,
    );
  }
  checks.matches(
    "encryptionKeyArn",
    options.encryptionKeyArn,
    /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    "allowed is the ARN of a key (not of an alias), such as arn:aws:kms:eu-central-1:123456789012:key/...",
  );
  checks.check(
    "caCertificatesPem",
    options.caCertificatesPem,
    () => /-----BEGIN CERTIFICATE-----/.test(options.caCertificatesPem as string),
    "allowed are certificates as PEM text",
  );
  noteOptOuts(checks, shape, machine);
}

function noteOptOuts(checks: SynthChecks, shape: RdsInstanceShape, machine: MachineClass): void {
  const { options, engine } = shape;
  const notes: [boolean, string][] = [
    [options.publiclyAccessible === true, "publiclyAccessible: the server has a public address"],
    [options.tlsEnforced === false, "tlsEnforced: the server accepts connections without TLS"],
    [options.iamAuthentication === false, "iamAuthentication: logins cannot use an AWS identity"],
    [
      options.monitoringIntervalSeconds === 0,
      "monitoringIntervalSeconds: the operating system is not measured",
    ],
    [options.autoMinorVersionUpgrade === false, "autoMinorVersionUpgrade: security fixes wait for a person"],
    [
      !insightsOn(engine, machine, options.performanceInsights),
      "performanceInsights: what the server is busy with is not recorded",
    ],
  ];
  for (const [given, what] of notes) if (given) checks.optOut(what);
}
