// For the other rooms of this package only: `exports` of package.json keeps it from users.
export { cloneGrants, ownedDatabase, ownerLogins } from "../objects/component-objects";
export { objectsOfServer } from "../objects/objects-of-server";
export { MYSQL_CLIENT } from "../scripts/mysql-client";
export { SHELL_COMMON } from "../scripts/shell-common";
export { portText } from "../terraform-text";
