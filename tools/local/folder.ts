/** What the local reference keeps between commands: one folder, which `down` removes. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { PostgresTools } from "../machine/postgres";
import { freePort } from "../machine/processes";

/** Who logs in. The keys are the names of Terraform's variables. */
export interface Passwords {
  readonly dbadmin: string;
  readonly coder: string;
  readonly gitlab: string;
}

export interface Settings {
  readonly postgresPort: number;
  readonly poolerPort: number;
  readonly passwords: Passwords;
}

export class LocalFolder {
  /** The user that servers run as when this runs as root: they refuse to. */
  public readonly user: PostgresTools["user"];

  public constructor(
    public readonly path: string,
    tools: PostgresTools,
  ) {
    this.user = tools.user;
  }

  public join(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** Throws for a folder with something else in it: `down` removes the whole folder. */
  public mustBeOurs(): void {
    if (!existsSync(this.path) || existsSync(this.join("settings.json"))) return;
    if (readdirSync(this.path).length > 0) {
      throw new Error(`${this.path} holds something else; name an empty folder or a new one`);
    }
  }

  /** Makes the folder, if need be, and gives the ports and passwords chosen the first time. */
  public async open(): Promise<Settings> {
    this.mustBeOurs();
    mkdirSync(this.path, { recursive: true });
    chmodSync(this.path, 0o755);
    const file = this.join("settings.json");
    if (!existsSync(file)) {
      const password = () => randomBytes(24).toString("base64url");
      const settings: Settings = {
        postgresPort: await freePort(),
        poolerPort: await freePort(),
        passwords: { dbadmin: password(), coder: password(), gitlab: password() },
      };
      writeFileSync(file, JSON.stringify(settings, undefined, 2), { mode: 0o600 });
    }
    return JSON.parse(readFileSync(file, "utf8")) as Settings;
  }

  /** Makes a folder that the servers' user may write to. */
  public forServers(name: string): string {
    const path = this.join(name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.own(path);
    return path;
  }

  /** Writes a file for the servers' user, and for nobody else. */
  public write(path: string, text: string): void {
    writeFileSync(path, text, { mode: 0o600 });
    this.own(path);
  }

  public own(path: string): void {
    if (this.user) chownSync(path, this.user.uid, this.user.gid);
  }
}
