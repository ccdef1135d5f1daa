// Reads a plan: JSON from a file or standard input, or a saved plan through Terraform or OpenTofu.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";

const LARGEST_OUTPUT = 1024 * 1024 * 1024;

/** The plan in a file, `-` for standard input. */
export async function readPlanFile(file: string): Promise<unknown> {
  if (file === "-") {
    if (process.stdin.isTTY) throw new Error("Give a plan: a file, or - with the plan on standard input.");
    return parseJson(readFileSync(0), "standard input");
  }
  const content = readFileSync(file);
  if (isSavedPlan(content)) return parseJson(await shown(resolve(file)), "the plan");
  const json = parseJson(content, "the plan");
  return isEncryptedPlan(json) ? parseJson(await shown(resolve(file)), "the plan") : json;
}

/**
 * Parses JSON without its text in the error: a plan has secrets, and the messages of JSON.parse quote it.
 *
 * @param what the source, for the message.
 * @param kind what it has to be, for the message.
 */
export function parseJson(content: Buffer, what: string, kind: "plan" | "state" = "plan"): unknown {
  const text = decoded(content).trim();
  if (text === "") throw new Error(`Not a ${kind}: ${what} is empty. Did terraform show fail?`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Not a ${kind}: ${what} is no complete JSON.`);
  }
}

/** UTF-8, or UTF-16 as PowerShell's redirection writes it. */
function decoded(content: Buffer): string {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe;
  return content.toString(isUtf16 ? "utf16le" : "utf8").replace(/^\ufeff/, "");
}

/** A saved plan is a zip archive. */
function isSavedPlan(content: Buffer): boolean {
  return content.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004"));
}

/**
 * A plan that OpenTofu encrypted.
 *
 * @see https://opentofu.org/docs/language/state/encryption/
 */
function isEncryptedPlan(json: unknown): boolean {
  return typeof json === "object" && json !== null && "encrypted_data" in json;
}

/** `terraform show -json` in the plan's folder, where its providers are installed. */
async function shown(file: string): Promise<Buffer> {
  const chosen = process.env.TERRAFORM_BINARY_NAME;
  const programs = chosen ? [chosen] : ["terraform", "tofu"];
  const failed: string[] = [];
  for (const program of programs) {
    try {
      const { stdout } = await promisify(execFile)(program, ["show", "-json", basename(file)], {
        cwd: dirname(file),
        encoding: "buffer",
        maxBuffer: LARGEST_OUTPUT,
      });
      return stdout;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") failed.push(`${program} show`);
    }
  }
  if (failed.length > 0) {
    throw new Error(
      `${failed.join(" and ")} cannot read the saved plan. The program and version that wrote it can, in an initialized folder; TERRAFORM_BINARY_NAME names the program.`,
    );
  }
  throw new Error(
    `The file is a saved plan, and ${programs.join(" or ")} is not on PATH: write it as JSON by terraform show -json.`,
  );
}
