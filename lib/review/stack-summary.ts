import { GROUPS } from "./data/kinds";
import { databaseLines } from "./databases";
import { exposureLines } from "./exposure";
import { counted, kindOf } from "./kind";
import { section } from "./section";
import { list, object, resourcesOf, shown } from "./stack-json";

/** A note that a construct left while it was synthesized, as the manifest holds it. */
export interface StackAnnotation {
  /** The construct's path, the stack's id first. */
  readonly constructPath: string;
  /** `@cdktf/info`, `@cdktf/warn` or `@cdktf/error`. */
  readonly level: string;
  /** The note. */
  readonly message: string;
}

const OPT_OUT = "opt-out: ";

/**
 * Says in words what a synthesized stack would create, for people who decide about it.
 *
 * @param name the stack's name.
 * @param json the content of its `cdk.tf.json`.
 * @param annotations the stack's notes from `manifest.json`.
 */
export function stackSummary(name: string, json: unknown, annotations: readonly StackAnnotation[]): string {
  const resources = resourcesOf(json, "resource");
  const noted = (level: string, optOut: boolean) =>
    annotations
      .filter((note) => note.level === level && note.message.startsWith(OPT_OUT) === optOut)
      .map((note) => `${pathIn(note.constructPath)}: ${note.message.replace(OPT_OUT, "")}`);
  const ephemeral = resourcesOf(json, "ephemeral").length + ephemeralVariables(json);
  return [
    `${name}: ${counted(resources.length, { group: "", one: "resource" })}`,
    ...section("Database servers", databaseLines(json)),
    ...section("Creates", countLines(resources.map((resource) => resource.type))),
    ...section("Helm releases", helmLines(json)),
    ...section("Reachable from outside, as far as the stack says", exposureLines(json), "nothing"),
    ...section("Not seen here", unseenLines(json)),
    ...section("Secure defaults given up", noted("@cdktf/info", true), "none"),
    ...section("Errors", noted("@cdktf/error", false)),
    ...section("Warnings", noted("@cdktf/warn", false)),
    ...section("Notes", noted("@cdktf/info", false)),
    ...section("Asks for", variableLines(json)),
    ...section(
      "Secrets",
      ephemeral === 0
        ? []
        : [
            `${ephemeral} ${ephemeral === 1 ? "value passes" : "values pass"} through Terraform and ` +
              `${ephemeral === 1 ? "is" : "are"} kept in neither plan nor state`,
          ],
    ),
  ].join("\n");
}

function countLines(types: string[]): string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  // Several types may go by one word, such as the old and the new name of a Kubernetes secret.
  const byGroup = GROUPS.map((group) => {
    const words = new Map<string, number>();
    for (const [type, count] of counts) {
      const kind = kindOf(type);
      if (kind.group === group) words.set(kind.one, (words.get(kind.one) ?? 0) + count);
    }
    const texts = [...words].map(([one, count]) => {
      const type = [...counts.keys()].find((each) => kindOf(each).one === one) ?? one;
      return counted(count, kindOf(type));
    });
    return [group, texts] as const;
  });
  const width = Math.max(
    0,
    ...byGroup.filter(([, texts]) => texts.length > 0).map(([group]) => group.length),
  );
  return byGroup
    .filter(([, texts]) => texts.length > 0)
    .map(([group, texts]) => `${group.padEnd(width)}  ${texts.join(", ")}`);
}

function helmLines(json: unknown): string[] {
  return resourcesOf(json, "resource")
    .filter((resource) => resource.type === "helm_release")
    .map(({ path, values: v }) => {
      const version = v.version === undefined ? "of ANY version" : shown(v.version);
      return `${path}: chart ${shown(v.chart)} ${version} in namespace ${shown(v.namespace ?? "default")}`;
    });
}

function unseenLines(json: unknown): string[] {
  const releases = resourcesOf(json, "resource")
    .filter((resource) => resource.type === "helm_release")
    .map(({ path }) => `${path}: what its chart creates and exposes by its own defaults`);
  return [...releases, ...installingJobs(json)];
}

/** Jobs whose service account has rights in the cluster, such as an installer. */
function installingJobs(json: unknown): string[] {
  const resources = resourcesOf(json, "resource");
  const accounts = new Set(
    resources
      .filter(({ type }) => /^kubernetes_(cluster_)?role_binding(_v1)?$/.test(type))
      .flatMap(({ values }) => list(values.subject))
      .map((subject) => object(subject).name),
  );
  return resources
    .filter(({ type }) => /^kubernetes_(cron_)?job(_v1)?$/.test(type))
    .flatMap(({ path, values }) => {
      const account = serviceAccountOf(values.spec);
      return account !== undefined && accounts.has(account)
        ? [
            `${path}: what it creates in the cluster as the service account ${shown(account)}, and exposes by it`,
          ]
        : [];
    });
}

/** The service account of a job's pods; a cron job has the job's description one level further in. */
function serviceAccountOf(spec: unknown): unknown {
  const { job_template, template } = object(spec);
  const pods = object(object(template).spec);
  return job_template === undefined ? pods.service_account_name : serviceAccountOf(object(job_template).spec);
}

function variableLines(json: unknown): string[] {
  return Object.entries(object(object(json).variable))
    .filter(([, variable]) => object(variable).default === undefined)
    .map(([name, variable]) => {
      const { description } = object(variable);
      return typeof description === "string" ? `${name}: ${description}` : name;
    });
}

function ephemeralVariables(json: unknown): number {
  return Object.values(object(object(json).variable)).filter((each) => object(each).ephemeral === true)
    .length;
}

function pathIn(constructPath: string): string {
  const [, ...rest] = constructPath.split("/");
  return rest.length > 0 ? rest.join("/") : "the stack";
}
