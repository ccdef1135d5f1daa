/** Which Terraform there is on this machine, and where it finds providers. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { cacheFolder, exclusively } from "./cache";
import { findProgram, run } from "./processes";
import { repository } from "./repository";
import { Unavailable } from "./unavailable";

export interface TerraformTools {
  readonly program: string;
  /** A folder of providers with the true schemas of those that are pinned here; undefined: the registry is used. */
  readonly mirror?: string;
}

/** The provider that the emulated cloud is applied with: the newest real one that machines of this project have. */
export const REAL_AWS_VERSION = "5.100.0";

/**
 * @returns Terraform (or OpenTofu) with the real providers where a registry answers, with the stand-ins of the offline mirror elsewhere.
 * DEVPLATFORMS_PROVIDERS=registry or =mirror decides it.
 */
export function terraformTools(): TerraformTools | Unavailable {
  const wanted = process.env.DEVPLATFORMS_PROVIDERS;
  const program = terraformProgram();
  if (program !== undefined && wanted !== "mirror" && (wanted === "registry" || registryAnswers(program))) {
    return { program };
  }
  return terraformWithMirror();
}

/** The providers that `terraformTools` uses, in a sentence for people. */
export function providersInUse(): string {
  const tools = terraformTools();
  if (tools instanceof Unavailable) return `none: ${tools.reason}`;
  return tools.mirror === undefined
    ? "the real ones of the registry; applies use the stand-ins of tools/terraform-mirror"
    : "the stand-ins of tools/terraform-mirror, since no registry answers";
}

/** The smallest configuration that needs a provider. */
const PROBE = { terraform: { required_providers: { random: { source: "hashicorp/random" } } } };
const PROBE_VALID_MS = 10 * 60_000;

/** Asked once in ten minutes: the tiers' test files are processes of their own. */
function registryAnswers(program: string): boolean {
  const known = join(cacheFolder(), "registry-answers");
  return exclusively("registry-answers", () => {
    if (existsSync(known) && Date.now() - statSync(known).mtimeMs < PROBE_VALID_MS) {
      return readFileSync(known, "utf8") === "yes";
    }
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-registry-"));
    try {
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(PROBE));
      const rc = join(folder, ".terraform.rc");
      writeFileSync(rc, cliConfiguration(undefined, undefined));
      const env = {
        ...process.env,
        TF_CLI_CONFIG_FILE: rc,
        TF_REGISTRY_CLIENT_TIMEOUT: "5",
        TF_REGISTRY_DISCOVERY_RETRY: "0",
      };
      const answers = run(program, ["init", "-no-color"], { cwd: folder, env }).code === 0;
      writeFileSync(known, answers ? "yes" : "no");
      return answers;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

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
  const source = join(repository, "tools", "terraform-mirror");
  const key = mirrorKey(source);
  const mirror = cacheFolder("mirror", key);
  const env = { ...process.env, TERRAFORM: program };
  const done = exclusively(`mirror-${key}`, () => run(join(source, "build-mirror"), [mirror], { env }));
  return done.code === 0
    ? { program, mirror }
    : new Unavailable(`the provider mirror cannot be built: ${done.stderr.trim().split("\n").at(-1)}`);
}

/**
 * The mirror's name in the cache: a hash of all files that it is made from. Clones with other schemas, rules or code have mirrors
 * of their own, so that a run of one does not change the providers of a run of another.
 *
 * @param source the folder `tools/terraform-mirror` of a clone
 */
export function mirrorKey(source: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(source, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
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
