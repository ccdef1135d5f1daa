import { type TerraformStack, TerraformVariable } from "cdktf";
import { describeInstanceClass } from "../../../lib/aws/rds/instance-class";
import {
  DatabaseEngine,
  type DatabaseServerAttributes,
  DatabaseService,
  MysqlVersion,
  PostgresVersion,
  TerraformData,
} from "../../../lib/database";
import { type DatabaseTopologyProps, GitlabVersion } from "../../../lib/gitlab";
import { problemsOf, synthesize } from "../../support/synth";
import { database, mainOn, serverIn, topologyIn } from "./model-fixtures";

const on =
  (server: Partial<DatabaseServerAttributes>, topology: Partial<DatabaseTopologyProps> = {}) =>
  (stack: TerraformStack) =>
    void topologyIn(stack, { main: mainOn(serverIn(stack, "postgres", server)), ...topology });
const problems = (...given: Parameters<typeof on>) => problemsOf(on(...given));
const warnings = (...given: Parameters<typeof on>) =>
  synthesize(on(...given))
    .warnings.filter(({ path }) => path === "topology")
    .map(({ message }) => message);
const postgres = (version: string) => ({
  engine: DatabaseEngine.postgres(PostgresVersion.of(version)),
  acceptExtendedSupport: /^1[34]/.exec(version)?.[0],
});

describe("PostgreSQL for GitLab", () => {
  // The table of facts 2.1, at its edges. A major alone leaves the minor to the cloud.
  test.each([
    ["19.2", "16.9", false],
    ["19.2", "17", true],
    ["19.2", "17.10", true],
    ["19.2", "18", false],
    ["18.5", "15.12", false],
    ["18.5", "16.4", false],
    ["18.5", "16.5", true],
    ["18.5", "16", true],
    ["18.5", "17.6", true],
    ["18.5", "18", false],
    ["17.11", "14.13", false],
    ["17.11", "14.14", true],
    ["17.11", "16", true],
    ["17.11", "17", false],
    ["16.11", "13.5", false],
    ["16.11", "13.6", true],
    ["16.11", "15", true],
    ["16.11", "16", false],
  ])("GitLab %s on PostgreSQL %s: %s", (gitlab, version, allowed) => {
    const found = problems(postgres(version), { version: GitlabVersion.of(gitlab) });
    const refusal = [
      expect.stringMatching(
        /^\[topology\] GITLAB-DB-SERVER-ENGINE: main, ci\.server\.engine must be PostgreSQL /,
      ),
    ];
    expect(found).toEqual(allowed ? [] : refusal);
    if (!allowed) expect(found[0]).toContain(`x for GitLab ${gitlab} (got "PostgreSQL ${version}")`);
  });

  test("MySQL is refused, for components too", () => {
    const mysql = { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) };
    expect(problems(mysql)).toContain(
      '[topology] GITLAB-DB-ENGINE: main must be on PostgreSQL, as GitLab requires (got "MySQL 8.4")',
    );
    expect(
      problemsOf((s) => {
        const registry = database(serverIn(s, "mysql", mysql), "registry");
        topologyIn(s, { main: mainOn(serverIn(s)), registry });
      }),
    ).toContainEqual(
      expect.stringContaining(
        '[topology] GITLAB-DB-ENGINE: registry must be on PostgreSQL, as GitLab requires (got "MySQL 8.4")',
      ),
    );
  });

  test("the server of a component has other requirements", () => {
    expect(
      problemsOf((s) => {
        const registry = database(serverIn(s, "old", postgres("15")), "registry");
        topologyIn(s, { main: mainOn(serverIn(s)), registry });
      }),
    ).toEqual([]);
  });
});

describe("services", () => {
  test.each([
    [DatabaseService.AURORA, "Aurora is incompatible with GitLab's load balancing"],
    [DatabaseService.ALLOYDB, "AlloyDB is untested"],
    [DatabaseService.RDS_CLUSTER, "a Multi-AZ DB instance is supported"],
    [DatabaseService.AZURE_SINGLE_SERVER, "Single Server is retired"],
  ])("%s is refused", (service, reason) => {
    expect(problems({ service })).toEqual([
      expect.stringContaining(
        `GITLAB-DB-SERVER-SERVICE: main, ci.server.service must be one that GitLab supports (got "${service}"); `,
      ),
    ]);
    expect(problems({ service })[0]).toContain(reason);
  });

  test.each([
    DatabaseService.RDS_INSTANCE,
    DatabaseService.CLOUD_SQL,
    DatabaseService.AZURE_FLEXIBLE_SERVER,
    DatabaseService.SELF_MANAGED,
    undefined,
  ])("%s is accepted", (service) => {
    expect(problems({ service })).toEqual([]);
  });
});

describe("connections", () => {
  test("fewer than 400 are refused, also as a default", () => {
    expect(problems({ maxConnections: 399 })).toEqual([
      "[topology] GITLAB-DB-SERVER-MAX-CONNECTIONS: main, ci.server.maxConnections must be at least 400, as GitLab requires (got 399); set maxConnections or take a larger machine (the limit is from maxConnections)",
    ]);
    expect(problems({ maxConnections: undefined })).toEqual([
      expect.stringContaining(
        "maxConnections must be at least 400, as GitLab requires (got 100); set maxConnections or take a larger machine (the limit is from the default of PostgreSQL 17)",
      ),
    ]);
    expect(problems({ maxConnections: 400 })).toEqual([]);
  });

  test("a component's server may have fewer", () => {
    expect(
      problemsOf((s) => {
        const registry = database(serverIn(s, "small", { maxConnections: 50 }), "registry");
        topologyIn(s, { main: mainOn(serverIn(s)), registry });
      }),
    ).toEqual([]);
  });

  test("a token becomes a precondition, as does the backup retention with replicas", () => {
    const { resource } = synthesize((s) => {
      const number = (name: string) => new TerraformVariable(s, name, {}).numberValue;
      const server = serverIn(s, "postgres", {
        maxConnections: number("most"),
        backupRetentionDays: number("days"),
      });
      const topology = topologyIn(s, {
        main: mainOn(server),
        settings: { loadBalancing: { hosts: ["replica.internal"] } },
      });
      new TerraformData(s, "release", { lifecycle: { precondition: topology.preconditions() } });
    });
    expect(
      resource("terraform_data").lifecycle.precondition.map((p: { condition: string }) => p.condition),
    ).toEqual(["${(var.most >= 400)}", "${(var.days >= 1)}"]);
  });

  test("known numbers need no precondition", () => {
    synthesize((s) => {
      expect(topologyIn(s, { main: mainOn(serverIn(s)) }).preconditions()).toEqual([]);
    });
  });
});

describe("parameters", () => {
  test.each([
    ["statement_timeout", "0", "15000 to 60000 ms"],
    ["statement_timeout", "14999", "15000 to 60000 ms"],
    ["statement_timeout", "61s", "15000 to 60000 ms"],
    ["work_mem", "4096", "at least 8 MB"],
    ["work_mem", "7MB", "at least 8 MB"],
    ["maintenance_work_mem", "65535", "at least 64 MB"],
    ["shared_buffers", "262143", "at least 2 GB"],
    ["shared_buffers", "1GB", "at least 2 GB"],
  ])("%s of %s is refused", (name, value, rule) => {
    expect(problems({ parameters: { [name]: value } })).toEqual([
      `[topology] GITLAB-DB-SERVER-PARAMETERS-${name.replaceAll("_", "-").toUpperCase()}: main, ci.server.parameters.${name} must be ${rule}, as GitLab requires (got "${value}")`,
    ]);
  });

  test.each([
    ["statement_timeout", "15000"],
    ["statement_timeout", "1min"],
    ["work_mem", "8192"],
    ["work_mem", "8MB"],
    ["maintenance_work_mem", "GREATEST({DBInstanceClassMemory*1024/63963136},65536)"],
    ["shared_buffers", "262144"],
    ["shared_buffers", "{DBInstanceClassMemory/32768}"],
  ])("%s of %s is accepted", (name, value) => {
    expect(problems({ parameters: { [name]: value } })).toEqual([]);
  });

  test("a token is not checked", () => {
    expect(
      problemsOf((s) =>
        on({ parameters: { work_mem: new TerraformVariable(s, "memory", {}).stringValue } })(s),
      ),
    ).toEqual([]);
  });
});

describe("replicas", () => {
  const endpoint = { host: "replica.internal", port: 5432, isPrivate: true };
  const balanced = (parameters?: { readonly [name: string]: string }) => ({
    settings: { loadBalancing: { replicas: [{ endpoint, parameters }] } },
  });

  test("every replica needs hot_standby_feedback", () => {
    const without: { readonly [name: string]: string }[] = [
      {},
      { hot_standby_feedback: "off" },
      { hot_standby_feedback: "0" },
    ];
    for (const parameters of without) {
      expect(problems({}, balanced(parameters))).toEqual(
        ["main", "ci"].map((entry) =>
          expect.stringMatching(
            `GITLAB-DB-SERVER-PARAMETERS-HOT-STANDBY-FEEDBACK: ${entry}\\.loadBalancing\\.replicas\\.parameters\\.hot_standby_feedback must be on with load balancing .*\\(replica replica\\.internal\\)`,
          ),
        ),
      );
    }
    for (const value of ["on", "1", "true"]) {
      expect(problems({}, balanced({ hot_standby_feedback: value }))).toEqual([]);
      expect(warnings({}, balanced({ hot_standby_feedback: value }))).toEqual([]);
    }
  });

  test("replicas with unknown parameters are a warning", () => {
    for (const loadBalancing of [
      { hosts: ["a.internal"] },
      { discover: { record: "secondary.postgresql.service.consul" } },
      { replicas: [{ endpoint }] },
    ]) {
      expect(warnings({}, { settings: { loadBalancing } })).toEqual([
        expect.stringContaining(
          "main, ci.loadBalancing: hot_standby_feedback must be on with load balancing; queries on replicas are cancelled otherwise; the parameters of some replicas are unknown here, so check them",
        ),
      ]);
    }
  });

  test("a primary with it disabled", () => {
    expect(
      problems({ parameters: { hot_standby_feedback: "off" } }, balanced({ hot_standby_feedback: "on" })),
    ).toEqual([
      expect.stringContaining(
        'GITLAB-DB-SERVER-PARAMETERS-HOT-STANDBY-FEEDBACK: main, ci.server.parameters.hot_standby_feedback must be on with load balancing (got "off"); queries on replicas are cancelled otherwise',
      ),
    ]);
    expect(problems({ parameters: { hot_standby_feedback: "off" } })).toEqual([]);
  });

  test("backups are required with replicas and Geo only", () => {
    const rule =
      "GITLAB-DB-SERVER-BACKUP-RETENTION-DAYS: main, ci.server.backupRetentionDays must be at least 1 day, since read replicas and Geo need backups of the primary (got 0)";
    expect(problems({ backupRetentionDays: 0 }, balanced({ hot_standby_feedback: "on" }))).toEqual([
      expect.stringContaining(rule),
    ]);
    expect(problems({ backupRetentionDays: 0 }, { geoSites: true })).toEqual([expect.stringContaining(rule)]);
    expect(problems({ backupRetentionDays: 0 })).toEqual([]);
    expect(problems({ backupRetentionDays: 1 }, { geoSites: true })).toEqual([]);
  });

  test("load balancing by hosts or by DNS, and valid values", () => {
    const balancing = (loadBalancing: object) => problems({}, { settings: { loadBalancing } });
    expect(balancing({ hosts: ["a"], discover: { record: "b" } })).toEqual([
      '[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING: settings.loadBalancing must have either hosts or replicas, or discover (got "hosts and discover")',
    ]);
    expect(balancing({ hosts: ["https://a"] })[0]).toContain(
      'loadBalancing.hosts must be DNS names or addresses, without scheme (got "https://a")',
    );
    expect(
      balancing({ discover: { record: "a b", recordType: "CNAME", port: 0, intervalSeconds: 0 } }).map(
        (p) => p.split(":")[0],
      ),
    ).toEqual([
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING-DISCOVER-RECORD",
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING-DISCOVER-RECORD-TYPE",
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING-DISCOVER-PORT",
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING-DISCOVER-INTERVAL-SECONDS",
    ]);
  });
});

test("a burstable machine is a warning", () => {
  expect(warnings({ machine: describeInstanceClass("db.t4g.large") })).toEqual([
    "GITLAB-DB-SERVER-MACHINE-BURSTABLE: main, ci.server.machine: db.t4g.large is burstable (CPU credits), which GitLab advises against",
  ]);
  expect(warnings({ machine: describeInstanceClass("db.m7g.large") })).toEqual([]);
});
