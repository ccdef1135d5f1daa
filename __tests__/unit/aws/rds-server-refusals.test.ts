import type { RdsServerProps } from "../../../lib/aws";
import { RdsCertificateAuthority } from "../../../lib/aws";
import { DatabaseEngine, DayOfWeek, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, server } from "./fixture";

const V13 = DatabaseEngine.postgres(PostgresVersion.V13);

/** Each mistake, with what has to be in the one message about it. */
const MISTAKES: [string, Partial<RdsServerProps>, RegExp][] = [
  [
    "a size that AWS has not",
    { size: MachineSize.general(3) },
    /size is "general\(3\)": AWS has general\(n\)/,
  ],
  [
    "another cloud's size",
    { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v5" } }) },
    /size is .*MachineSize\.of/,
  ],
  [
    "a class that is none",
    { size: MachineSize.of({ names: { aws: "m7g.large" } }) },
    /size is "m7g.large".*db\.m7g\.large/,
  ],
  [
    "burstable and zone-redundant",
    { size: MachineSize.burstable(2) },
    /size is "db\.t4g\.medium".*Availability\.ZONAL/,
  ],
  ["a small disk", { storage: { sizeGiB: 10 } }, /storage\.sizeGiB is 10/],
  ["a part of a GiB", { storage: { sizeGiB: 100.5 } }, /storage\.sizeGiB is 100\.5/],
  [
    "IOPS under 400 GiB",
    { storage: { sizeGiB: 399, iops: 12_000 } },
    /storage\.iops is 12000: gp3 volumes under 400 GiB/,
  ],
  [
    "throughput under 400 GiB",
    { storage: { sizeGiB: 100, throughputMiBps: 500 } },
    /storage\.throughputMiBps is 500/,
  ],
  ["growth under 10 %", { storage: { sizeGiB: 100, maxSizeGiB: 105 } }, /storage\.maxSizeGiB is 105/],
  ["retention of none", { backup: { retentionDays: 0 } }, /backup\.retentionDays is 0: .*1 to 35/],
  ["retention of too long", { backup: { retentionDays: 36 } }, /backup\.retentionDays is 36/],
  [
    "overlapping windows",
    { backup: { window: { start: "04:00" } }, maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "04:30" } },
    /maintenanceWindow is .*must not overlap/,
  ],
  ["an identifier that is too long", { identifier: "a".repeat(64) }, /identifier is "a+": .*63/],
  ["an identifier with two hyphens", { identifier: "a--b" }, /identifier is "a--b"/],
  ["a capital in the identifier", { identifier: "Coder" }, /identifier is "Coder"/],
  ["a port that RDS keeps", { port: 80 }, /port is 80: .*1150 to 65535/],
  [
    "an odd interval",
    { monitoringIntervalSeconds: 20 },
    /monitoringIntervalSeconds is 20: allowed are 0, 1, 5/,
  ],
  ["an odd log retention", { logRetentionDays: 100 }, /logRetentionDays is 100/],
  [
    "an odd insights retention",
    { performanceInsightsRetentionDays: 30 },
    /performanceInsightsRetentionDays is 30/,
  ],
  ["too many connections", { maxConnections: 300_000 }, /maxConnections is 300000/],
  ["no connections", { maxConnections: 0 }, /maxConnections is 0/],
  ["a slow query before time", { slowQueryMs: -2 }, /slowQueryMs is -2/],
  [
    "a password version of nothing",
    { passwordVersion: 1.5 },
    /passwordVersion is 1\.5|version of a secret is 1\.5/,
  ],
  ["the alias of a key", { encryptionKeyArn: "alias/aws/rds" }, /encryptionKeyArn is "alias\/aws\/rds"/],
  ["a file's name for certificates", { caCertificatesPem: "ca.pem" }, /caCertificatesPem is "ca\.pem"/],
  ["an engine past its support", { engine: V13 }, /engine is "PostgreSQL 13".*acceptExtendedSupport: "13"/],
  ["consent for another version", { acceptExtendedSupport: "16" }, /acceptExtendedSupport is "16"/],
  [
    "an engine that is none",
    { engine: DatabaseEngine.mysql(MysqlVersion.of("9.0")) },
    /engine is "MySQL 9\.0"/,
  ],
  [
    "TLS undone by a parameter",
    { parameters: { "rds.force_ssl": "0" } },
    /parameters\["rds\.force_ssl"\] is "0": set tlsEnforced/,
  ],
  [
    "TLS undone by a parameter of MySQL",
    { engine: MYSQL, parameters: { require_secure_transport: "OFF" } },
    /set tlsEnforced instead/,
  ],
  ["connections by a parameter", { parameters: { max_connections: "10" } }, /set maxConnections instead/],
  ["a parameter with an odd name", { parameters: { "work mem": "1" } }, /parameters is "work mem"/],
  [
    "a static parameter that is not set",
    { staticParameters: ["wal_level"] },
    /staticParameters is "wal_level"/,
  ],
];

describe("fails", () => {
  test.each(MISTAKES)("%s", (_, props, message) => {
    let problems: string[];
    try {
      problems = problemsOf((stack) => void server(stack, props));
    } catch (error) {
      problems = [(error as Error).message];
    }
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test("Performance Insights where a class has none", () => {
    const size = MachineSize.burstable(2, 1);
    const availability = "zonal" as RdsServerProps["availability"];
    expect(
      problemsOf(
        (stack) => void server(stack, { engine: MYSQL, size, availability, performanceInsights: true }),
      ),
    ).toEqual([expect.stringMatching(/performanceInsights is true: db\.t4g\.micro has none/)]);
    // Left out, they are simply off, and that is said.
    const out = synthesize((stack) => void server(stack, { engine: MYSQL, size, availability }));
    expect(out.resource("aws_db_instance").performance_insights_enabled).toBe(false);
    expect(out.infos.map((info) => info.message)).toContainEqual(
      expect.stringMatching(/opt-out: performanceInsights/),
    );
  });

  test("all mistakes at once, each with the path", () => {
    const problems = problemsOf(
      (stack) =>
        void server(stack, {
          size: MachineSize.general(5),
          storage: { sizeGiB: 1 },
          identifier: "Bad",
          port: 1,
          backup: { retentionDays: 99 },
          slowQueryMs: -9,
        }),
    );
    expect(problems).toHaveLength(6);
    expect(problems.every((problem) => /^\[postgres(\/Parameters)?\] /.test(problem))).toBe(true);
  });
});

test("a version past standard support runs with consent, which is written down", () => {
  const out = synthesize((stack) => void server(stack, { engine: V13, acceptExtendedSupport: "13" }));
  expect(out.resource("aws_db_instance").engine_lifecycle_support).toBe("open-source-rds-extended-support");
  expect(out.infos.map((info) => info.message)).toContainEqual(
    expect.stringMatching(/^opt-out: acceptExtendedSupport: PostgreSQL 13/),
  );
});

test("a version near its end warns", () => {
  const { warnings } = synthesize(
    (stack) => void server(stack, { engine: DatabaseEngine.postgres(PostgresVersion.V14) }),
  );
  expect(warnings[0]?.message).toMatch(/PostgreSQL 14 leaves standard support on aws in \d+ days/);
});

describe("certificates", () => {
  test("a region that the library has no root for: an error, but only when somebody asks", () => {
    const region = "il-central-1";
    expect(problemsOf((stack) => void server(stack, { region }))).toEqual([]);
    expect(problemsOf((stack) => void server(stack, { region }).tls.caCertificatesPem)).toEqual([
      expect.stringMatching(/caCertificatesPem is not set: .*il-central-1.*eu-central-1/),
    ]);
  });

  test("an authority that the library does not know", () => {
    const certificateAuthority = RdsCertificateAuthority.of("rds-ca-2031");
    expect(
      problemsOf((stack) => void server(stack, { certificateAuthority }).tls.caCertificatesPem),
    ).toHaveLength(1);
  });

  test("the user's own stand for any region", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    synthesize((stack) => {
      const made = server(stack, { region: "cn-north-1", caCertificatesPem: pem });
      expect(made.tls.caCertificatesPem).toBe(pem);
    });
  });
});
