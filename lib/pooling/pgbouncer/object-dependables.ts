import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { directDatabase } from "../../database/private";
import type { DatabaseObjects } from "../../sql";
import { objectsOfServer } from "../../sql/private";
import type { ResolvedEntry } from "./pool-entry";

/**
 * The SQL objects of the stack that describe the database of an entry.
 *
 * @internal
 */
export function objectsOf(scope: IConstruct, entry: ResolvedEntry): DatabaseObjects[] {
  const stack = TerraformStack.of(scope);
  const database = directDatabase(entry.database);
  return objectsOfServer(database.server).filter(
    (each) => each.describes(database) && TerraformStack.of(each) === stack,
  );
}

/**
 * The resources after which the databases and users of entries are as the SQL objects of the stack describe them. They are looked for when the
 * stack is written, so that it does not matter which construct the program makes first.
 *
 * @param scope the pooler.
 * @param entries its entries.
 * @param given resources that it waits for already.
 * @internal
 */
export function objectDependables(
  scope: IConstruct,
  entries: readonly ResolvedEntry[],
  given: readonly ITerraformDependable[],
): ITerraformDependable[] {
  const found = (): string[] => {
    const objects = entries.flatMap((entry) => objectsOf(scope, entry));
    const before = new Set(given.map(({ fqn }) => fqn));
    const names = new Set(objects.flatMap((each) => each.dependables.map(({ fqn }) => fqn)));
    return [...names].filter((name) => !before.has(name));
  };
  // One placeholder for each entry, since a database is described once; CDKTF leaves out those that stay undefined.
  return entries.map((_, index) => ({
    get fqn() {
      return found()[index] as string;
    },
  }));
}
