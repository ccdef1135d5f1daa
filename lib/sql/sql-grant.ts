import type { SqlGrantTarget, SqlPrivilege } from "./sql-privilege";

/**
 * What a role may do with a target. The role gets exactly this on the target: what is missing is granted, what is too much
 * is revoked. Roles and targets that are in no grant stay as they are.
 */
export interface SqlGrant {
  /** What the grant is about. */
  readonly on: SqlGrantTarget;
  /** The schema. @default "public" */
  readonly schema?: string;
  /** The role, which is part of the same description, or `public` for everybody (PostgreSQL). */
  readonly grantee: string;
  /** The privileges; none revokes all that the grantee has. */
  readonly privileges: SqlPrivilege[];
  /** Whether the role may hand them on. @default false */
  readonly grantable?: boolean;
}

/** What a role may do with objects that another role makes later (PostgreSQL). */
export interface SqlDefaultPrivileges {
  /** The role that makes the objects. @default - the database's owner */
  readonly owner?: string;
  /** The kind of objects: tables, sequences or functions. */
  readonly on: SqlGrantTarget;
  /** The schema. @default "public" */
  readonly schema?: string;
  /** The role that gets the privileges. */
  readonly grantee: string;
  /** The privileges. */
  readonly privileges: SqlPrivilege[];
}
