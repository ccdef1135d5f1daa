// Derived tables of the MySQL queries: the desired state, which is JSON in @desired, and the catalog, both as rows with binary
// collations. MySQL 5.7 has no JSON_TABLE, so list members are enumerated by a number table. Each list and each entry is taken out of
// the document once, in a derived table that a LIMIT makes the server materialize: the cost grows with the entries, not with their
// square.
//
// `/*!80000 ... */` is read by MySQL of that version or later only, `/*M!100400 ... */` by MariaDB only: MariaDB passes over comments
// with the versions 50700 to 99999. https://mariadb.com/kb/en/comment-syntax/

const DIGITS = `(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)`;

/** Numbers from 0 to 299. */
export const COUNT = `(SELECT a.d + 10 * b.d + 100 * c.d AS i FROM ${DIGITS} a, ${DIGITS} b,
  (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2) c LIMIT 300)`;

/** More rows than a catalog has. */
const ALL = "LIMIT 10000000";

/** A column with a binary collation. */
export const bin = (column: string) => `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin`;
/** A name in backticks. */
export const quoted = (column: string) => `CONCAT('\`', REPLACE(${column}, '\`', '\`\`'), '\`')`;
/** An account as statements name it. */
const account = (name: string, host: string) => `CONCAT(QUOTE(${name}), '@', QUOTE(${host}))`;
/** An account as information_schema names it; it does not escape quotes. */
const grantee = (name: string, host: string) =>
  `CONVERT(CONCAT('''', ${name}, '''@''', ${host}, '''') USING utf8mb4) COLLATE utf8mb4_bin`;

/** Member of an entry as text; a longer one is refused by its length anyway. */
const text = (member: string) =>
  `CAST(CONVERT(JSON_UNQUOTE(JSON_EXTRACT(e, '$.${member}')) USING utf8mb4) AS CHAR(255)) COLLATE utf8mb4_bin`;
const flag = (member: string) => `(JSON_EXTRACT(e, '$.${member}') = true)`;
const optional = (member: string) =>
  `CASE WHEN JSON_TYPE(JSON_EXTRACT(e, '$.${member}')) = 'NULL' THEN NULL ELSE ${text(member)} END`;

const entries = (list: string) => `(SELECT i, JSON_EXTRACT(list, CONCAT('$[', i, ']')) AS e
    FROM (SELECT JSON_EXTRACT(@desired, '$.${list}') AS list LIMIT 1) l JOIN ${COUNT} n ON i < JSON_LENGTH(list) LIMIT 300)`;

/** Described accounts. */
export const USERS = `(SELECT i, name, host, existing, identity, tls, native, connections, password,
    ${account("name", "host")} AS account, ${grantee("name", "host")} AS grantee,
    CONCAT(' REQUIRE ', CASE WHEN tls THEN 'SSL' ELSE 'NONE' END, ' WITH MAX_USER_CONNECTIONS ', connections) AS options
  FROM (SELECT i, ${text("name")} AS name, LOWER(${text("host")}) AS host, ${flag("existing")} AS existing,
      ${flag("cloudIdentity")} AS identity, ${flag("requireTls")} AS tls, ${flag("nativePassword")} AS native,
      CAST(${text("maxConnections")} AS UNSIGNED) AS connections, ${optional("password")} AS password
    FROM ${entries("users")} r LIMIT 300) u LIMIT 300)`;

/** Described databases. Since MySQL 8.0.30, the catalog has utf8mb3 for utf8. */
export const DATABASES = `(SELECT i, ${text("name")} AS name, ${flag("existing")} AS existing, ${text("characterSet")} AS charset,
    ${optional("collation")} AS collation_name, JSON_LENGTH(JSON_EXTRACT(e, '$.queries')) AS queries, JSON_EXTRACT(e, '$.queries') AS query_list
  FROM ${entries("databases")} r LIMIT 300)`;

/** Described grants. In a grant, _ and % in a database name are wildcards unless they are escaped. */
export const GRANTS = String.raw`(SELECT i, plain, pattern, grantable, privileges, ${account("name", "host")} AS account,
    ${grantee("name", "host")} AS grantee
  FROM (SELECT i, ${text("user")} AS name, LOWER(${text("host")}) AS host, ${text("database")} AS plain,
      REPLACE(REPLACE(${text("database")}, '_', '\\_'), '%', '\\%') AS pattern, ${flag("grantable")} AS grantable,
      JSON_EXTRACT(e, '$.privileges') AS privileges
    FROM ${entries("grants")} r LIMIT 300) g LIMIT 300)`;

/** A member of MariaDB's JSON about an account `u`. */
const attribute = (member: string) =>
  `(SELECT JSON_VALUE(p.Priv, '$.${member}') FROM mysql.global_priv p WHERE p.User = u.User AND p.Host = u.Host)`;
/** Days for which the password of an account `u` is valid; 0 for ever. An account without a figure has the server's. */
const LIFETIME = `(0 /*!50704 + COALESCE(u.password_lifetime, @@GLOBAL.default_password_lifetime) */
      /*M!100403 + COALESCE(NULLIF(${attribute("password_lifetime")}, -1), @@GLOBAL.default_password_lifetime) */)`;
const LAST_CHANGED = `COALESCE(NULL /*!50704 , u.password_last_changed */ /*M!100403 , FROM_UNIXTIME(COALESCE(${attribute("password_last_changed")}, 0)) */)`;

/**
 * Existing accounts. MariaDB keeps locks and further authentication methods (`doors`) in JSON only. `second` is MySQL's second password,
 * which a new first one leaves in force. https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords
 */
export const ACCOUNTS = `(SELECT name, host, ${account("name", "host")} AS account, ${grantee("name", "host")} AS grantee, plugin, ssl_type,
    max_user_connections, expired OR COALESCE(expires < NOW(), 0) AS expired, expires, locked, doors, second, limits
  FROM (SELECT ${bin("u.User")} AS name, LOWER(${bin("u.Host")}) AS host, CONVERT(u.plugin USING utf8mb4) AS plugin,
      CONVERT(u.ssl_type USING utf8mb4) AS ssl_type, u.max_user_connections, u.password_expired = 'Y' AS expired,
      CASE WHEN ${LIFETIME} > 0 THEN ${LAST_CHANGED} + INTERVAL ${LIFETIME} DAY END AS expires,
      0 /*!50706 + (u.account_locked = 'Y') */ /*M!100400 + COALESCE(${attribute("account_locked")} IN ('true', '1'), 0) */ AS locked,
      0 /*M!100400 + COALESCE((SELECT JSON_EXISTS(p.Priv, '$.auth_or[1]') FROM mysql.global_priv p WHERE p.User = u.User AND p.Host = u.Host), 0) */ AS doors,
      0 /*!80014 + COALESCE(JSON_CONTAINS_PATH(u.User_attributes, 'one', '$.additional_password'), 0) */ AS second,
      CONCAT_WS(', ', CASE WHEN u.max_questions > 0 THEN CONCAT(u.max_questions, ' queries') END, CASE WHEN u.max_updates > 0 THEN CONCAT(u.max_updates, ' updates') END,
        CASE WHEN u.max_connections > 0 THEN CONCAT(u.max_connections, ' connections') END) AS limits
    FROM mysql.user u WHERE 1 /*M!100400 AND u.is_role <> 'Y' */ ${ALL}) a ${ALL})`;

/** Privileges on databases, one per row. */
export const SCHEMA_PRIVILEGES = `(SELECT ${bin("GRANTEE")} AS grantee, ${bin("TABLE_SCHEMA")} AS pattern,
    ${bin("PRIVILEGE_TYPE")} AS privilege, IS_GRANTABLE = 'YES' AS grantable
  FROM information_schema.SCHEMA_PRIVILEGES ${ALL})`;

/** Privileges on databases, one row per account and database. */
export const HELD = `(SELECT grantee, pattern, GROUP_CONCAT(privilege ORDER BY privilege) AS held, MAX(grantable) AS grantable
  FROM ${SCHEMA_PRIVILEGES} p GROUP BY grantee, pattern ${ALL})`;

/** Privileges on the whole server, one per row. */
export const GLOBAL_PRIVILEGES = `(SELECT ${bin("GRANTEE")} AS grantee, ${bin("PRIVILEGE_TYPE")} AS privilege, IS_GRANTABLE = 'YES' AS grantable
  FROM information_schema.USER_PRIVILEGES ${ALL})`;

/** Privileges on tables, one row per account and table. */
export const TABLE_PRIVILEGES = `(SELECT ${bin("GRANTEE")} AS grantee, ${bin("TABLE_SCHEMA")} AS db, ${bin("TABLE_NAME")} AS name,
    GROUP_CONCAT(PRIVILEGE_TYPE ORDER BY PRIVILEGE_TYPE SEPARATOR ', ') AS held, MAX(IS_GRANTABLE = 'YES') AS grantable
  FROM information_schema.TABLE_PRIVILEGES GROUP BY 1, 2, 3 ${ALL})`;

/** Privileges on columns, one row per account, table and privilege. */
export const COLUMN_PRIVILEGES = `(SELECT ${bin("GRANTEE")} AS grantee, ${bin("TABLE_SCHEMA")} AS db, ${bin("TABLE_NAME")} AS name,
    PRIVILEGE_TYPE AS privilege, GROUP_CONCAT(${quoted("COLUMN_NAME")} ORDER BY COLUMN_NAME SEPARATOR ', ') AS columns
  FROM information_schema.COLUMN_PRIVILEGES GROUP BY 1, 2, 3, 4 ${ALL})`;

/** Privileges on procedures and functions. */
export const ROUTINE_PRIVILEGES = `(SELECT ${grantee("User", "Host")} AS grantee, ${bin("Db")} AS db, ${bin("Routine_name")} AS name,
    ${bin("Routine_type")} AS kind, REPLACE(REPLACE(${bin("Proc_priv")}, ',', ', '), 'Grant', 'GRANT OPTION') AS held
  FROM mysql.procs_priv ${ALL})`;

/** Accounts and roles that an account may act as, with the words of the REVOKE. */
export const MEMBERSHIPS = `(SELECT ${grantee("User", "Host")} AS grantee,
    CONVERT(CONCAT('PROXY ON ', ${account("Proxied_user", "Proxied_host")}) USING utf8mb4) COLLATE utf8mb4_bin AS what FROM mysql.proxies_priv
  /*!80000 UNION ALL SELECT ${grantee("TO_USER", "TO_HOST")}, CONVERT(${account("FROM_USER", "FROM_HOST")} USING utf8mb4) COLLATE utf8mb4_bin FROM mysql.role_edges */
  /*M!100400 UNION ALL SELECT ${grantee("User", "Host")}, CONVERT(${quoted("Role")} USING utf8mb4) COLLATE utf8mb4_bin FROM mysql.roles_mapping WHERE Host <> '' */
  ${ALL})`;

/** Accounts that other accounts may act as; on MySQL they are locked. MariaDB's roles are no accounts. */
export const ROLES = `(SELECT '' AS grantee FROM DUAL WHERE 0 /*!80000 UNION SELECT ${grantee("FROM_USER", "FROM_HOST")} FROM mysql.role_edges */ ${ALL})`;
