// Statements of AWS policies that let everyone in: bucket policies, key policies, resource policies of secrets.

import { items, member, textOf } from "../plan/values";
import type { Change } from "./changes";

/** A policy gets a statement that allows something to every principal without a condition. */
export const opensPolicy: Change = {
  name: "allows every principal",
  matches: (before, after) => allowsEveryone(after) && !allowsEveryone(before),
};

function allowsEveryone(policy: unknown): boolean {
  const statements = member(parsed(policy), "Statement");
  return (Array.isArray(statements) ? statements : [statements]).some((statement) => {
    const principal = member(statement, "Principal");
    const names = [principal, member(principal, "AWS")].flatMap((each) =>
      Array.isArray(each) ? items(each) : [each],
    );
    return (
      member(statement, "Effect") === "Allow" &&
      names.includes("*") &&
      member(statement, "Condition") === undefined
    );
  });
}

function parsed(policy: unknown): unknown {
  try {
    return JSON.parse(textOf(policy) ?? "null");
  } catch {
    return undefined;
  }
}
