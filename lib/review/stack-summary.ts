import { GROUPS } from "./data/kinds";
import { databaseLines } from "./databases";
import { exposureLines } from "./exposure";
import { list, object, resourcesOf, shown } from "./stack-json";
import { counted, kindOf, section } from "./text";

/** Annotation of a construct in the manifest of a synthesized app. */
export interface StackAnnotation {
  /** Construct path, beginning with the stack's id. */
  readonly constructPath: string;
  /** `@cdktf/info`, `@cdktf/warn` or `@cdktf/error`. */
  readonly level: string;
  /** Message. */
  readonly message: string;
}

const OPT_OUT = "opt-out: ";
const UNKNOWN = "unknown; pass the annotations of manifest.json";
/** Stable id of a refusal, warning or opt-out, such as `RDS-PUBLICLY-ACCESSIBLE`. */
const RULE_ID = /^([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+): /;

/**
 * Summary of a synthesized stack in words, for its review.
 *
 * @param name the stack's name.
 * @param json the content of its `cdk.tf.json`.
 * @param annotations the stack's annotations from `manifest.json`. Opt-outs and warnings are recorded there only: without them
 *   the summary says that they are unknown. With an empty list it says that it was given none. @default - unknown
 */
export function stackSummary(name: string, json: unknown, annotations?: readonly StackAnnotation[]): string {
  const resources = resourcesOf(json, "resource");
  const noted = (level: string, optOut: boolean) =>
    (annotations ?? [])
      .filter((note) => note.level === level && note.message.startsWith(OPT_OUT) === optOut)
      .map((note) => annotationLine(pathIn(note.constructPath), note.message.replace(OPT_OUT, "")));
  const ephemeral = resourcesOf(json, "ephemeral").length + ephemeralVariables(json);
  return [
    `${name}: ${counted(resources.length, { group: "", one: "resource" })}`,
    ...section("Database servers", databaseLines(json)),
    ...section("Creates", countLines(resources.map((resource) => resource.type))),
    ...section("Helm releases", helmLines(json)),
    ...section("Public exposure in the stack", exposureLines(json), "none"),
    ...section("Not in the stack", unseenLines(json)),
    ...section(
      "Opt-outs of secure defaults",
      noted("@cdktf/info", true),
      annotations === undefined
        ? UNKNOWN
        : annotations.length === 0
          ? "none in the annotations given"
          : "none",
    ),
    ...(annotations === undefined ? section("Warnings", [], UNKNOWN) : []),
    ...section("Errors", noted("@cdktf/error", false)),
    ...section("Warnings", noted("@cdktf/warn", false)),
    ...section("Notes", noted("@cdktf/info", false)),
    ...section("Required variables", variableLines(json)),
    ...section(
      "Secrets",
      ephemeral === 0
        ? []
        : [`${ephemeral} ephemeral ${ephemeral === 1 ? "value" : "values"}, in no plan and no state`],
    ),
  ].join("\n");
}

function countLines(types: string[]): string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  // Several types may have one name, such as kubernetes_secret and kubernetes_secret_v1.
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
      const version = v.version === undefined ? "ANY VERSION" : shown(v.version);
      return `${path}: chart ${shown(v.chart)} ${version} in namespace ${shown(v.namespace ?? "default")}`;
    });
}

function unseenLines(json: unknown): string[] {
  const releases = resourcesOf(json, "resource")
    .filter((resource) => resource.type === "helm_release")
    .map(({ path }) => `${path}: resources and exposure by defaults of the chart`);
  return [...releases, ...installingJobs(json)];
}

/** Jobs whose service account has a role binding, such as an installer. */
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
        ? [`${path}: resources and exposure that the Job creates as the service account ${shown(account)}`]
        : [];
    });
}

/** The service account of a Job's pods; in a CronJob, the Job's template has it. */
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

/** The rule id comes first, as in `RDS-PUBLICLY-ACCESSIBLE at postgres: publiclyAccessible: ...`. */
function annotationLine(path: string, message: string): string {
  const id = RULE_ID.exec(message)?.[1];
  return id ? `${id} at ${path}: ${message.slice(id.length + 2)}` : `${path}: ${message}`;
}

function pathIn(constructPath: string): string {
  const [, ...rest] = constructPath.split("/");
  return rest.length > 0 ? rest.join("/") : "the stack";
}
