// Minor versions in `database_version`, read 2026-11: the enumeration of Google's API description (sqladmin v1, revision 20261018, in PyPI's
// google-api-python-client). google 6.50 does not check it; a test compares the two. A version of engine-support.ts is named by its
// major version or series; only MySQL 8.0 can also be named by its minor version.

/** The minor versions of MySQL 8.0. */
export const MYSQL_8_0_MINORS: readonly number[] = [
  18, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 39, 40, 41, 42, 43, 44, 45, 46,
];

/** The oldest release that Enterprise Plus offers (cloud.google.com/sql/docs "editions-intro"; remembered, not re-read). */
export const ENTERPRISE_PLUS_FROM: { readonly [family: string]: number } = { postgres: 12, mysql: 8 };
