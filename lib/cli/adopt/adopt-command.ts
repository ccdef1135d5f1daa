import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseJson } from "../read-plan-file";
import { adopt } from "./adopt";

interface Options {
  readonly out?: string;
  readonly rds?: readonly string[];
}

/** `devplatforms adopt`. */
export function adoptCommand(): Command {
  return new Command("adopt")
    .description(
      "Writes the program that takes over existing database servers and buckets as they are, and the list of what to harden later.",
    )
    .argument(
      "[file]",
      "state (terraform show -json, tofu show -json), output of aws rds describe-db-instances, or - for standard input",
      "-",
    )
    .option("--rds <identifier...>", "DB instances to adopt (default: all of the input)")
    .option(
      "--out <folder>",
      "writes main.ts, HARDENING.md and cdktf.json into a folder, which must not have them",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 written, 3 written with points to solve first, 1 an error. It reads one file, and calls no cloud. Passwords are neither read nor written.",
    )
    .action(run);
}

async function run(file: string, { out, rds }: Options): Promise<void> {
  if (file === "-" && process.stdin.isTTY)
    throw new Error("Give a state: a file, or - with the output of terraform show -json on standard input.");
  const json = parseJson(
    readFileSync(file === "-" ? 0 : file),
    file === "-" ? "standard input" : "the state",
    "state",
  );
  const { program, report, isReady } = await adopt(json, { rds });
  if (out === undefined) {
    process.stdout.write(`${program}\n/*\n${report.replace(/\*\//g, "* /")}\n*/\n`);
  } else {
    const files = { "main.ts": program, "HARDENING.md": report, "cdktf.json": CDKTF_JSON };
    const there = Object.keys(files).filter((name) => existsSync(join(out, name)));
    if (there.length > 0) throw new Error(`${out} has ${there.join(", ")} already; name another folder.`);
    mkdirSync(out, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(out, name), content);
    process.stdout.write(
      `${Object.keys(files)
        .map((name) => join(out, name))
        .join("\n")}\n`,
    );
  }
  process.exitCode = isReady ? 0 : 3;
}

const CDKTF_JSON = `${JSON.stringify({ language: "typescript", app: "npx tsx main.ts" }, null, 2)}\n`;
