import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { examineStack, type StackFact, Urgency } from "../../review";
import { parseJson } from "../read-plan-file";
import { factAges, packageRoot, peerFacts } from "./package-facts";

interface Options {
  readonly format: string;
  readonly today?: string;
  readonly days: number;
}

/** Facts about one stack, or about the program as a whole. */
interface Section {
  readonly name: string;
  readonly facts: readonly StackFact[];
}

/** `devplatforms doctor`. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Reports what needs no plan: ends of support and of certificates, local states, versions of peer dependencies, old facts.",
    )
    .argument("[path]", "output folder of the synth, or a cdk.tf.json", "cdktf.out")
    .addOption(new Option("-f, --format <format>", "output").choices(["text", "json"]).default("text"))
    .option("--days <number>", "days before an end from which it is reported", days, 180)
    .option("--today <date>", "day of the examination, YYYY-MM-DD (default: today)", day)
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing has to be done now, 3 something has ended or is missing, 1 an error. Run it in the folder of the program, after the synth.",
    )
    .action(run);
}

function run(path: string, { format, today = new Date().toISOString().slice(0, 10), days }: Options): void {
  const root = packageRoot(__dirname);
  const sections: Section[] = [
    ...stackFiles(path).map(({ name, file }) => ({
      name,
      facts: examineStack(parseJson(readFileSync(file), file), { today, days }),
    })),
    { name: "program", facts: [...peerFacts(root, process.cwd()), ...factAges(root, today)] },
  ];
  process.stdout.write(
    format === "json" ? `${JSON.stringify({ today, sections }, null, 2)}\n` : text(sections),
  );
  const isUrgent = sections.some(({ facts }) => facts.some(({ urgency }) => urgency === Urgency.NOW));
  process.exitCode = isUrgent ? 3 : 0;
}

function stackFiles(path: string): { name: string; file: string }[] {
  if (!existsSync(path))
    throw new Error(`${path}: no such file or folder; run the synth first (cdktf synth)`);
  if (!statSync(path).isDirectory()) return [{ name: basename(dirname(path)), file: path }];
  const manifest = join(path, "manifest.json");
  if (!existsSync(manifest))
    throw new Error(`${path}: has no manifest.json; name the output folder of the synth`);
  const { stacks } = parseJson(readFileSync(manifest), manifest) as {
    readonly stacks: { readonly [name: string]: { readonly synthesizedStackPath: string } };
  };
  return Object.entries(stacks).map(([name, stack]) => ({
    name,
    file: join(path, stack.synthesizedStackPath),
  }));
}

function text(sections: readonly Section[]): string {
  return sections.map(({ name, facts }) => [name, ...lines(facts), ""].join("\n")).join("\n");
}

function lines(facts: readonly StackFact[]): string[] {
  if (facts.length === 0) return ["  nothing found"];
  return facts.flatMap(({ urgency, subject, words, rule, next, source }) => [
    `  ${urgency.padEnd(5)}${subject === undefined ? "" : `${subject}: `}${words} [${rule}]`,
    ...(next === undefined ? [] : [`       ${next}`]),
    ...(source === undefined ? [] : [`       ${source}`]),
  ]);
}

function days(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw new InvalidArgumentError("It must be a whole number of days.");
  return number;
}

function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new InvalidArgumentError("It must be a day such as 2026-11-27.");
  return value;
}
