/** A thousand generated names and passwords: made exactly as they are, or refused with a clear error, and never read as SQL. */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { dirname } from "node:path";
import type { TerraformStack } from "cdktf";
import { ComponentObjects, DatabaseObjects, SqlGrantTarget, SqlPrivilege } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { describeWith } from "../../support/describe-with";
import { nastyText, Random } from "../../support/random";
import { login, postgresProgram, postgresServer } from "../../support/sql/sql-fixtures";
import { RecordingBackend, runProgram } from "../../support/sql/sql-program";
import { problemsOf } from "../../support/synth";

jest.setTimeout(600_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser", sslmode: "disable" };
const CASES = 1000;
/** So many logins in one description; the whole has to fit into one variable of a program. */
const BATCH = 125;

interface Case {
  readonly name: string;
  readonly password: string;
}

describeWith("a thousand names and passwords on PostgreSQL", postgresTools, (tools) => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    // Without TLS, which is not what this is about and costs the most.
    postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
  });
  afterAll(() => postgres?.stop());

  const random = new Random(5432);
  const cases: Case[] = Array.from({ length: CASES }, (_, i) => ({
    name: nameOf(random, i),
    password: passwordOf(random, i),
  }));
  const legal = (name: string) =>
    Buffer.byteLength(name) <= 63 &&
    name !== "" &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    !/[\u0000-\u001f\u007f]|^pg_/i.test(name) &&
    !["public", "none"].includes(name.toLowerCase()) &&
    // What looks like a template is Terraform's, and then needs an id.
    !/(^|[^$])\$\{|(^|[^%])%\{/.test(name);

  const problemsWith = (name: string): string[] =>
    problemsOf((stack: TerraformStack) => {
      const server = postgresServer(stack);
      const component = new ComponentObjects({
        component: "c",
        logins: [{ login: login(name) }],
        databases: [],
      });
      new DatabaseObjects(stack, "objects", {
        server,
        components: [component],
        backend: new RecordingBackend(),
      });
    });

  test("the generated names are of every kind", () => {
    const refused = cases.filter(({ name }) => !legal(name)).length;
    console.log(`${CASES} names: ${CASES - refused} to be made, ${refused} to be refused`);
    expect(refused).toBeGreaterThan(100);
    expect(CASES - refused).toBeGreaterThan(600);
  });

  test("illegal names are refused at synth, with the name and what is allowed; legal ones are not", () => {
    for (const { name } of cases) {
      const problems = problemsWith(name);
      expect([name, problems.length > 0]).toEqual([name, !legal(name)]);
      if (!legal(name))
        expect(problems.join()).toMatch(
          /must be 1 to 63 bytes|reserves|must be set when the user name is known only at apply/,
        );
    }
  });

  test("illegal names that only Terraform knows are refused by the program", async () => {
    const program = postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () => [
      new ComponentObjects({ component: "c", logins: [{ login: login("PLACE") }], databases: [] }),
    ]);
    const before = postgres.query("SELECT rolname FROM pg_roles ORDER BY 1", SUPERUSER);
    for (const name of ["a".repeat(64), "é".repeat(32), "line\nbreak", "tab\tstop", ""]) {
      const desired = program.environment.SQL_DESIRED!.replace('"PLACE"', JSON.stringify(name));
      const done = await runProgram(program, {
        ca: postgres.ca,
        path: `${dirname(tools.psql)}:${process.env.PATH}`,
        secrets: { admin: postgres.admin.password, [loginPasswordKey({ login: login("PLACE") })]: "x" },
        environment: { ...PLAIN, SQL_DESIRED: desired },
      });
      expect(done.stderr).toMatch(/PostgreSQL takes 1 to 63|holds a control character/);
      expect(done.code).not.toBe(0);
    }
    expect(postgres.query("SELECT rolname FROM pg_roles ORDER BY 1", SUPERUSER)).toEqual(before);
  });

  test("legal names and their passwords are made exactly", async () => {
    const unique = [...new Map(cases.filter(({ name }) => legal(name)).map((c) => [c.name, c])).values()];
    const before = postgres.query("SELECT rolname FROM pg_roles", SUPERUSER).length;
    const batches = Array.from({ length: Math.ceil(unique.length / BATCH) }, (_, i) =>
      unique.slice(i * BATCH, (i + 1) * BATCH),
    );
    for (const batch of batches) {
      const [first, second] = batch as [Case, Case];
      const program = postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () => [
        new ComponentObjects({
          component: "c",
          logins: batch.map(({ name }) => ({ login: login(name) })),
          databases: [
            {
              name: `${[...first.name].slice(0, 9).join("")} db`,
              owner: first.name,
              settings: [
                { name: "application_name", values: [first.password.slice(0, 20).replace(/[$%]\{/g, "")] },
              ],
              schemas: batch
                .slice(0, 30)
                .map(({ name }) => ({ name: `s${[...name].slice(0, 14).join("")}` }))
                .filter((s, i, all) => all.findIndex((o) => o.name === s.name) === i),
              grants: [
                {
                  on: SqlGrantTarget.SCHEMA,
                  schema: "public",
                  grantee: second.name,
                  privileges: [SqlPrivilege.CREATE],
                },
              ],
            },
          ],
        }),
      ]);
      const secrets = Object.fromEntries(
        batch.map((c) => [loginPasswordKey({ login: login(c.name) }), c.password]),
      );
      const options = {
        ca: postgres.ca,
        path: `${dirname(tools.psql)}:${process.env.PATH}`,
        secrets: { admin: postgres.admin.password, ...secrets },
        environment: PLAIN,
      };
      const done = await runProgram(program, options);
      expect([done.code, done.stderr]).toEqual([0, ""]);
    }
    // Each name is there, letter for letter, and none besides: the connect roles of the batches' databases.
    const made = postgres.query(
      "SELECT encode(convert_to(rolname::text, 'UTF8'), 'hex') || ' ' || coalesce(rolpassword, '') FROM pg_authid",
      SUPERUSER,
    );
    expect(made.length).toBe(before + unique.length + batches.length);
    const verifiers = new Map(made.map((line) => line.split(" ") as [string, string]));
    for (const { name, password } of unique) {
      const verifier = verifiers.get(Buffer.from(name).toString("hex"));
      expect([name, verifier !== undefined && verifies(verifier, password)]).toEqual([name, true]);
    }
    for (const { name, password } of unique.slice(0, 40)) {
      const done = postgres.psql("SELECT current_user", { user: name, password, sslmode: "disable" });
      expect([name, password, done.code, done.stdout.replace(/\n$/, "")]).toEqual([name, password, 0, name]);
    }
    console.log(`${unique.length} logins with their passwords made exactly`);
  });

  const PLAIN = { PGSSLMODE: "disable", PGGSSENCMODE: "disable", PGHOST: "127.0.0.1" };
});

function nameOf(random: Random, i: number): string {
  const text = nastyText(random, 9);
  // One in eight breaks a rule; others stand at the limit of 63 bytes, in letters of several bytes too.
  switch (i % 16) {
    case 0:
      return `${text}\n${i}`;
    case 1:
      return text + "x".repeat(64);
    case 2:
      return "x".repeat(63 - String(i).length) + i;
    case 3:
      return `${"é".repeat(29)}${String(i).padStart(5, "0")}`;
    case 4:
      return random.pick(["public", "PUBLIC", "none", "pg_x", "PG_y", "\u0001a", "del\u007f"]);
    default:
      return `${text}${i}`;
  }
}

function passwordOf(random: Random, i: number): string {
  const text = nastyText(random, 12).trim();
  return i % 5 === 0 ? `${text}${"pÄ$'".repeat(60)}` : text || "x";
}

/** Whether a SCRAM verifier is a password's, as RFC 5802 has it: PostgreSQL's server is not asked. */
function verifies(verifier: string, password: string): boolean {
  const match = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(verifier);
  if (!match) return false;
  const [, iterations, salt, storedKey] = match as unknown as [string, string, string, string];
  // SASLprep, as far as it matters here: compatible forms are one, and what it forbids is taken as it is.
  const prepared = password.replace(/[\u00a0]/g, " ").normalize("NFKC");
  return [prepared, password].some((form) => {
    const salted = pbkdf2Sync(form, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
    const client = createHmac("sha256", salted).update("Client Key").digest();
    return createHash("sha256").update(client).digest("base64") === storedKey;
  });
}
