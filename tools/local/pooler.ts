/** PgBouncer with the settings that the library writes for the cluster, in a folder here. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PoolMode, SslMode } from "../../lib/database";
import { hbaConf, pgbouncerIni, type ResolvedEntry, resolveEntry } from "../../lib/pooling/private";
import { must, run } from "../machine/processes";
import type { LocalFolder, Settings } from "./folder";
import type { LocalStack } from "./stack";

/** Writes the files and starts PgBouncer. */
export function startPooler(
  folder: LocalFolder,
  settings: Settings,
  stack: LocalStack,
  ca: string,
  pgbouncer: string,
): void {
  const { coder, main, ci } = stack.databases;
  const entries: ResolvedEntry[] = [
    // Coder listens for notifications, which only a connection of its own gets.
    resolveEntry("local", { database: coder, component: "coder", mode: PoolMode.SESSION }),
    resolveEntry("local", { database: main, name: "gitlab_main", component: "gitlab" }),
    resolveEntry("local", { database: ci, name: "gitlab_ci", component: "gitlab" }),
  ];
  const home = folder.forServers("pgbouncer");
  const ini = pgbouncerIni({
    port: settings.poolerPort,
    configFolder: home,
    secretFolder: home,
    runFolder: home,
    serverSslMode: SslMode.VERIFY_FULL,
    serverCaFile: ca,
    serverCertificate: false,
    entries,
    watched: () => false,
    poolSize: () => 10,
    maxClientsOfPod: 100,
    knowsPreparedStatements: false,
  });
  const daemon = [
    "listen_addr = 127.0.0.1",
    `pidfile = ${join(home, "pid")}`,
    `logfile = ${join(home, "log")}`,
    "",
  ];
  folder.write(join(home, "pgbouncer.ini"), `${ini}${daemon.join("\n")}`);
  folder.write(join(home, "hba.conf"), hbaConf(entries, false));
  const { coder: coderPassword, gitlab: gitlabPassword } = settings.passwords;
  folder.write(join(home, "userlist.txt"), `"coder" "${coderPassword}"\n"gitlab" "${gitlabPassword}"\n`);
  must(pgbouncer, ["--daemon", "--quiet", join(home, "pgbouncer.ini")], { ...folder.user, cwd: home });
}

/** Ends PgBouncer, if it runs. */
export function stopPooler(folder: LocalFolder): void {
  const file = folder.join("pgbouncer", "pid");
  if (!existsSync(file)) return;
  const pid = readFileSync(file, "utf8").trim();
  // After a crash or a restart of the machine the number may be another program's.
  const runs = () => run("ps", ["-o", "args=", "-p", pid]).stdout.includes(folder.join("pgbouncer"));
  if (runs()) run("kill", ["-INT", pid]);
  for (let i = 0; i < 100 && runs(); i++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  rmSync(file, { force: true });
}
