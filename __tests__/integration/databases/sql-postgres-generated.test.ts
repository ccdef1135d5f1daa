/**
 * Generated descriptions on PostgreSQL 13 to 18, with an administrator that is no superuser: a run leads to the described catalog, a second
 * one says and changes nothing, and after drift a run corrects it or names what it cannot correct.
 */
import { dirname } from "node:path";
import fc from "fast-check";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { Postgres, type PostgresVersionTools, postgresVersions } from "../../../tools/machine/postgres";
import { describeWith } from "../../support/describe-with";
import {
  catalogQueries,
  expectedCatalog,
  type GeneratedCase,
  generatedCase,
} from "../../support/sql/generated-descriptions";
import { drifts } from "../../support/sql/generated-drift";
import { postgresProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

jest.setTimeout(900_000);

/** Change it to look for more; a failure prints it with the case. */
const SEED = Number(process.env.SQL_SEED ?? 20261127);
const CASES = Number(process.env.SQL_CASES ?? 200);
/** Cases in one description; the whole has to fit into one variable of a program. */
const BATCH = 17;
const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser", sslmode: "disable" };
const PLAIN = { PGSSLMODE: "disable", PGGSSENCMODE: "disable", PGHOST: "127.0.0.1" };

/** Components of several cases, as one description of a server. */
class Batch {
  public constructor(
    private readonly postgres: Postgres,
    private readonly version: PostgresVersionTools,
    private readonly cases: readonly GeneratedCase[],
  ) {}

  public async run(): Promise<{ code: number; stdout: string[]; stderr: string }> {
    const { postgres, version, cases } = this;
    const program = postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () =>
      cases.map((c) => c.component),
    );
    const logins = cases.flatMap((c) => c.component.logins);
    const done = await runProgram(program, {
      ca: postgres.ca,
      path: `${dirname(version.tools.psql)}:${process.env.PATH}`,
      secrets: {
        admin: postgres.admin.password,
        ...Object.fromEntries(logins.map((l) => [loginPasswordKey(l), `pw ' \\ ${l.login.username}`])),
      },
      environment: PLAIN,
    });
    return { ...done, stdout: done.stdout.trim().split("\n") };
  }

  /** The catalog as lines, by the prefix of the case. */
  public catalog(): Map<string, string[]> {
    const { server, database } = catalogQueries(this.version.version);
    const names = this.cases.flatMap((c) => c.component.databases.map((d) => d.name));
    const script = [
      `${server};`,
      ...names.flatMap((name) => [`\\connect -reuse-previous=on "dbname='${name}'"`, `${database};`]),
    ];
    const lines = this.superuser(script.join("\n"));
    return new Map(
      this.cases.map(({ prefix }) => [
        prefix,
        [...new Set(lines.filter((line) => line.includes(` ${prefix}`)))].sort(),
      ]),
    );
  }

  /** Oids, grantors and verifiers, which a run with nothing to do leaves as they are. */
  public everything(): string[] {
    return this.superuser(
      `SELECT a::text FROM pg_authid a UNION ALL SELECT m::text FROM pg_auth_members m UNION ALL SELECT s::text FROM pg_db_role_setting s
       UNION ALL SELECT datname || coalesce(datacl::text, '') FROM pg_database ORDER BY 1`,
    );
  }

  public superuser(sql: string): string[] {
    return this.postgres.query(sql, SUPERUSER);
  }
}

describeWith("generated descriptions on PostgreSQL", postgresVersions, (versions) => {
  test("are run on every version from 13 to 18", () => {
    expect(versions.map((v) => v.version)).toEqual([13, 14, 15, 16, 17, 18]);
  });

  const perVersion = Math.ceil(CASES / versions.length);
  const all = Array.from(
    { length: CASES },
    (_, i) => fc.sample(fc.noBias(generatedCase(i)), { seed: SEED + i, numRuns: 1 })[0]!,
  );

  test.each(
    versions.map(
      (version, i) => [version.version, version, all.slice(i * perVersion, (i + 1) * perVersion)] as const,
    ),
  )("PostgreSQL %s: catalog as described, then nothing to do, then drift", async (number, version, cases) => {
    const started = Date.now();
    const postgres = await Postgres.start(version.tools);
    const seen: string[] = [];
    try {
      postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
      postgres.query("CREATE ROLE stranger LOGIN PASSWORD 'stranger'", SUPERUSER);
      for (let at = 0; at < cases.length; at += BATCH) {
        const batch = new Batch(postgres, version, cases.slice(at, at + BATCH));
        const expectCatalog = (when: string) => {
          const catalog = batch.catalog();
          for (const each of cases.slice(at, at + BATCH)) {
            const context = `seed ${SEED}, case ${each.prefix}, ${when}`;
            const expected = expectedCatalog(each, number, postgres.admin.user);
            try {
              expect([context, ...catalog.get(each.prefix)!]).toEqual([context, ...expected]);
            } catch (error) {
              console.log(
                context,
                JSON.stringify(each.component, (key, value) => (key === "password" ? undefined : value)),
              );
              throw error;
            }
          }
        };
        const first = await batch.run();
        expect([`seed ${SEED}`, first.code, first.stderr]).toEqual([`seed ${SEED}`, 0, ""]);
        expectCatalog("after the first run");

        const before = batch.everything();
        const second = await batch.run();
        const said = second.stdout.filter((line) => !line.startsWith("found, and not described: "));
        expect([`seed ${SEED}`, second.code, second.stderr, ...said]).toEqual([
          `seed ${SEED}`,
          0,
          "",
          "The server is as wanted.",
        ]);
        expect(batch.everything()).toEqual(before);

        const drift = cases.slice(at, at + BATCH).flatMap((each) => drifts(each, number));
        seen.push(...drift.map((d) => d.kind));
        const apply = (parts: readonly { database?: string; sql: string }[]) =>
          batch.superuser(
            [
              "\\set ON_ERROR_STOP on",
              ...parts.map(
                ({ database, sql }) =>
                  `\\connect -reuse-previous=on "dbname='${database ?? "postgres"}'"\n${sql};\nRESET SESSION AUTHORIZATION;`,
              ),
            ].join("\n"),
          );
        apply(drift);
        const third = await batch.run();
        const refused = drift.filter((d) => d.refused !== undefined);
        for (const { refused: names } of refused) expect(third.stderr).toContain(names);
        expect([`seed ${SEED}`, third.code, refused.length > 0 ? "" : third.stderr]).toEqual([
          `seed ${SEED}`,
          refused.length > 0 ? 1 : 0,
          "",
        ]);
        apply(refused.map((d) => ({ sql: d.undo! })));
        expectCatalog(`after ${drift.map((d) => d.kind).join(", ")}`);
        const fourth = await batch.run();
        expect([fourth.code, fourth.stderr]).toEqual([0, ""]);
        expectCatalog("at the end");
      }
    } finally {
      await postgres.stop();
    }
    console.log(
      `PostgreSQL ${number}: ${cases.length} cases, ${seen.length} drifts of ${new Set(seen).size} kinds, ${((Date.now() - started) / 1000).toFixed(0)} s`,
    );
  });
});
