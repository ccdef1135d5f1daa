/** Which Terraform there is on this machine, and where it finds providers. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cacheFolder, exclusively } from "../../../tools/machine/cache";
import { findProgram, run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { Unavailable } from "../../../tools/machine/unavailable";

export interface TerraformTools {
  readonly program: string;
  /** A folder of providers with the true schemas of those that are pinned here; undefined: the registry is used. */
  readonly mirror?: string;
}

/** The provider that the emulated cloud is applied with: the newest real one that machines of this project have. */
export const REAL_AWS_VERSION = "5.100.0";

/** @returns Terraform (or OpenTofu) with providers from the mirror or, where there is none, from the registry. */
export function terraformTools(): TerraformTools | Unavailable {
  const mirrored = terraformWithMirror();
  if (!(mirrored instanceof Unavailable)) {
    return mirrored;
  }
  const program = terraformProgram();
  if (program === undefined) {
    return mirrored;
  }
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-registry-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(PROBE));
    const env = { ...process.env, TF_REGISTRY_CLIENT_TIMEOUT: "5", TF_REGISTRY_DISCOVERY_RETRY: "0" };
    const done = run(program, ["init", "-no-color"], { cwd: folder, env });
    return done.code === 0
      ? { program }
      : new Unavailable(`${mirrored.reason}, and no provider registry is reachable`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The smallest configuration that needs a provider. */
const PROBE = { terraform: { required_providers: { random: { source: "hashicorp/random" } } } };

/**
 * @returns Terraform with the offline mirror (`tools/terraform-mirror`), which plans and applies without any cloud; or the
 * reason why there is none.
 */
export function terraformWithMirror(): Required<TerraformTools> | Unavailable {
  const program = terraformProgram();
  if (program === undefined) {
    return new Unavailable("there is neither terraform nor tofu on PATH");
  }
  if (findProgram(["go"]) === undefined) {
    return new Unavailable("the offline provider mirror is built with Go, and there is no go on PATH");
  }
  const mirror = cacheFolder("mirror");
  const env = { ...process.env, TERRAFORM: program };
  const builder = join(repository, "tools", "terraform-mirror", "build-mirror");
  const done = exclusively("mirror", () => run(builder, [mirror], { env }));
  return done.code === 0
    ? { program, mirror }
    : new Unavailable(`the provider mirror cannot be built: ${done.stderr.trim().split("\n").at(-1)}`);
}

/**
 * @returns the plugin folder that holds the real aws provider, or why there is none. DEVPLATFORMS_PLUGIN_DIRS names
 * further folders, separated as in PATH.
 */
export function realAwsProvider(): string | Unavailable {
  const folders = [
    ...(process.env.DEVPLATFORMS_PLUGIN_DIRS ?? "").split(delimiter).filter((each) => each !== ""),
    join(homedir(), ".terraform.d", "plugins"),
    join(homedir(), ".local", "share", "terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...list("/opt").map((each) => join("/opt", each)),
  ];
  const found = folders.find((folder) =>
    list(folder).some((registry) =>
      list(join(folder, registry, "hashicorp", "aws", REAL_AWS_VERSION)).some((platform) =>
        list(join(folder, registry, "hashicorp", "aws", REAL_AWS_VERSION, platform)).some((file) =>
          file.startsWith(`terraform-provider-aws_v${REAL_AWS_VERSION}`),
        ),
      ),
    ),
  );
  return found ?? new Unavailable(`the aws provider ${REAL_AWS_VERSION} is in no plugin folder`);
}

/** Terraform's settings: providers from the mirror, the real aws provider from its own folder if it is wanted. */
export function cliConfiguration(mirror: string | undefined, realAws: string | undefined): string {
  if (mirror === undefined) {
    return `disable_checkpoint = true\nplugin_cache_dir = ${JSON.stringify(cacheFolder("plugins"))}\n`;
  }
  const aws = '["hashicorp/aws"]';
  const real = realAws
    ? `  filesystem_mirror {\n    path    = ${JSON.stringify(realAws)}\n    include = ${aws}\n  }\n`
    : "";
  const exclude = realAws ? `    exclude = ${aws}\n` : "";
  return (
    "disable_checkpoint = true\nprovider_installation {\n" +
    `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n${exclude}  }\n${real}}\n`
  );
}

function terraformProgram(): string | undefined {
  return findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
