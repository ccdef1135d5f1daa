// The text of a gitlab.rb, setting by setting, and what has to be on the machine beside it. Secrets are in files of their own
// that the program reads: it is Ruby, and this is the one way that works for every component alike. `db_extra_config_command`
// knows Rails only, and environment variables do not survive until the next `gitlab-ctl reconfigure`.

import type { SecretValue } from "../../database";
import { type RubyCode, rubyFile, rubyText, rubyValue } from "../../pooling";

/** A file without secrets that a machine needs. */
export interface LinuxPackageFile {
  /** The absolute path. */
  readonly path: string;
  /** The content; may be a token. */
  readonly content: string;
  /** The permissions in octal, such as `0644`. */
  readonly permissions: string;
}

/** A file with a secret that a machine needs; owner root, permissions 0600, or 0640 where it has a group. */
export interface LinuxPackageSecretFile {
  /** The absolute path. */
  readonly path: string;
  /** The content, for write-only arguments: `md5` of a password and user is made by Terraform, too. */
  readonly content: SecretValue;
  /** The group that reads it as well, since a program without root's rights opens it by itself. @default - none */
  readonly group?: string;
}

/** One machine's gitlab.rb while it is written. @internal */
export class GitlabRb {
  /** What was set, such as `postgresql.enable`. */
  public readonly settings = new Set<string>();
  public readonly files: LinuxPackageFile[] = [];
  public readonly secrets: LinuxPackageSecretFile[] = [];
  private readonly lines: string[] = [];
  private readonly secretFolder: string;

  public constructor(secretFolder: string) {
    this.secretFolder = secretFolder;
  }

  /** The first lines. The package reads the file in the machine's own encoding unless the first line names one. */
  public header(text: string): void {
    this.lines.push("# encoding: utf-8", `# ${text}`);
  }

  /** A remark above what follows. */
  public comment(text: string): void {
    this.lines.push("", `# ${text}`);
  }

  /** A setting at the top, such as `external_url`. */
  public top(name: string, value: unknown): void {
    this.settings.add(name);
    this.lines.push(name === "roles" ? `roles(${rubyValue(value)})` : `${name} ${rubyValue(value)}`);
  }

  /** Settings of one section, in order; those without a value are left out. */
  public section(name: string, settings: { readonly [key: string]: unknown }): void {
    for (const [path, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      this.settings.add(`${name}.${path}`);
      const keys = path.split("/").map((key) => `[${rubyText(key)}]`);
      this.lines.push(`${name}${keys.join("")} = ${rubyValue(value)}`);
    }
  }

  /** Text that something else wrote; `sets` says what it sets. */
  public text(text: string, sets: readonly string[]): void {
    for (const each of sets) this.settings.add(each);
    this.lines.push("", text.trimEnd());
  }

  /** A file beside gitlab.rb. */
  public file(path: string, content: string, permissions = "0644"): string {
    if (!this.files.some((each) => each.path === path)) this.files.push({ path, content, permissions });
    return path;
  }

  /** A secret's file, as the Ruby that reads it. */
  public secret(name: string, content: SecretValue): RubyCode {
    return rubyFile(this.secretFile(`${this.secretFolder}/${name}`, content));
  }

  /** A secret's file that others read. */
  public secretFile(path: string, content: SecretValue, group?: string): string {
    if (!this.secrets.some((each) => each.path === path)) this.secrets.push({ path, content, group });
    return path;
  }

  /** A secret that each machine has another of, and which is no business of Terraform. */
  public foreignSecret(name: string): RubyCode {
    return rubyFile(`${this.secretFolder}/${name}`);
  }

  public toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}
