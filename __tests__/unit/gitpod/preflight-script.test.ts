/** Messages of the preflight for errors of the mysql client that the test servers do not produce; others are tested on real servers. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PREFLIGHT_SCRIPT } from "../../../lib/gitpod/database/scripts/preflight-script";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gitpod-look-"));
  for (const name of ["bin", "secret"]) mkdirSync(join(root, name));
  const secret = { host: "db.internal", port: "3306", username: "gitpod", password: "Abcdefghij123456" };
  for (const [name, value] of Object.entries({ ...secret, encryptionKeys: "[]" })) {
    writeFileSync(join(root, "secret", name), value);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param client what the client does with its last argument, `--execute=...`, in `$last` */
function look(client: string) {
  const program = join(root, "bin", "mysql");
  const head =
    '#!/bin/sh\nfor last; do :; done\n[ "$last" = --version ] && { echo "mysql  Ver 8.4.6"; exit 0; }\n';
  writeFileSync(program, `${head}${client}\n`);
  chmodSync(program, 0o755);
  return spawnSync("sh", ["-c", PREFLIGHT_SCRIPT], {
    encoding: "utf8",
    env: {
      PATH: `${join(root, "bin")}:${process.env.PATH}`,
      GITPOD_SECRET: join(root, "secret"),
      GITPOD_CA: "",
      GITPOD_DATABASES: "gitpod",
      GITPOD_MYSQL: "8.0",
      GITPOD_TRIES: "3",
      GITPOD_PAUSE: "0",
    },
  });
}

test("the mysql client's refusal to send a caching_sha2 password without TLS is reported, not retried", () => {
  const said =
    "ERROR 2061 (HY000): Authentication plugin 'caching_sha2_password' reported error: Authentication requires secure connection.";
  const done = look(`echo "${said}" >&2; exit 1`);
  expect([done.status, done.stderr]).toEqual([
    1,
    `error: the password of gitpod is kept for caching_sha2_password, and Gitpod knows mysql_native_password only: ${said}\n`,
  ]);
});

test("a server that stops answering is named", () => {
  const said = "ERROR 2013 (HY000): Lost connection to MySQL server during query";
  const done = look(`case $last in *'SELECT 1') echo 1 ;; *) echo "${said}" >&2; exit 1 ;; esac`);
  expect([done.status, done.stderr]).toEqual([
    1,
    `error: the server at db.internal stopped answering: ${said}\n`,
  ]);
});
