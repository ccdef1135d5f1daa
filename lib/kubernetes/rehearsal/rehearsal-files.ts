// The files of a rehearsal's checks, as the frame reads them, and the secrets that they use.

import type { IRehearsalCheck } from "../../database";
import { directDatabase } from "../../database/private";
import { SecretEntry } from "../secret-entry";

/** Files of the checks, beside the program. @internal */
export function checkFiles(checks: readonly IRehearsalCheck[]): { readonly [name: string]: string } {
  const files: { [name: string]: string } = {
    checks: checks
      .map(
        ({ kind, limit, secret }, index) =>
          `${index + 1} ${kind} ${limit} ${secret ? secretKey(index) : "-"}\n`,
      )
      .join(""),
  };
  checks.forEach(({ name, query, second }, index) => {
    const n = index + 1;
    files[`${n}.name`] = `${name}\n`;
    files[`${n}.sql`] = `${query.sql.trim()}\n`;
    files[`${n}.database`] = `${directDatabase(query.database).databaseName}\n`;
    if (second) {
      files[`${n}.second.sql`] = `${second.sql.trim()}\n`;
      files[`${n}.second.database`] = `${directDatabase(second.database).databaseName}\n`;
    }
  });
  return files;
}

/** Secrets of the checks. @internal */
export function checkSecrets(checks: readonly IRehearsalCheck[]): SecretEntry[] {
  return checks.flatMap(({ secret }, index) =>
    secret ? [SecretEntry.secret(secretKey(index), secret)] : [],
  );
}

function secretKey(index: number): string {
  return `check-${index + 1}`;
}
