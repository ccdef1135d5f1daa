// For the other rooms of this package only: `exports` of package.json keeps it from users.
export * from "../pgbouncer/data/pgbouncer-facts";
export * from "../pgbouncer/pgbouncer-config";
export * from "../pgbouncer/pool-entry";
