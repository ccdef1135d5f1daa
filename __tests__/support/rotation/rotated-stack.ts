/**
 * A stack that rotates the password of an owner on a real server, applied by the real Terraform: the SQL program runs with
 * `LocalSqlBackend`; the application's Secret and the rollout of its pods, for which a real stack has a cluster, are files that commands of
 * Terraform write in the order of the real stacks (`__tests__/unit/stacks/rotation-order.test.ts`). An apply can be held at a step, and
 * killed there.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TerraformStack } from "cdktf";
import { TerraformVariable } from "cdktf";
import { DatabaseLogin, type IDatabase, SecretValue, TerraformData } from "../../../lib/database";
import {
  escapeTemplate,
  ownerOrAlternating,
  terraformCall,
  userVersions,
} from "../../../lib/database/private";
import type { SecretEntry } from "../../../lib/kubernetes";
import { cliConfiguration, type TerraformTools } from "../../../tools/machine/terraform";
import { writtenStack } from "../terraform/written-stack";

/** Content of the application's Secret, and what of its Helm values pods get beside it. */
export interface Application {
  readonly entries: readonly SecretEntry[];
  readonly values: { readonly [name: string]: string };
}

export interface RotatedStackOptions {
  readonly tools: TerraformTools;
  readonly ownerName: string;
  /** Password version from which users alternate; not set: one user. */
  readonly since?: number;
  /** Client whose starts are counted: an apply can be held at each of them. */
  readonly client: string;
  readonly variables: { readonly [name: string]: string };
  /** Makes server, database and its objects. */
  readonly build: (
    stack: TerraformStack,
    owner: DatabaseLogin,
    variable: (name: string) => SecretValue,
  ) => { readonly database: IDatabase; readonly dependables: { readonly fqn: string }[] };
  readonly application: (database: IDatabase) => Application;
}

/** A revision of the pods: the Helm values with which they start. */
export interface Revision {
  readonly revision: string;
  readonly values: { readonly [name: string]: string };
}

// The hold is for the test to kill the apply; when the test is gone, so is the folder.
const HOLD = `hold() {
  if [ "$(cat "$FOLDER/hold" 2>/dev/null)" = "$1" ]; then
    touch "$FOLDER/reached"
    while [ -e "$FOLDER/reached" ]; do sleep 0.1; done
  fi
}
`;

const SECRET = `${HOLD}hold secret
mkdir -p "$FOLDER/secrets/$SERIAL-$$"
for key in $KEYS; do
  eval "printf '%s' \\"\\$SECRET_$key\\"" >"$FOLDER/secrets/$SERIAL-$$/$key"
done
ln -sfn "$FOLDER/secrets/$SERIAL-$$" "$FOLDER/secret.new"
mv -T "$FOLDER/secret.new" "$FOLDER/secret"
hold secret-written
`;

const RELEASE = `${HOLD}hold release
printf '%s' "$REVISION" >"$FOLDER/release.new"
mv "$FOLDER/release.new" "$FOLDER/release"
while [ ! -e "$FOLDER/rolled-$SERIAL" ]; do
  if [ -e "$FOLDER/half-$SERIAL" ]; then hold release-half; fi
  sleep 0.1
done
hold released
`;

export class RotatedStack {
  /** Folder of the stack, the Secret and the release. */
  public readonly folder = mkdtempSync(join(tmpdir(), "devplatforms-rotation-"));
  private readonly passwords = new Map<string, string>();
  private readonly env: NodeJS.ProcessEnv;
  private version = 0;

  public constructor(private readonly options: RotatedStackOptions) {
    const rc = join(this.folder, ".terraform.rc");
    writeFileSync(rc, cliConfiguration(options.tools.mirror, undefined));
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    const name = options.client.split("/").at(-1) as string;
    writeFileSync(
      join(bin, name),
      `#!/bin/sh
${HOLD}
started=$(($(cat "$FOLDER/started" 2>/dev/null || echo 0) + 1))
[ "$1" = --version ] || { echo "$started" >"$FOLDER/started"; hold "client-$started"; }
exec ${options.client} "$@"
`,
    );
    chmodSync(join(bin, name), 0o755);
    this.env = {
      ...process.env,
      FOLDER: this.folder,
      PATH: `${bin}:${dirname(options.client)}:${process.env.PATH}`,
      TF_CLI_CONFIG_FILE: rc,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    };
  }

  /** Password of a user under a version: as a secret store does, it keeps one that an apply has stored, also if that was killed. */
  public password(user: string, version: number): string {
    const key = `${user} ${version}`;
    const known = this.passwords.get(key) ?? `Secret-${this.passwords.size}-of-${user}`;
    this.passwords.set(key, known);
    return known;
  }

  /** The user that applications use at the present version. */
  public get userInUse(): string {
    const { ownerName, since } = this.options;
    const { owner, clone } = userVersions(this.version, since);
    return clone !== undefined && clone > owner ? `${ownerName}_clone` : ownerName;
  }

  /** Writes the program with a password version. */
  public use(version: number): void {
    this.version = version;
    const { ownerName, since, variables, build, application } = this.options;
    const values: { [name: string]: string } = { ...variables };
    const source = writtenStack((stack) => {
      const variable = (name: string, of = 1) =>
        SecretValue.fromVariable(new TerraformVariable(stack, name, { type: "string" }), of);
      const owner = ownerOrAlternating(ownerName, userVersions(version, since), (user, of) => {
        values[`password_${user}`] = this.password(user, of);
        return DatabaseLogin.withPassword(user, variable(`password_${user}`, of));
      });
      const { database, dependables } = build(stack, owner, variable);
      const { entries, values: helmValues } = application(database);
      const identity = terraformCall(
        "jsonencode",
        entries.map((each) => [each.key, ...each.fingerprintParts]),
      );
      const serial = terraformCall("substr", terraformCall("sha256", identity), 0, 12);
      const secret = new TerraformData(stack, "secret", {
        triggersReplace: { identity },
        provisioners: [
          {
            type: "local-exec",
            command: escapeTemplate(SECRET),
            environment: {
              SERIAL: serial,
              KEYS: entries.map((each) => each.key.replaceAll("-", "_")).join(" "),
              ...Object.fromEntries(
                entries.map((each) => [`SECRET_${each.key.replaceAll("-", "_")}`, each.writeOnly()]),
              ),
            },
          },
        ],
        dependsOn: dependables,
      });
      new TerraformData(stack, "release", {
        triggersReplace: { identity, values: JSON.stringify(helmValues) },
        provisioners: [
          {
            type: "local-exec",
            command: escapeTemplate(RELEASE),
            environment: {
              SERIAL: serial,
              REVISION: terraformCall("jsonencode", { revision: serial, values: helmValues }),
            },
          },
        ],
        dependsOn: [secret],
      });
    });
    writeFileSync(join(this.folder, "cdk.tf.json"), readFileSync(join(source, "cdk.tf.json")));
    writeFileSync(
      join(this.folder, "zz_override.tf.json"),
      JSON.stringify({ terraform: { backend: { local: { path: "terraform.tfstate" } } } }),
    );
    writeFileSync(join(this.folder, "terraform.tfvars.json"), JSON.stringify(values));
  }

  /** The release as Helm has it; undefined before the first one. */
  public release(): Revision | undefined {
    const file = join(this.folder, "release");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Revision) : undefined;
  }

  /** The Secret as a pod that starts now gets it: all keys of one version, since the kubelet reads the object at once. */
  public secretObject(): { readonly [key: string]: string } {
    const folder = realpathSync(join(this.folder, "secret"));
    return Object.fromEntries(
      readdirSync(folder).map((key) => [key.replaceAll("_", "-"), readFileSync(join(folder, key), "utf8")]),
    );
  }

  /** A value of the Secret as a pod that starts now gets it. */
  public secret(key: string): string {
    return this.secretObject()[key] as string;
  }

  /** Tells the apply that half of the pods, or all, have the revision and are ready. */
  public rolled(revision: string, part: "half" | "rolled"): void {
    writeFileSync(join(this.folder, `${part}-${revision}`), "");
  }

  /** Applies to the end. @throws Error with what Terraform says. */
  public async apply(): Promise<void> {
    if (!existsSync(join(this.folder, ".terraform"))) await this.terraform("init", "-input=false").ended;
    const { ended } = this.terraform("apply", "-input=false", "-auto-approve", "-no-color");
    const { code, output } = await ended;
    if (code !== 0) throw new Error(output);
  }

  /** Applies, and kills Terraform with all its processes (SIGKILL) at a step. @returns false if the apply ended before. */
  public async applyAndKill(step: string): Promise<boolean> {
    for (const file of ["reached", "started"]) rmSync(join(this.folder, file), { force: true });
    writeFileSync(join(this.folder, "hold"), step);
    const { child, ended } = this.terraform("apply", "-input=false", "-auto-approve", "-no-color");
    let done = false;
    void ended.then(() => {
      done = true;
    });
    while (!done && !existsSync(join(this.folder, "reached"))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const held = !done;
    if (held) process.kill(-(child.pid as number), "SIGKILL");
    await ended;
    for (const file of ["reached", "hold"]) rmSync(join(this.folder, file), { force: true });
    return held;
  }

  /** Number of the client's starts in the last apply. */
  public clientStarts(): number {
    return Number(readFileSync(join(this.folder, "started"), "utf8"));
  }

  /** Text of plan-less files that Terraform wrote: the state. */
  public state(): string {
    return readFileSync(join(this.folder, "terraform.tfstate"), "utf8");
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private terraform(...args: string[]): {
    child: ChildProcess;
    ended: Promise<{ code: number; output: string }>;
  } {
    const child = spawn(this.options.tools.program, args, {
      cwd: this.folder,
      env: this.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = new Promise<{ code: number; output: string }>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 137, output }));
    });
    return { child, ended };
  }
}
