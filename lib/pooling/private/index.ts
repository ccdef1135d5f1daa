// For the other rooms of this package only: `exports` of package.json keeps it from users.
export * from "../linux-package/ruby";
export * from "../pgbouncer/data/pgbouncer-facts";
export * from "../pgbouncer/pgbouncer-config";
export * from "../pgbouncer/pool-entry";
export { ENTRYPOINT_SCRIPT } from "../pgbouncer/scripts/entrypoint";
