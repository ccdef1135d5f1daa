// The text of a gitlab.rb, setting by setting, and the files that the machine needs with it. Secrets are in separate files, which the
// Ruby code reads: this is the only way that works for every component. `db_extra_config_command` is for Rails only, and environment
// variables are lost before the next `gitlab-ctl reconfigure`.

import type { SecretValue } from "../../database";
import { type RubyCode, rubyFile, rubyText, rubyValue } from "../../pooling/private";

/** A file without secrets on a machine. */
export interface LinuxPackageFile {
  /** Absolute path. */
  readonly path: string;
  /** Content; may be a token. */
  readonly content: string;
  /** Permissions in octal, such as `0644`. */
  readonly permissions: string;
}

/** A file with a secret on a machine; owner root, permissions 0600, or 0640 if it has a group. */
export interface LinuxPackageSecretFile {
  /** Absolute path. */
  readonly path: string;
  /** Content, for write-only arguments; Terraform also computes the MD5 hashes of passwords. */
  readonly content: SecretValue;
  /** Group with read access, for programs that do not run as root. @default - none */
  readonly group?: string;
}

/** Builder of one machine's gitlab.rb. @internal */
export class GitlabRb {
  /** Settings that are set, such as `postgresql.enable`. */
  public readonly settings = new Set<string>();
  public readonly files: LinuxPackageFile[] = [];
  public readonly secrets: LinuxPackageSecretFile[] = [];
  private readonly lines: string[] = [];
  private readonly secretFolder: string;

  public constructor(secretFolder: string) {
    this.secretFolder = secretFolder;
  }

  /** First lines. The package reads the file in the machine's default encoding unless the first line names one. */
  public header(text: string): void {
    this.lines.push("# encoding: utf-8", `# ${text}`);
  }

  /** A comment above the next settings. */
  public comment(text: string): void {
    this.lines.push("", `# ${text}`);
  }

  /** A top-level setting, such as `external_url`. */
  public top(name: string, value: unknown): void {
    this.settings.add(name);
    this.lines.push(name === "roles" ? `roles(${rubyValue(value)})` : `${name} ${rubyValue(value)}`);
  }

  /** Settings of one section, in order, without those that are undefined. */
  public section(name: string, settings: { readonly [key: string]: unknown }): void {
    for (const [path, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      this.settings.add(`${name}.${path}`);
      const keys = path.split("/").map((key) => `[${rubyText(key)}]`);
      this.lines.push(`${name}${keys.join("")} = ${rubyValue(value)}`);
    }
  }

  /** Text from another generator; `sets` lists the settings in it. */
  public text(text: string, sets: readonly string[]): void {
    for (const each of sets) this.settings.add(each);
    this.lines.push("", text.trimEnd());
  }

  /** A file beside gitlab.rb. */
  public file(path: string, content: string, permissions = "0644"): string {
    if (!this.files.some((each) => each.path === path)) this.files.push({ path, content, permissions });
    return path;
  }

  /** Ruby code that reads a secret file. */
  public secret(name: string, content: SecretValue): RubyCode {
    return rubyFile(this.secretFile(`${this.secretFolder}/${name}`, content));
  }

  /** A secret file that another program reads. */
  public secretFile(path: string, content: SecretValue, group?: string): string {
    if (!this.secrets.some((each) => each.path === path)) this.secrets.push({ path, content, group });
    return path;
  }

  /** A per-host secret that Terraform does not manage. */
  public hostSecret(name: string): RubyCode {
    return rubyFile(`${this.secretFolder}/${name}`);
  }

  public toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}
