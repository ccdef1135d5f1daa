#!/usr/bin/env node
// The command `devplatforms`: thin, over the rooms of the package.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { adoptCommand } from "./adopt/adopt-command";
import { doctorCommand } from "./doctor/doctor-command";
import { compareCommand, reviewCommand } from "./review-command";

const program = new Command("devplatforms")
  .description(
    "Reviews Terraform plans (data, backups, availability, exposure) and examines synthesized stacks.",
  )
  .version(versionOfPackage(__dirname))
  .addCommand(reviewCommand())
  .addCommand(compareCommand())
  .addCommand(doctorCommand())
  .addCommand(adoptCommand());

// A reader that stops early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`devplatforms: ${messageOf(error)}\n`);
  process.exitCode = 1;
});

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const { code, path } = error as NodeJS.ErrnoException;
  const reasons: { readonly [code: string]: string | undefined } = {
    ENOENT: "no such file",
    EISDIR: "is a folder; name a file in it",
    EACCES: "permission denied",
  };
  const reason = reasons[code ?? ""];
  return reason === undefined ? error.message : `${path ?? "the file"}: ${reason}`;
}

/** The version in the nearest package.json above: one folder higher for the compiled file than for the source. */
function versionOfPackage(folder: string): string {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return versionOfPackage(dirname(folder));
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}
