// Programs around a major version upgrade of MySQL: POSIX sh and the mysql client. They look for the most frequent reasons for which MySQL's
// upgrade checker (util.checkForServerUpgrade of MySQL Shell, which the services run) refuses a server; it looks for more.

import { MYSQL_CLIENT, SHELL_COMMON } from "../../../sql/private";

const OWN = "NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

/** Reasons for which an upgrade to a series fails, from the series before it. */
const BLOCKERS: readonly { readonly to: string; readonly rows: string }[] = [
  {
    to: "8.0",
    rows: `SELECT CONCAT(table_schema, '.', table_name, ': a partitioned table must be of InnoDB') FROM information_schema.tables WHERE create_options LIKE '%partitioned%' AND engine <> 'InnoDB' AND table_schema ${OWN}`,
  },
  {
    to: "8.0",
    rows: `SELECT CONCAT(constraint_schema, '.', table_name, '.', constraint_name, ': the name of a foreign key must have at most 64 characters') FROM information_schema.referential_constraints WHERE CHAR_LENGTH(constraint_name) > 64`,
  },
  {
    to: "8.4",
    rows: `SELECT CONCAT(table_schema, '.', table_name, '.', column_name, ': AUTO_INCREMENT must not be on a FLOAT or DOUBLE column') FROM information_schema.columns WHERE extra LIKE '%auto_increment%' AND data_type IN ('float', 'double') AND table_schema ${OWN}`,
  },
];

const NOTES: readonly { readonly to: string; readonly rows: string }[] = [
  {
    to: "8.0",
    rows: `SELECT CONCAT(table_schema, '.', table_name, ': is of engine ', engine, ', which no point-in-time recovery covers') FROM information_schema.tables WHERE engine = 'MyISAM' AND table_schema ${OWN}`,
  },
  {
    to: "8.4",
    rows: "SELECT CONCAT(user, '@', host, ': logs in by mysql_native_password, which MySQL 8.4 disables unless the service enables it') FROM mysql.user WHERE plugin = 'mysql_native_password'",
  },
];

const selected = (list: readonly { readonly to: string; readonly rows: string }[], mark: string): string =>
  ["8.0", "8.4"]
    .map((to) => {
      const rows = list.filter((each) => each.to === to).map((each) => `${each.rows};`);
      return `${to}) as_admin >"$scratch/rows" <<'SQL' || fail 'the server could not be looked at, for the reason above'\n${rows.join("\n")}\nSQL\n  sed 's/^/${mark}\t/' "$scratch/rows" >>"$scratch/found" ;;`;
    })
    .join("\n");

const VERSION = String.raw`
has_version() {
  _version=$(printf 'SELECT VERSION();\n' | as_admin) || fail 'the server does not answer, for the reason above'
  case $_version in "$1".*) ;; *) fail "the server runs MySQL $_version, and $1 was expected" ;; esac
  [ "$(printf 'SELECT @@global.read_only;\n' | as_admin)" = 0 ] || fail 'the server is read-only, as a replica is; name its source'
}
# A name may hold any character: MySQL itself quotes it.
each_table() {
  printf "SELECT CONCAT('%s \`', REPLACE(table_schema, '\`', '\`\`'), '\`.\`', REPLACE(table_name, '\`', '\`\`'), '\`%s;') FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema ${OWN} ORDER BY 1;\n" "$1" "$2" | as_admin >"$scratch/statements"
  as_admin --force <"$scratch/statements"
}
`;

/**
 * Looks for what stops the upgrade, and changes nothing. Reads the variables of `MYSQL_CLIENT`, UPGRADE_FROM and UPGRADE_TO.
 *
 * @internal
 */
export const MYSQL_UPGRADE_CHECK = String.raw`${SHELL_COMMON}${MYSQL_CLIENT}${VERSION}
has_version "$UPGRADE_FROM"
: >"$scratch/found"
case $UPGRADE_TO in
${selected(BLOCKERS, "must")}
esac
case $UPGRADE_TO in
${selected(NOTES, "note")}
esac
each_table 'CHECK TABLE' ' FOR UPGRADE' >"$scratch/rows" || printf 'must\ttables could not be checked, for the reason above\n' >>"$scratch/found"
awk -F '\t' '$3 == "error" || $3 == "Error" { print "must\t" $1 ": " $4 }' "$scratch/rows" >>"$scratch/found"
sed -n 's/^note	//p' "$scratch/found"
if grep -q '^must	' "$scratch/found"; then
  echo "error: the upgrade to MySQL $UPGRADE_TO would fail. Change this before:" >&2
  sed -n 's/^must	//p' "$scratch/found" >&2
  exit 1
fi
echo "Nothing was found that stops the upgrade from MySQL $UPGRADE_FROM to $UPGRADE_TO."
`;

/**
 * Gathers the statistics of all tables anew, and looks at the result. Reads the variables of `MYSQL_CLIENT` and UPGRADE_TO.
 *
 * @internal
 */
export const MYSQL_AFTER_UPGRADE = String.raw`${SHELL_COMMON}${MYSQL_CLIENT}${VERSION}
has_version "$UPGRADE_TO"
each_table 'ANALYZE LOCAL TABLE' '' >"$scratch/rows" || fail 'tables could not be analyzed, for the reason above'
awk -F '\t' '$3 == "error" || $3 == "Error" { print $1 ": " $4 }' "$scratch/rows" >"$scratch/left"
if [ -s "$scratch/left" ]; then
  echo 'error: the upgrade is not finished. This is left:' >&2
  cat "$scratch/left" >&2
  exit 1
fi
echo "The server runs MySQL $UPGRADE_TO, with statistics for all tables."
`;
