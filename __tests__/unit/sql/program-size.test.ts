import { MYSQL_SCRIPT } from "../../../lib/sql/scripts/mysql-script";
import { POSTGRES_SCRIPT } from "../../../lib/sql/scripts/postgres-script";

/** Linux limits one argument of a process; a back end passes a program to `sh -c`, with what it puts before it. */
const MAX_ARG_STRLEN = 131_072;

test.each([
  ["MySQL", MYSQL_SCRIPT],
  ["PostgreSQL", POSTGRES_SCRIPT],
])("the program for %s fits into one argument of a process, with room for a check before it", (_, script) => {
  expect(Buffer.byteLength(script)).toBeLessThan(0.75 * MAX_ARG_STRLEN);
});
