// For the other rooms of this package only: `exports` of package.json keeps it from users.
export { cloneGrants, ownedDatabase, ownerLogins } from "../objects/component-objects";
export { objectsOfServer } from "../objects/objects-of-server";
export { portText } from "../terraform-text";
