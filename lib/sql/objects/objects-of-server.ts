import type { IDatabaseServer } from "../../database";
import type { DatabaseObjects } from "./database-objects";

const MADE = new WeakMap<IDatabaseServer, DatabaseObjects[]>();

/** Remembers the SQL objects of a server. */
export function rememberObjects(objects: DatabaseObjects): void {
  MADE.set(objects.server, [...objectsOfServer(objects.server), objects]);
}

/** The SQL objects that the program has described for a server until now. */
export function objectsOfServer(server: IDatabaseServer): readonly DatabaseObjects[] {
  return MADE.get(server) ?? [];
}
