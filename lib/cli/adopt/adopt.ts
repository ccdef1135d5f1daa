import type { Found } from "./adopted-construct";
import { findAws } from "./aws/find-aws";
import { findAzure } from "./azure/find-azure";
import { findGoogle } from "./google/find-google";
import { assemble } from "./plan/assemble";
import { Names } from "./program/names";
import { programText } from "./program/program-text";
import { reportText } from "./report-text";
import { readInput } from "./state/read-input";

/** Choices of an adoption. */
export interface AdoptOptions {
  /** Identifiers of the DB instances that are adopted. @default - all of the input */
  readonly rds?: readonly string[];
}

/** A written adoption. */
export interface WrittenAdoption {
  /** Text of `main.ts`. */
  readonly program: string;
  /** Steps and later changes, as Markdown. */
  readonly report: string;
  /** True if the program synthesizes and its first plan has no effect that needs an approval. */
  readonly isReady: boolean;
}

/**
 * The program that adopts the servers and buckets of a state.
 *
 * @param json the state, or the output of describe calls.
 * @throws Error if nothing in it can be adopted.
 */
export async function adopt(json: unknown, options: AdoptOptions = {}): Promise<WrittenAdoption> {
  const { resources, isState } = readInput(json);
  const names = new Names();
  const aws = findAws(resources, names, options.rds);
  const clouds = [
    aws,
    ...(options.rds === undefined ? [findGoogle(resources, names), findAzure(resources, names)] : []),
  ];
  const found: Found = {
    constructs: clouds.flatMap(({ constructs }) => constructs),
    left: clouds.flatMap(({ left }) => left),
    refused: clouds.flatMap(({ refused }) => refused),
  };
  const missing = (options.rds ?? []).filter(
    (identifier) => !resources.some(({ values }) => values.identifier === identifier),
  );
  if (missing.length > 0) throw new Error(`--rds ${missing.join(", ")}: not in the input.`);
  if (found.constructs.length === 0)
    throw new Error(
      found.refused.length > 0
        ? `Nothing can be adopted.\n${found.refused.map((each) => `- ${each}`).join("\n")}`
        : "The input has no database server and no bucket of AWS, Google Cloud or Azure.",
    );
  const adoption = await assemble(
    found,
    clouds.flatMap(({ providers }) => providers),
  );
  const addresses = found.constructs.flatMap((each) =>
    each.resources.flatMap(({ state }) => (isState && state ? [state.address] : [])),
  );
  return {
    program: programText(adoption),
    report: reportText(adoption, found, addresses),
    isReady: adoption.remaining.length === 0 && adoption.refusals.length === 0,
  };
}
