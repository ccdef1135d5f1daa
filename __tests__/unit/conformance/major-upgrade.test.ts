/** A major version upgrade on each cloud: refused at synth if the service or an application refuses it, and a runbook in its order. */
import { spawnSync } from "node:child_process";
import type { TerraformStack } from "cdktf";
import { RdsReadReplica, RdsServer } from "../../../lib/aws";
import { MysqlReadReplica, PostgresReadReplica } from "../../../lib/azure";
import {
  DatabaseEngine,
  EngineFamily,
  type IDatabaseServer,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import { GitlabVersion } from "../../../lib/gitlab";
import { CloudSqlAdminLogin, CloudSqlReadReplica } from "../../../lib/google";
import { MajorUpgrade, type MajorUpgradeProps } from "../../../lib/recovery";
import { mysql as azureMysql, postgres as azurePostgres } from "../../support/azure-stack";
import { RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize } from "../../support/synth";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";

const pg = (version: PostgresVersion) => DatabaseEngine.postgres(version);
const [V16, V17, V18] = [pg(PostgresVersion.V16), pg(PostgresVersion.V17), pg(PostgresVersion.V18)] as const;
const [M80, M84] = [
  DatabaseEngine.mysql(MysqlVersion.V8_0),
  DatabaseEngine.mysql(MysqlVersion.V8_4),
] as const;

interface CloudCase {
  readonly cloud: string;
  readonly make: (stack: TerraformStack, engine: DatabaseEngine, replica?: boolean) => IDatabaseServer;
  /** Before the upgrade of a PostgreSQL server with a replica in its region. */
  readonly replicaOfPostgres: string;
}

const extended = (engine: DatabaseEngine) => (engine === M80 ? { acceptExtendedSupport: "8.0" } : {});

const CLOUDS: readonly CloudCase[] = [
  {
    cloud: "RDS",
    make: (stack, engine, replica) => {
      const source = rds(stack, {
        engine,
        ...extended(engine),
        allowMajorVersionUpgrade: true,
        applyImmediately: true,
      });
      if (replica) new RdsReadReplica(stack, "replica", { source });
      return source;
    },
    replicaOfPostgres: "replica is upgraded by the service, together with the server.",
  },
  {
    cloud: "Cloud SQL",
    make: (stack, engine, replica) => {
      const adminLogin = CloudSqlAdminLogin.generated();
      const source = cloudSql(stack, { engine, adminLogin, ...extended(engine) });
      if (replica) new CloudSqlReadReplica(stack, "replica", { source });
      return source;
    },
    replicaOfPostgres: "Remove the read replicas",
  },
  {
    cloud: "Azure",
    make: (stack, engine, replica) => {
      if (engine.family === EngineFamily.MYSQL) {
        const source = azureMysql(stack, { engine });
        if (replica) new MysqlReadReplica(stack, "replica", { source });
        return source;
      }
      const source = azurePostgres(stack, { engine });
      if (replica) new PostgresReadReplica(stack, "replica", { source });
      return source;
    },
    replicaOfPostgres: "Remove the read replicas",
  },
];

function upgrade(
  stack: TerraformStack,
  server: IDatabaseServer,
  props: Partial<MajorUpgradeProps> = {},
): MajorUpgrade {
  const databases = [server.database("shop")];
  return new MajorUpgrade(stack, "upgrade", {
    server,
    from: V16,
    to: V17,
    databases,
    backend: new RecordingBackend(),
    ...props,
  });
}

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, "gms"))].map(
    ([, block]) => block as string,
  );

describe.each(CLOUDS)("on $cloud", ({ make, replicaOfPostgres }) => {
  const problems = (props: Partial<MajorUpgradeProps>, engine = V16) =>
    problemsOf((stack) => upgrade(stack, make(stack, engine), props)).filter((each) =>
      each.includes("UPGRADE-"),
    );

  test("the runbook has its steps in their order, and commands that Bash reads", () => {
    const { json } = synthesize((stack) => {
      const text = upgrade(stack, make(stack, V16, true)).toMarkdown();
      const phases = [...text.matchAll(/^### \d+\. (.*)$/gm)].map(([, title]) => title);
      expect(phases.filter((title) => !title?.startsWith("Read replicas"))).toEqual([
        "Checks",
        "Backup",
        "Upgrade",
        "End",
      ]);
      expect(text).toContain(replicaOfPostgres);
      expect(text).toContain("engine: DatabaseEngine.postgres(PostgresVersion.V17),");
      expect(text).toMatch(/^## Way back$/m);
      for (const block of blocks(text, "bash")) {
        expect({ block, ...spawnSync("bash", ["-n"], { input: block, encoding: "utf8" }) }).toMatchObject({
          status: 0,
        });
      }
      outputs.push(...[...text.matchAll(/terraform output -raw (\w+)/g)].map(([, name]) => name as string));
      const commands = blocks(text, "bash").join("\n");
      const assigned = [...commands.matchAll(/^(?:export )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
      const used = [...commands.matchAll(/\$([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name);
      expect(used.filter((name) => name !== "PWD" && !assigned.includes(name))).toEqual([]);
    });
    expect(outputs.splice(0).filter((name) => json.output[name] === undefined)).toEqual([]);
  });
  const outputs: string[] = [];

  test("replicas of MySQL are upgraded before their source", () => {
    synthesize((stack) => {
      const text = upgrade(stack, make(stack, M80, true), { from: M80, to: M84 }).toMarkdown();
      expect(text.indexOf("Upgrade the read replicas first")).toBeGreaterThan(0);
      expect(text.indexOf("Upgrade the read replicas first")).toBeLessThan(text.indexOf("### 3. Backup"));
      expect(text).toContain("engine: DatabaseEngine.mysql(MysqlVersion.V8_4),");
    });
  });

  test("the program looks before the upgrade, and gathers statistics after it", () => {
    const run = (engine: DatabaseEngine) => {
      const backend = new RecordingBackend();
      synthesize((stack) => {
        const made = upgrade(stack, make(stack, engine), { backend });
        expect(made.upgraded).toBe(engine === V17);
      });
      return backend.programs.map(({ name, environment }) => [
        name,
        environment.UPGRADE_FROM,
        environment.UPGRADE_TO,
      ]);
    };
    expect(run(V16)).toEqual([["upgrade-check", "16", "17"]]);
    expect(run(V17)).toEqual([["after-upgrade", "16", "17"]]);
  });

  test("an upgrade to an older version, or another engine, is refused", () => {
    expect(problems({ from: V16, to: V16 })).toEqual([
      '[upgrade] UPGRADE-TO: to must be a later major version than PostgreSQL 16, of the same engine (got "PostgreSQL 16")',
    ]);
    expect(problems({ to: M84 })).toEqual([expect.stringContaining("of the same engine")]);
  });

  test("a step over a series of MySQL is refused", () => {
    const M57 = DatabaseEngine.mysql(MysqlVersion.V5_7);
    expect(problems({ from: M57, to: M84 }, M84)).toEqual([
      expect.stringContaining("must be a version that the service upgrades MySQL 5.7 to in one step: 8.0"),
    ]);
  });

  test("a server of a third version is refused", () => {
    expect(problems({ from: V17, to: V18 })).toEqual([
      expect.stringContaining(
        "server.engine must be PostgreSQL 17 before the upgrade and PostgreSQL 18 after it",
      ),
    ]);
  });

  test("an application that does not support one of the versions is refused, with the way out", () => {
    const applications = [GitlabVersion.of("17.11").supportedEngine];
    expect(problems({ applications })).toEqual([
      expect.stringMatching(
        /applications\[0\] must support PostgreSQL 17, which it uses after the upgrade: it supports 14 to 16.*upgrade the application first/,
      ),
    ]);
    expect(problems({ applications: [GitlabVersion.of("18.5").supportedEngine] })).toEqual([]);
  });
});

test("a database of another server is refused, though that server can be upgraded too", () => {
  const found = problemsOf((stack) => {
    const first = rds(stack, { engine: V16 });
    const other = new RdsServer(stack, "other", {
      engine: V16,
      size: MachineSize.general(2),
      storage: { sizeGiB: 100 },
      network: first.network,
    });
    upgrade(stack, first, { databases: [first.database("shop"), other.database("coder")] });
  });
  expect(found.join("\n")).toMatch(/UPGRADE-DATABASES: databases must be on .*postgres: it is on .*other/);
});

test("a database that is named twice is refused, and so is a second upgrade of a server", () => {
  const found = problemsOf((stack) => {
    const server = rds(stack, { engine: V16 });
    const database = server.database("shop");
    upgrade(stack, server, { databases: [database, database] });
    const backend = new RecordingBackend();
    new MajorUpgrade(stack, "again", { server, from: V16, to: V17, databases: [database], backend });
  });
  expect(found).toEqual([
    '[upgrade] UPGRADE-DATABASES-TWICE: databases must have each database once (got "shop")',
    expect.stringContaining(
      "[again] UPGRADE-SERVER-TWICE: server must have one MajorUpgrade: test/upgrade upgrades it",
    ),
  ]);
});
