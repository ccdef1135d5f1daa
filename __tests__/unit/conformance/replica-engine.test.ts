/** The version of a MySQL read replica, which is upgraded before its source, on each cloud. */
import type { TerraformStack } from "cdktf";
import { RdsReadReplica } from "../../../lib/aws";
import { MysqlReadReplica } from "../../../lib/azure";
import { DatabaseEngine, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { CloudSqlReadReplica } from "../../../lib/google";
import { mysql } from "../../support/azure-stack";
import { problemsOf } from "../../support/synth";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";

const V80 = DatabaseEngine.mysql(MysqlVersion.V8_0);
const V84 = DatabaseEngine.mysql(MysqlVersion.V8_4);
const PG = DatabaseEngine.postgres(PostgresVersion.V17);

type Build = (stack: TerraformStack, source: DatabaseEngine, engine: DatabaseEngine) => void;

const CLOUDS: [string, Build][] = [
  [
    "RDS",
    (stack, source, engine) => {
      const acceptExtendedSupport = source === V80 ? "8.0" : undefined;
      const made = rds(stack, { engine: source, acceptExtendedSupport });
      new RdsReadReplica(stack, "replica", { source: made, engine, applyImmediately: true });
    },
  ],
  [
    "Cloud SQL",
    (stack, source, engine) => {
      const acceptExtendedSupport = source === V80 ? "8.0" : undefined;
      new CloudSqlReadReplica(stack, "replica", {
        source: cloudSql(stack, { engine: source, acceptExtendedSupport }),
        engine,
      });
    },
  ],
  [
    "Azure",
    (stack, source, engine) => {
      new MysqlReadReplica(stack, "replica", { source: mysql(stack, { engine: source }), engine });
    },
  ],
];

describe.each(CLOUDS)("a MySQL read replica on %s", (_cloud, build) => {
  const problems = (source: DatabaseEngine, engine: DatabaseEngine) =>
    problemsOf((stack) => build(stack, source, engine)).filter((each) => each.includes("engine must"));

  test("may be newer than its source, or equal", () => {
    expect(problems(V80, V84)).toEqual([]);
    expect(problems(V84, V84)).toEqual([]);
  });

  test("is not older, which MySQL cannot replicate to", () => {
    expect(problems(V84, V80)).toEqual([
      expect.stringMatching(
        /^\[replica\] \S+-ENGINE: engine must not be older than the source's, MySQL 8.4, .* \(got "MySQL 8.0"\); upgrade the replicas before their source$/,
      ),
    ]);
  });
});

test.each(CLOUDS.slice(0, 2))(
  "a PostgreSQL read replica on %s has the version of its source",
  (_cloud, build) => {
    expect(problemsOf((stack) => build(stack, PG, PG))).toEqual([
      expect.stringContaining("engine must be left out unless replica and source are MySQL"),
    ]);
  },
);

test("RDS upgrades a replica at once, not in the maintenance window", () => {
  expect(
    problemsOf((stack) => {
      const source = rds(stack, { engine: V80, acceptExtendedSupport: "8.0" });
      new RdsReadReplica(stack, "replica", { source, engine: V84 });
    }),
  ).toEqual([
    expect.stringContaining("RDS-APPLY-IMMEDIATELY: applyImmediately must be true with an engine newer"),
  ]);
});
