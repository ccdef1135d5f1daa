import { Cloud, DatabaseEngine, PostgresVersion } from "../../../lib/database";
import { GitlabServerSettings, GitlabSize, GitlabVersion } from "../../../lib/gitlab";
import { machineOn } from "../../support/cloud-facts";

describe("versions", () => {
  test.each([
    ["19.2", "10.2"],
    ["18.6", "9.6"],
    ["17.3.1", "8.3"],
    ["16.11", "7.11"],
  ])("GitLab %s is chart %s", (version, chart) => {
    const gitlab = GitlabVersion.of(version);
    expect([gitlab.chart, gitlab.known]).toEqual([chart, true]);
    const back = GitlabVersion.ofChart(`${chart}.4`);
    expect([back.major, back.minor]).toEqual([gitlab.major, gitlab.minor]);
  });

  test.each(["", "18", "18.x", "latest", "15.11", "20.0", "-1.2", "${var.version}", "18.5.1-ee"])(
    "%s is not known",
    (version) => {
      expect(GitlabVersion.of(version).known).toBe(false);
    },
  );

  test("chart 6 and 11 are unknown, and so is another text", () => {
    for (const chart of ["6.11.0", "11.0.0", "newest"])
      expect(GitlabVersion.ofChart(chart).known).toBe(false);
  });

  test("order", () => {
    const version = GitlabVersion.of("18.5");
    expect([
      version.atLeast(17, 9),
      version.atLeast(18),
      version.atLeast(18, 5),
      version.atLeast(18, 6),
    ]).toEqual([true, true, true, false]);
    expect(version.atLeast(19)).toBe(false);
  });
});

describe("sizes", () => {
  const postgres = DatabaseEngine.postgres(PostgresVersion.V17);
  const row = (name: string) => {
    const size = GitlabSize.of(name);
    const machines = [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE].map((c) =>
      machineOn(size.database.machine, c, postgres),
    );
    return [
      ...machines.map((machine) => machine?.name),
      size.database.replicas,
      size.pgbouncerNodes,
      size.webserviceWorkers,
      size.sidekiqProcesses,
    ];
  };

  test.each([
    ["1k", "db.m7g.large", "db-custom-2-8192", "GP_Standard_D2ds_v5", 0, 0, 8, 1],
    ["2k", "db.m7g.large", "db-custom-2-8192", "GP_Standard_D2ds_v5", 0, 0, 12, 4],
    ["3k", "db.m7g.large", "db-custom-2-8192", "GP_Standard_D2ds_v5", 2, 3, 24, 8],
    ["5k", "db.m7g.xlarge", "db-custom-4-16384", "GP_Standard_D4ds_v5", 2, 3, 40, 8],
    ["10k", "db.m7g.2xlarge", "db-custom-8-32768", "GP_Standard_D8ds_v5", 2, 3, 80, 14],
    ["25k", "db.m7g.4xlarge", "db-custom-16-65536", "GP_Standard_D16ds_v5", 2, 3, 140, 14],
    ["50k", "db.m7g.8xlarge", "db-custom-32-131072", "GP_Standard_D32ds_v5", 2, 3, 320, 14],
    ["S", "db.m7g.2xlarge", "db-custom-8-32768", "GP_Standard_D8ds_v5", 0, 0, 36, 12],
    ["M", "db.m7g.4xlarge", "db-custom-16-65536", "GP_Standard_D16ds_v5", 0, 0, 84, 24],
    ["L", "db.m7g.8xlarge", "db-custom-32-131072", "GP_Standard_D32ds_v5", 0, 0, 168, 48],
    ["XL", "db.m7g.16xlarge", "db-custom-64-262144", "GP_Standard_D64ds_v5", 0, 0, 336, 96],
  ])("%s", (name, ...expected) => {
    expect(row(name)).toEqual(expected);
  });

  test("every machine has the published memory", () => {
    for (const name of GitlabSize.names) {
      const { database } = GitlabSize.of(name);
      for (const cloud of [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE]) {
        const machine = machineOn(database.machine, cloud, postgres);
        expect(machine?.burstable).toBe(false);
        expect(machine?.memoryGiB).toBeGreaterThanOrEqual(database.memoryGB);
      }
    }
    expect(GitlabSize.names).toHaveLength(11);
  });

  test("replicas are advised above 200 requests per second", () => {
    const advised = GitlabSize.names.filter((name) => GitlabSize.of(name).loadBalancingAdvised);
    expect(advised).toEqual(["25k", "50k", "L", "XL"]);
  });

  test("an unknown name is refused, also the name of a property of every object", () => {
    for (const name of ["100k", "constructor", ""]) {
      expect(() => GitlabSize.of(name)).toThrow("GITLAB-SIZE: size must be one of 1k, 2k");
    }
  });
});

describe("settings of servers", () => {
  test("AWS", () => {
    const settings = GitlabServerSettings.forCloud(Cloud.AWS);
    expect(settings).toEqual({
      maxConnections: 400,
      slowQueryMs: 1000,
      parameters: {
        deadlock_timeout: "5000",
        idle_in_transaction_session_timeout: "60000",
        random_page_cost: "2",
        work_mem: "16384",
        statement_timeout: "60000",
        shared_preload_libraries: "pg_stat_statements",
      },
      replicaParameters: expect.objectContaining({ hot_standby_feedback: "1", work_mem: "16384" }),
      extensions: ["amcheck", "btree_gist", "pg_trgm", "pg_stat_statements"],
      databaseSettings: [],
    });
  });

  test("Cloud SQL has no flag statement_timeout: each database gets it", () => {
    const settings = GitlabServerSettings.forCloud(Cloud.GOOGLE, { statementTimeoutMs: 15_000 });
    expect(settings.parameters.statement_timeout).toBeUndefined();
    expect(settings.databaseSettings).toEqual([{ name: "statement_timeout", values: ["15000"] }]);
  });

  test("Azure's replicas inherit all other parameters", () => {
    expect(GitlabServerSettings.forCloud(Cloud.AZURE).replicaParameters).toEqual({
      hot_standby_feedback: "on",
    });
  });

  test("a self-managed server gets the parameters that clouds derive or set by properties", () => {
    expect(GitlabServerSettings.forCloud(Cloud.SELF_MANAGED, { maxConnections: 696 }).parameters).toEqual(
      expect.objectContaining({
        max_connections: "696",
        shared_buffers: "2GB",
        log_min_duration_statement: "1000",
      }),
    );
  });

  test.each([
    [{ maxConnections: 399 }, "maxConnections must be a whole number from 400 to 262143 (got 399)"],
    [
      { statementTimeoutMs: 14_999 },
      "statementTimeoutMs must be a whole number from 15000 to 60000 (got 14999)",
    ],
    [
      { statementTimeoutMs: 60_001 },
      "statementTimeoutMs must be a whole number from 15000 to 60000 (got 60001)",
    ],
  ])("%j is refused", (options, message) => {
    expect(() => GitlabServerSettings.forCloud(Cloud.AWS, options)).toThrow(message);
  });
});
