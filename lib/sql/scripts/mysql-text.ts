// The MySQL program as text of a shell: the derived tables of its queries are written once, as variables. A program is one argument of
// `sh -c`, which Linux limits to 128 kB, and the tables would be nine tenths of it.

import * as rows from "./mysql-rows";

/** Derived tables by the name of their variable; the longest first, since some contain others. */
const TABLES: readonly (readonly [string, string])[] = Object.entries(rows)
  .flatMap(([name, text]) =>
    typeof text === "string" ? [[`rows_${name.toLowerCase()}`, text] as const] : [],
  )
  .sort(([, a], [, b]) => b.length - a.length);

/** Escaped for an unquoted here-document. */
const escaped = (text: string) => text.replace(/[\\$`]/g, "\\$&");

/** Text with variables in place of the tables that `candidates` names. */
function shortened(text: string, candidates: typeof TABLES): string {
  const [first, ...rest] = candidates;
  if (!first) return escaped(text);
  const [name, table] = first;
  return text
    .split(table)
    .map((part) => shortened(part, rest))
    .join(`$${name}`);
}

/** The body of an unquoted here-document with queries. */
export const mysqlText = (queries: string): string => shortened(queries.trim(), TABLES);

/** Sets the variables, those first that others contain. */
export const MYSQL_TABLES = [...TABLES]
  .reverse()
  .map(
    ([name, table], i) =>
      `${name}=$(cat <<ROWS\n${shortened(table, TABLES.slice(TABLES.length - i))}\nROWS\n)`,
  )
  .join("\n");
