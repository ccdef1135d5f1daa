/**
 * GitLab's chart writes no TLS setting into `database.yml`: the environment that a release gives its pods, and the file of
 * authorities that it makes, are enough for libpq to check a real server, and to refuse another.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { TlsTrust } from "../../../lib/database";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { run } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { build, databaseOn, mainOn, serverIn } from "../../unit/gitlab/release-fixtures";

const STRANGER = rootCertificates[0] as string;

describeWith("GitLab's pods and a server's certificate", postgresTools, (tools) => {
  let postgres: Postgres;
  let folder: string;
  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    folder = mkdtempSync(join(tmpdir(), "devplatforms-gitlab-tls-"));
  });
  afterAll(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Connects as Rails does: with what `database.yml` has, and the pod's environment beside it. */
  function connect(main: Partial<TlsTrust>, other: string, host = "localhost") {
    const trust = { enforced: true, hostnameVerifiable: true };
    const { known, secretOf } = build({
      topology: (stack) => ({
        main: mainOn(serverIn(stack, "server", { tls: { ...trust, ...main } })),
        registry: databaseOn(
          serverIn(stack, "second", { tls: { ...trust, caCertificatesPem: other } }),
          "registry",
          "registry",
        ),
      }),
    });
    const { extraEnv } = known.gitlab.webservice;
    const file = join(folder, "gitlab-database-ca.pem");
    writeFileSync(file, secretOf("gitlab-database-ca").data["gitlab-database-ca.crt"]);
    expect(extraEnv.PGSSLROOTCERT).toBe("/etc/ssl/certs/gitlab-database-ca.pem");
    const { user, password } = postgres.admin;
    const connection = `host=${host} hostaddr=127.0.0.1 port=${postgres.port} dbname=postgres user=${user} connect_timeout=10`;
    const query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    return run(tools.psql, ["--no-psqlrc", "-Atc", query, connection], {
      env: { PATH: process.env.PATH, PGPASSWORD: password, ...extraEnv, PGSSLROOTCERT: file },
    });
  }

  const own = () => readFileSync(postgres.ca, "utf8");

  test.each([
    ["verify-full", true],
    ["verify-ca", false],
  ])("%s: the server is taken, with two authorities in the file", (_, hostnameVerifiable) => {
    const done = connect({ hostnameVerifiable, caCertificatesPem: own() }, STRANGER);
    expect([done.code, done.stdout.trim(), done.stderr]).toEqual([0, "t", ""]);
  });

  test("a server with another certificate authority is refused", () => {
    const done = connect({ caCertificatesPem: STRANGER }, STRANGER);
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain("certificate verify failed");
  });

  test("the certificate of another host is refused only where the host name is verified", () => {
    const named = connect({ caCertificatesPem: own() }, STRANGER, "db.internal");
    expect(named.stderr).toMatch(/server certificate for .*does not match host name "db\.internal"/);
    expect(
      connect({ hostnameVerifiable: false, caCertificatesPem: own() }, STRANGER, "db.internal").code,
    ).toBe(0);
  });
});
