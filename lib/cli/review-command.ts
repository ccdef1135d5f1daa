import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  type AcceptedFinding,
  compareStacks,
  type PlanReview,
  readAcceptedFindings,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderText,
  reviewPlan,
} from "../review";
import { parseJson, readPlanFile } from "./read-plan-file";

const FORMATS: { readonly [format: string]: (review: PlanReview) => string } = {
  text: (review) => `${renderText(review)}\n`,
  markdown: (review) => renderMarkdown(review),
  json: renderJson,
  html: renderHtml,
};

/** Exit codes; everything that is no complete plan is 1, never 0. */
const EXIT_CODES: { readonly [verdict: string]: number } = {
  "nothing to do": 0,
  incomplete: 1,
  changes: 2,
  "approval needed": 3,
};

const EFFECTS = [
  "data-loss",
  "backup-loss",
  "exposure",
  "outage",
  "failure",
  "weaker",
  "unknown",
  "irreversible",
  "slow",
  "cost",
  "any",
];

interface Options {
  readonly format: string;
  readonly failOn?: readonly string[];
  readonly accept?: readonly string[];
  readonly reason?: string;
  readonly accepted?: string;
  readonly stack?: string;
}

/** `devplatforms review`. */
export function reviewCommand(): Command {
  return withReviewOptions(
    new Command("review")
      .description(
        "Says what the changes of a plan do: data loss, lost backups, outages, exposure, with timing and source.",
      )
      .argument(
        "[plan]",
        "plan JSON (terraform show -json), - for standard input, or a saved plan where terraform or tofu is on PATH",
        "-",
      )
      .option(
        "--stack <file>",
        "cdk.tf.json that was planned; it has the connection budgets of the applications",
      ),
  ).action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const acceptedFindings = acceptedOf(options);
  const stack = options.stack === undefined ? undefined : parseJson(readFileSync(options.stack), "the stack");
  const plan = await readPlanFile(file);
  const review = reviewPlan(plan, { acceptedFindings, failOn: options.failOn, stack });
  print(review, options.format);
}

/** `devplatforms compare`. */
export function compareCommand(): Command {
  return withReviewOptions(
    new Command("compare")
      .description(
        "Predicts the effects of a change of a program from two synthesized stacks, without Terraform, state and credentials.",
      )
      .argument("<before>", "cdk.tf.json that was applied")
      .argument("<after>", "cdk.tf.json of the new program"),
  ).action((before: string, after: string, options: Options) => {
    const [old, now] = [before, after].map((file) => parseJson(readFileSync(file), file));
    print(
      compareStacks(old, now, { acceptedFindings: acceptedOf(options), failOn: options.failOn }),
      options.format,
    );
  });
}

function print(review: PlanReview, format: string): void {
  process.stdout.write((FORMATS[format] ?? renderText)(review));
  process.exitCode = EXIT_CODES[review.verdict] ?? 1;
}

/** The options that both commands have. */
function withReviewOptions(command: Command): Command {
  return command
    .addOption(new Option("-f, --format <format>", "output").choices(Object.keys(FORMATS)).default("text"))
    .option(
      "--fail-on <effects>",
      `effects that need an approval, divided by commas: ${EFFECTS.join(", ")} (default: all but irreversible, slow and cost)`,
      parseEffects,
    )
    .option("--accept <id...>", "ids of findings that are accepted; needs --reason")
    .option("--reason <text>", "reason of --accept")
    .option("--accepted <file>", "YAML or JSON file of accepted findings: id, reason, until")
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing to do, 2 changes without danger, 3 approval needed, 1 not a complete plan or an error.",
    );
}

function parseEffects(text: string): string[] {
  const effects = text.split(",").map((each) => each.trim());
  const unknown = effects.filter((each) => !EFFECTS.includes(each));
  if (unknown.length > 0) throw new InvalidArgumentError(`Allowed effects are ${EFFECTS.join(", ")}.`);
  return effects;
}

function acceptedOf({ accept = [], reason, accepted }: Options): AcceptedFinding[] {
  if (accept.length > 0 && !reason?.trim())
    throw new Error("--accept needs --reason: why are the findings accepted?");
  return [
    ...(accepted === undefined ? [] : readAcceptedFindings(readFileSync(accepted, "utf8"))),
    ...accept.map((id) => ({ id, reason: reason ?? "" })),
  ];
}
