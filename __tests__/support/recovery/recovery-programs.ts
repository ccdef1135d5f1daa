/** The programs of the images of backup and rehearsal jobs, in folders that every user may read. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { debianFolders, type PostgresTools, postgresTools } from "../../../tools/machine/postgres";
import { Unavailable } from "../../../tools/machine/unavailable";
import { type MysqlTools, mariadbTools, mysqlTools } from "../servers/mysql";
import { type ObjectStoreTools, objectStoreTools } from "../servers/object-stores";

export interface RecoveryTools {
  readonly stores: ObjectStoreTools;
  readonly postgres: PostgresTools;
  readonly mariadb: MysqlTools;
  readonly mysql: MysqlTools;
}

export function recoveryTools(): RecoveryTools | Unavailable {
  const tools = {
    stores: objectStoreTools(),
    postgres: postgresTools(),
    mariadb: mariadbTools(),
    mysql: mysqlTools(),
  };
  const missing = Object.values(tools).find((tool) => tool instanceof Unavailable);
  return missing instanceof Unavailable ? missing : (tools as RecoveryTools);
}

/** PATH of an image: rclone, and the programs of an engine. */
export interface ImagePath {
  readonly path: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Folder with the programs of the images; call `remove` at the end. */
export class RecoveryPrograms {
  public readonly folder = mkdtempSync(join(tmpdir(), "devplatforms-images-"));

  public constructor(private readonly tools: RecoveryTools) {
    chmodSync(this.folder, 0o755);
    const rclone = join(this.folder, "rclone");
    copyFileSync(tools.stores.rclone, rclone);
    chmodSync(rclone, 0o755);
  }

  public postgres(): ImagePath {
    // Debian's own programs on PATH are a script in Perl, which takes ten times as long to start.
    const bin =
      debianFolders().find((folder) => existsSync(join(folder, "initdb"))) ??
      dirname(this.tools.postgres.initdb);
    return { path: this.pathOf(bin), user: this.tools.postgres.user };
  }

  public mariadb(): ImagePath {
    return { path: this.pathOf(), user: userOf(this.tools.mariadb) };
  }

  /** The real server of MySQL; its clients are MariaDB's, since the artifact has none. */
  public mysql(): ImagePath {
    const bin = join(this.folder, "mysql");
    const { server } = this.tools.mysql;
    if (!existsSync(bin)) {
      mkdirSync(bin);
      const root = process.getuid?.() === 0 ? " --user=root" : "";
      const text = `#!/bin/sh\nexec ${server} "$@" --basedir=${dirname(dirname(server))}${root}\n`;
      writeFileSync(join(bin, "mysqld"), text, { mode: 0o755 });
    }
    return { path: `${bin}:${this.pathOf()}` };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pathOf(...folders: string[]): string {
    return [this.folder, ...folders, "/usr/sbin", "/usr/bin", "/bin"].join(":");
  }
}

function userOf({ user }: MysqlTools): ImagePath["user"] {
  return user && { uid: user.uid, gid: user.gid };
}
