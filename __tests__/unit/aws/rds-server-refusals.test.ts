import type { RdsServerProps } from "../../../lib/aws";
import { EncryptionKey, RdsCertificateAuthority } from "../../../lib/aws";
import { DatabaseEngine, DayOfWeek, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, server } from "./fixture";

const V13 = DatabaseEngine.postgres(PostgresVersion.V13);

/** Each mistake, with a pattern of the only message about it. */
const MISTAKES: [string, Partial<RdsServerProps>, RegExp][] = [
  [
    "a size that RDS does not have",
    { size: MachineSize.general(3) },
    /RDS-SIZE: size must be a size that RDS has \(got "general\(3\)"\); take general\(n\)/,
  ],
  [
    "another cloud's size",
    { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v5" } }) },
    /size must .*MachineSize\.of/,
  ],
  [
    "a name that is no DB instance class",
    { size: MachineSize.of({ names: { aws: "m7g.large" } }) },
    /size must be .*db\.m7g\.large \(got "m7g\.large"\)/,
  ],
  [
    "a burstable class for a Multi-AZ deployment",
    { size: MachineSize.burstable(2) },
    /size must not be burstable .*\(got "db\.t4g\.medium"\); .*Availability\.ZONAL/,
  ],
  [
    "storage that is too small",
    { storage: { sizeGiB: 10 } },
    /RDS-STORAGE-SIZE-GIB: storage\.sizeGiB .*\b10\b/,
  ],
  ["a fraction of a GiB", { storage: { sizeGiB: 100.5 } }, /storage\.sizeGiB .*\b100\.5\b/],
  [
    "IOPS under 400 GiB",
    { storage: { sizeGiB: 399, iops: 12_000 } },
    /storage\.iops .*gp3 storage under 400 GiB/,
  ],
  [
    "throughput under 400 GiB",
    { storage: { sizeGiB: 100, throughputMiBps: 500 } },
    /RDS-STORAGE-THROUGHPUT-MIBPS: storage\.throughputMiBps .*\b500\b/,
  ],
  [
    "an upper limit less than 10 % above the size",
    { storage: { sizeGiB: 100, maxSizeGiB: 105 } },
    /storage\.maxSizeGiB .*\b105\b/,
  ],
  ["a retention of 0 days", { backup: { retentionDays: 0 } }, /backup\.retentionDays .*1 to 35/],
  ["a retention that is too long", { backup: { retentionDays: 36 } }, /backup\.retentionDays .*\b36\b/],
  [
    "overlapping windows",
    { backup: { window: { start: "04:00" } }, maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "04:30" } },
    /maintenanceWindow .*must not overlap/,
  ],
  ["an identifier that is too long", { identifier: "a".repeat(64) }, /identifier .*"a+"/],
  ["an identifier with two hyphens", { identifier: "a--b" }, /identifier .*"a--b"/],
  ["a capital in the identifier", { identifier: "Coder" }, /identifier .*"Coder"/],
  ["a reserved port", { port: 80 }, /port .*1150 to 65535/],
  [
    "an unsupported Enhanced Monitoring interval",
    { monitoringIntervalSeconds: 20 },
    /RDS-MONITORING-INTERVAL-SECONDS: monitoringIntervalSeconds must be one of 0, 1, 5.* \(got 20\)/,
  ],
  [
    "an unsupported log retention",
    { cloudwatchLogsRetentionDays: 100 },
    /cloudwatchLogsRetentionDays must .*\(got 100\)/,
  ],
  [
    "an unsupported retention of Performance Insights",
    { performanceInsightsRetentionDays: 30 },
    /performanceInsightsRetentionDays must .*\(got 30\)/,
  ],
  ["too many connections", { maxConnections: 300_000 }, /maxConnections .*300000/],
  ["no connections", { maxConnections: 0 }, /maxConnections .*from 6/],
  ["a negative duration of slow queries", { slowQueryMs: -2 }, /slowQueryMs .*-2/],
  [
    "a password version that is no whole number",
    { passwordVersion: 1.5 },
    /^\[postgres\] RDS-PASSWORD-VERSION: passwordVersion must be a whole number .*\(got 1\.5\)/,
  ],
  [
    "users that alternate from a later password version on",
    { passwordVersion: 2, alternatingUsersSince: 3 },
    /^\[postgres\] RDS-ALTERNATING-USERS-SINCE: alternatingUsersSince must be a whole number from 1 to passwordVersion \(2\).*\(got 3\)/,
  ],
  [
    "the alias of a key",
    { encryptionKey: EncryptionKey.fromKeyArn("alias/aws/rds") },
    /encryptionKey must have the ARN .*\(got "alias\/aws\/rds"\)/,
  ],
  [
    "the name of a file as certificates",
    { caCertificatesPem: "ca.pem" },
    /caCertificatesPem must .*\(got "ca\.pem"\)/,
  ],
  ["an engine past its support", { engine: V13 }, /engine .*"PostgreSQL 13".*acceptExtendedSupport: "13"/],
  [
    "Extended Support accepted for another version",
    { acceptExtendedSupport: "16" },
    /acceptExtendedSupport .*"16"/,
  ],
  [
    "an unknown engine version",
    { engine: DatabaseEngine.mysql(MysqlVersion.of("9.0")) },
    /engine .*"MySQL 9\.0"/,
  ],
  [
    "TLS disabled by a parameter",
    { parameters: { "rds.force_ssl": "0" } },
    /RDS-PARAMETERS-RDS-FORCE-SSL: parameters\["rds\.force_ssl"\] must not be set \(got "0"\); set tlsEnforced/,
  ],
  [
    "TLS disabled by a parameter of MySQL",
    { engine: MYSQL, parameters: { require_secure_transport: "OFF" } },
    /must not be set .*set tlsEnforced instead/,
  ],
  ["maxConnections as a parameter", { parameters: { max_connections: "10" } }, /set maxConnections instead/],
  [
    "a parameter name with a space",
    { parameters: { "work mem": "1" } },
    /parameters must .*\(got "work mem"\)/,
  ],
  [
    "a static parameter that is not set",
    { staticParameters: ["wal_level"] },
    /staticParameters must .*\(got "wal_level"\)/,
  ],
];

describe("refuses", () => {
  test.each(MISTAKES)("%s", (_, props, message) => {
    const problems = problemsOf((stack) => void server(stack, props));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test("Performance Insights on a class that does not support it", () => {
    const size = MachineSize.burstable(2, 1);
    const availability = "zonal" as RdsServerProps["availability"];
    expect(
      problemsOf(
        (stack) => void server(stack, { engine: MYSQL, size, availability, performanceInsights: true }),
      ),
    ).toEqual([expect.stringMatching(/performanceInsights must be false on db\.t4g\.micro.* \(got true\)/)]);
    // Without the prop it is disabled, which is recorded as an opt-out.
    const out = synthesize((stack) => void server(stack, { engine: MYSQL, size, availability }));
    expect(out.resource("aws_db_instance").performance_insights_enabled).toBe(false);
    expect(out.infos.map((info) => info.message)).toContainEqual(
      expect.stringMatching(/opt-out: RDS-PERFORMANCE-INSIGHTS: performanceInsights/),
    );
  });

  test("all mistakes at once, each with the construct path", () => {
    const problems = problemsOf(
      (stack) =>
        void server(stack, {
          size: MachineSize.general(5),
          storage: { sizeGiB: 1 },
          identifier: "Bad",
          port: 1,
          backup: { retentionDays: 99 },
          slowQueryMs: -9,
          passwordVersion: 0,
        }),
    );
    expect(problems).toHaveLength(7);
    expect(problems.every((problem) => /^\[postgres(\/Parameters)?\] /.test(problem))).toBe(true);
  });
});

test("accepted Extended Support is recorded as an opt-out", () => {
  const out = synthesize((stack) => void server(stack, { engine: V13, acceptExtendedSupport: "13" }));
  expect(out.resource("aws_db_instance").engine_lifecycle_support).toBe("open-source-rds-extended-support");
  expect(out.infos.map((info) => info.message)).toContainEqual(
    expect.stringMatching(/^opt-out: RDS-ACCEPT-EXTENDED-SUPPORT: acceptExtendedSupport: PostgreSQL 13/),
  );
});

test("warns of a version near the end of standard support", () => {
  const { warnings } = synthesize(
    (stack) => void server(stack, { engine: DatabaseEngine.postgres(PostgresVersion.V14) }),
  );
  expect(warnings[0]?.message).toMatch(/standard support of PostgreSQL 14 on RDS ends on \d{4}-\d\d-\d\d;/);
});

describe("certificates", () => {
  test("refuses a region without root certificate when the certificates are read", () => {
    const region = "us-gov-west-1";
    expect(problemsOf((stack) => void server(stack, { region }))).toEqual([]);
    expect(problemsOf((stack) => void server(stack, { region }).tls.caCertificatesPem)).toEqual([
      expect.stringMatching(
        /RDS-CA-CERTIFICATES-PEM: caCertificatesPem must be set in region us-gov-west-1.*\(got not set\); .*eu-central-1/,
      ),
    ]);
  });

  test("refuses an unknown CA when the certificates are read", () => {
    const certificateAuthority = RdsCertificateAuthority.of("rds-ca-2031");
    expect(
      problemsOf((stack) => void server(stack, { certificateAuthority }).tls.caCertificatesPem),
    ).toHaveLength(1);
  });

  test("takes given certificates in any region", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    synthesize((stack) => {
      const made = server(stack, { region: "cn-north-1", caCertificatesPem: pem });
      expect(made.tls.caCertificatesPem).toBe(pem);
    });
  });
});
