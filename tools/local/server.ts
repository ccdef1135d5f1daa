/** A PostgreSQL of one's own, with TLS and passwords, as a managed server would have it. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeCertificates } from "../machine/certificates";
import { debianFolders, type PostgresTools } from "../machine/postgres";
import { findProgram, must, run } from "../machine/processes";
import type { LocalFolder, Settings } from "./folder";

export const ADMIN = "dbadmin";

/** @returns the file of the authority that signed the server's certificate. */
export function startServer(folder: LocalFolder, settings: Settings, tools: PostgresTools): string {
  const certificates = folder.forServers("certificates");
  // Made anew for each start: they hold for two days.
  const { ca, certificate, key } = makeCertificates(certificates);
  for (const file of [ca, certificate, key]) folder.own(file);
  const data = folder.join("postgres");
  if (!existsSync(join(data, "PG_VERSION"))) {
    folder.forServers("postgres");
    const password = folder.join("admin-password");
    folder.write(password, settings.passwords.dbadmin);
    const how = ["--auth", "scram-sha-256", "--username", ADMIN, "--pwfile", password];
    must(tools.initdb, ["--pgdata", data, ...how, "--locale=C", "--encoding=UTF8"], as(folder));
    folder.write(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  }
  stopServer(folder, tools);
  const options = {
    port: settings.postgresPort,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: certificate,
    ssl_key_file: key,
  };
  const flags = Object.entries(options).map(([name, value]) => `-c ${name}='${value}'`);
  const log = folder.join("postgres", "server.log");
  must(
    pgCtl(tools),
    ["--pgdata", data, "--log", log, "--wait", "--silent", "--options", flags.join(" "), "start"],
    as(folder),
  );
  return ca;
}

/** Ends the server, if it runs. */
export function stopServer(folder: LocalFolder, tools: PostgresTools): void {
  const data = folder.join("postgres");
  if (existsSync(join(data, "postmaster.pid"))) {
    run(pgCtl(tools), ["--pgdata", data, "--mode", "fast", "--wait", "--silent", "stop"], as(folder));
  }
}

function pgCtl(tools: PostgresTools): string {
  // Beside the server itself: what is on PATH may be of another version.
  const found = findProgram(["pg_ctl"], [dirname(tools.postgres), ...debianFolders()]);
  if (!found) throw new Error("PostgreSQL's pg_ctl is not installed");
  return found;
}

function as(folder: LocalFolder) {
  return { ...folder.user, cwd: folder.path };
}
