// What each cloud takes as a password. Sources, read 2026-11: RDS API reference CreateDBInstance (MasterUserPassword);
// Azure "create server" pages (three of four character classes). Cloud SQL has no fixed alphabet; the limits of the
// strictest apply there too, so that a password can move.

/** The length and the characters of a password that are legal, by cloud and engine. */
export const PASSWORD_LENGTH: {
  readonly [cloudAndFamily: string]: { readonly min: number; readonly max: number };
} = {
  "aws/postgres": { min: 8, max: 128 },
  "aws/mysql": { min: 8, max: 41 },
  "google/postgres": { min: 8, max: 128 },
  "google/mysql": { min: 8, max: 79 },
  "azure/postgres": { min: 8, max: 128 },
  "azure/mysql": { min: 8, max: 128 },
};

/** Azure wants characters of three of these four classes. */
export const AZURE_CHARACTER_CLASSES: readonly string[] = ["[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"];

/** Printable ASCII without the slash, both quotes, the at-sign and the space, which RDS refuses. */
export const PASSWORD_CHARACTERS = "^[!#$%&()*+,.0-9:;<=>?A-Z\\[\\\\\\]^_`a-z{|}~-]+$";
