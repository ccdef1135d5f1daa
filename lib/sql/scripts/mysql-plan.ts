// Statements that a MySQL server lacks: one query per kind, over the rows of `mysql-rows.ts`. Names are written into statements by
// QUOTE() or in backticks with doubled backticks only.

import { MYSQL_PRIVILEGES } from "../data/privileges";
import {
  ACCOUNTS,
  bin,
  COLUMN_PRIVILEGES,
  COUNT,
  DATABASES,
  GLOBAL_PRIVILEGES,
  GRANTS,
  HELD,
  MEMBERSHIPS,
  quoted,
  ROLES,
  ROUTINE_PRIVILEGES,
  SCHEMA_PRIVILEGES,
  TABLE_PRIVILEGES,
  USERS,
} from "./mysql-rows";

const PRIVILEGES = `(${MYSQL_PRIVILEGES.map((name, n) => `SELECT '${name}'${n === 0 ? " AS privilege" : ""}`).join(" UNION ALL ")})`;
const isUser = "u.name = w.name AND u.host = w.host";
/** Plugins with a password; others, such as sockets, let a client in without the described one. */
const PASSWORD_PLUGINS =
  "('', 'mysql_native_password', 'caching_sha2_password', 'sha256_password', 'ed25519', 'client_ed25519', 'parsec')";
/** utf8 and utf8mb3 are one character set. */
const canonical = (column: string) => `REPLACE(LOWER(${column}), 'utf8mb3', 'utf8')`;

/** Problems, one per line; nothing is changed when there is one. */
export const MYSQL_PROBLEMS = `
SELECT CONCAT('the name ', QUOTE(name), ' of a user is not 1 to 32 characters of up to three bytes, without control characters and without spaces or quotes around it') FROM ${USERS} w
 WHERE CHAR_LENGTH(name) NOT BETWEEN 1 AND 32 OR name REGEXP '[[:cntrl:]]' OR name <> TRIM(name) OR name LIKE '% ' OR name LIKE ' %' OR name LIKE '''%'''
    OR HEX(CONVERT(CONVERT(name USING utf8) USING utf8mb4)) <> HEX(name);
SELECT CONCAT('the name ', QUOTE(name), ' of a database is not 1 to 64 letters, digits, _ and -') FROM ${DATABASES} w
 WHERE name NOT REGEXP '^[A-Za-z0-9_][A-Za-z0-9_-]*$' OR CHAR_LENGTH(name) > 64;
SELECT CONCAT('the name ', QUOTE(name), ' of a database has capitals, which the server stores as lower case (lower_case_table_names)') FROM ${DATABASES} w
 WHERE @@GLOBAL.lower_case_table_names <> 0 AND name <> LOWER(name);
SELECT CONCAT('the character set or collation of ', QUOTE(name), ' is no plain word') FROM ${DATABASES} w
 WHERE charset NOT REGEXP '^[A-Za-z0-9_]+$' OR collation_name NOT REGEXP '^[A-Za-z0-9_]+$';
SELECT CONCAT('the server has no character set ', QUOTE(charset), ', which the database ', name, ' is to have') FROM ${DATABASES} w
 WHERE NOT existing AND ${canonical("charset")} NOT IN (SELECT ${canonical(bin("CHARACTER_SET_NAME"))} FROM information_schema.CHARACTER_SETS);
SELECT CONCAT('the server has no collation ', QUOTE(collation_name), ' of the character set ', charset, ', which the database ', name, ' is to have') FROM ${DATABASES} w
 WHERE NOT existing AND collation_name IS NOT NULL AND collation_name NOT LIKE '%uca1400%'
   AND NOT EXISTS (SELECT 1 FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY c
     WHERE ${canonical(bin("c.COLLATION_NAME"))} = ${canonical("w.collation_name")} AND ${canonical(bin("c.CHARACTER_SET_NAME"))} = ${canonical("w.charset")});
SELECT CONCAT('the user ', account, ' is the administrator; an application gets a separate login') FROM ${USERS} w
 WHERE name = ${bin("SUBSTRING_INDEX(CURRENT_USER(), '@', 1)")};
SELECT CONCAT('the user ', account, ' is to have mysql_native_password, which the server does not load') FROM ${USERS} w
 WHERE native AND NOT EXISTS (SELECT 1 FROM information_schema.PLUGINS p WHERE p.PLUGIN_NAME = 'mysql_native_password' AND p.PLUGIN_STATUS = 'ACTIVE');
SELECT CONCAT('the user ', account, ' does not exist; its owner, such as the cloud''s API, has to create it first') FROM ${USERS} w
 WHERE existing AND NOT EXISTS (SELECT 1 FROM ${ACCOUNTS} u WHERE ${isUser});
SELECT CONCAT('the database ', name, ' does not exist; its owner, such as the cloud''s API, has to create it first') FROM ${DATABASES} w
 WHERE existing AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE ${bin("s.SCHEMA_NAME")} = w.name);
SELECT 'partial_revokes is ON, with which MySQL reads an escaped name in a grant as another database; set it to OFF' FROM DUAL
 WHERE 0 /*!80016 OR @@GLOBAL.partial_revokes */;
`;

/**
 * Six lines for each user with a password: secret key; name; host; state (missing, wrong, present); beginning and end of the statement
 * around the password. The account is created with its TLS requirement, so that it is never open without.
 */
export const MYSQL_LOGINS = `
SELECT CONCAT_WS('\\n', w.password, w.name, w.host,
              CASE WHEN u.name IS NULL THEN 'missing'
                   WHEN native AND u.plugin <> 'mysql_native_password' THEN 'wrong'
                   WHEN u.plugin NOT IN ${PASSWORD_PLUGINS} OR u.expired OR u.locked OR u.doors THEN 'wrong' ELSE 'present' END,
              CONCAT(CASE WHEN u.name IS NULL THEN 'CREATE USER IF NOT EXISTS ' ELSE 'ALTER USER ' END, w.account,
                     CASE WHEN native AND VERSION() NOT LIKE '%MariaDB%' THEN ' IDENTIFIED WITH mysql_native_password BY ' ELSE ' IDENTIFIED BY ' END),
              CONCAT(options, CASE WHEN u.name IS NULL THEN '' ELSE ' ACCOUNT UNLOCK' END))
  FROM ${USERS} w LEFT JOIN ${ACCOUNTS} u ON ${isUser} WHERE w.password IS NOT NULL ORDER BY w.name;
`;

/** One line for each query: database, then name, guard and text as hexadecimal digits. */
export const MYSQL_QUERIES = `
SELECT CONCAT_WS(' ', name, HEX(JSON_UNQUOTE(JSON_EXTRACT(q, '$.name'))), HEX(JSON_UNQUOTE(JSON_EXTRACT(q, '$.unless'))), HEX(JSON_UNQUOTE(JSON_EXTRACT(q, '$.sql'))))
  FROM (SELECT w.i, n.i AS j, w.name, JSON_EXTRACT(w.query_list, CONCAT('$[', n.i, ']')) AS q
          FROM ${DATABASES} w JOIN ${COUNT} n ON n.i < w.queries LIMIT 90000) x ORDER BY i, j;
`;

/**
 * Statements, one per line, that take away what described accounts must not have. They run before passwords are set. An account that
 * the description creates has the described privileges only; of others, only those on described databases are judged.
 */
export const MYSQL_EXCESS = `
SELECT CONCAT('REVOKE ', GROUP_CONCAT(h.privilege ORDER BY h.privilege SEPARATOR ', '), ' ON ', ${quoted("h.pattern")}, '.* FROM ', w.account, ';')
  FROM ${SCHEMA_PRIVILEGES} h JOIN ${USERS} w ON w.grantee = h.grantee
  -- Privileges that a later version adds to "everything" stay with accounts that have everything.
  LEFT JOIN ${GRANTS} g ON g.grantee = h.grantee AND g.pattern = h.pattern
       AND (JSON_CONTAINS(g.privileges, JSON_QUOTE(h.privilege)) OR JSON_LENGTH(g.privileges) >= ${MYSQL_PRIVILEGES.length})
 WHERE h.privilege <> 'USAGE' AND g.grantee IS NULL
   AND (NOT w.existing OR EXISTS (SELECT 1 FROM ${GRANTS} k WHERE k.grantee = h.grantee AND (k.pattern = h.pattern OR k.plain = h.pattern)))
 GROUP BY w.account, h.pattern;
SELECT CONCAT('REVOKE GRANT OPTION ON ', ${quoted("h.pattern")}, '.* FROM ', w.account, ';')
  FROM ${HELD} h JOIN ${USERS} w ON w.grantee = h.grantee
  LEFT JOIN ${GRANTS} g ON g.grantee = h.grantee AND g.pattern = h.pattern AND g.grantable
 WHERE h.grantable AND g.grantee IS NULL
   AND (NOT w.existing OR EXISTS (SELECT 1 FROM ${GRANTS} k WHERE k.grantee = h.grantee AND (k.pattern = h.pattern OR k.plain = h.pattern)))
 GROUP BY w.account, h.pattern;
SELECT CONCAT('REVOKE ', GROUP_CONCAT(h.privilege ORDER BY h.privilege SEPARATOR ', '), ' ON *.* FROM ', w.account, ';')
  FROM ${USERS} w JOIN ${GLOBAL_PRIVILEGES} h ON h.grantee = w.grantee AND h.privilege <> 'USAGE' WHERE NOT w.existing GROUP BY w.account;
SELECT DISTINCT CONCAT('REVOKE GRANT OPTION ON *.* FROM ', w.account, ';')
  FROM ${USERS} w JOIN ${GLOBAL_PRIVILEGES} h ON h.grantee = w.grantee WHERE NOT w.existing AND h.grantable;
SELECT CONCAT('REVOKE ', h.held, CASE WHEN h.grantable THEN ', GRANT OPTION' ELSE '' END, ' ON ', ${quoted("h.db")}, '.', ${quoted("h.name")}, ' FROM ', w.account, ';')
  FROM ${TABLE_PRIVILEGES} h JOIN ${USERS} w ON w.grantee = h.grantee WHERE NOT w.existing AND h.held <> 'USAGE';
SELECT CONCAT('REVOKE GRANT OPTION ON ', ${quoted("h.db")}, '.', ${quoted("h.name")}, ' FROM ', w.account, ';')
  FROM ${TABLE_PRIVILEGES} h JOIN ${USERS} w ON w.grantee = h.grantee WHERE NOT w.existing AND h.held = 'USAGE' AND h.grantable;
SELECT CONCAT('REVOKE ', GROUP_CONCAT(h.privilege, ' (', h.columns, ')' SEPARATOR ', '), ' ON ', ${quoted("h.db")}, '.', ${quoted("h.name")}, ' FROM ', w.account, ';')
  FROM ${COLUMN_PRIVILEGES} h JOIN ${USERS} w ON w.grantee = h.grantee WHERE NOT w.existing GROUP BY w.account, h.db, h.name;
-- MySQL itself grants EXECUTE and ALTER ROUTINE to the account that creates a routine, so those in described databases stay.
SELECT CONCAT('REVOKE ', h.held, ' ON ', h.kind, ' ', ${quoted("h.db")}, '.', ${quoted("h.name")}, ' FROM ', w.account, ';')
  FROM ${ROUTINE_PRIVILEGES} h JOIN ${USERS} w ON w.grantee = h.grantee
 WHERE NOT w.existing AND NOT EXISTS (SELECT 1 FROM ${GRANTS} k WHERE k.grantee = h.grantee AND k.plain = h.db);
-- A new first password leaves the second one in force.
SELECT CONCAT('ALTER USER ', w.account, ' DISCARD OLD PASSWORD;') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser} WHERE NOT w.existing AND u.second;
SELECT CONCAT('REVOKE ', h.what, ' FROM ', w.account, ';') FROM ${MEMBERSHIPS} h JOIN ${USERS} w ON w.grantee = h.grantee WHERE NOT w.existing;
`;

/** Missing statements, one per line, that run after passwords are set. */
export const MYSQL_PLAN = `
SELECT CONCAT('CREATE USER IF NOT EXISTS ', w.account, ' IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS''', options, ';')
  FROM ${USERS} w LEFT JOIN ${ACCOUNTS} u ON ${isUser} WHERE identity AND NOT existing AND u.name IS NULL ORDER BY w.name;
SELECT CONCAT('ALTER USER ', w.account, ' IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS'';') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser}
 WHERE identity AND NOT existing AND u.plugin <> 'AWSAuthenticationPlugin' ORDER BY w.name;
SELECT CONCAT('ALTER USER ', w.account, options, ';') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser}
 WHERE NOT existing AND (CASE WHEN tls THEN u.ssl_type IN ('ANY', 'X509', 'SPECIFIED') ELSE u.ssl_type = '' END
   AND u.max_user_connections = connections) IS NOT TRUE ORDER BY w.name;
SELECT CONCAT('CREATE DATABASE IF NOT EXISTS ', ${quoted("name")}, ' CHARACTER SET ', charset,
              CASE WHEN collation_name IS NULL THEN '' ELSE CONCAT(' COLLATE ', collation_name) END, ';') FROM ${DATABASES} w
 WHERE NOT EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE ${bin("s.SCHEMA_NAME")} = w.name) ORDER BY name;
SELECT CONCAT('ALTER DATABASE ', ${quoted("name")}, ' CHARACTER SET ', charset,
              CASE WHEN collation_name IS NULL THEN '' ELSE CONCAT(' COLLATE ', collation_name) END, ';')
  FROM ${DATABASES} w JOIN information_schema.SCHEMATA s ON ${bin("s.SCHEMA_NAME")} = w.name
 WHERE NOT existing AND (${canonical(bin("s.DEFAULT_CHARACTER_SET_NAME"))} <> ${canonical("charset")}
    OR ${canonical(bin("s.DEFAULT_COLLATION_NAME"))} <> ${canonical("collation_name")}) ORDER BY name;
SELECT CONCAT('GRANT ', GROUP_CONCAT(p.privilege ORDER BY p.privilege SEPARATOR ', '), ' ON ', ${quoted("g.pattern")}, '.* TO ', g.account,
              CASE WHEN g.grantable THEN ' WITH GRANT OPTION' ELSE '' END, ';')
  FROM ${GRANTS} g JOIN ${PRIVILEGES} p ON JSON_CONTAINS(g.privileges, JSON_QUOTE(p.privilege))
  LEFT JOIN ${HELD} h ON h.grantee = g.grantee AND h.pattern = g.pattern
 WHERE h.grantee IS NULL OR FIND_IN_SET(p.privilege, h.held) = 0 OR g.grantable AND NOT h.grantable
 GROUP BY g.i, g.account, g.pattern, g.grantable ORDER BY g.i;
-- An account of the name for other hosts is another way in, with another password. It is locked last, when the described one works.
SELECT CONCAT('ALTER USER ', u.account, ' ACCOUNT LOCK;') FROM ${USERS} w JOIN ${ACCOUNTS} u ON u.name = w.name AND u.host <> w.host
 WHERE NOT existing AND NOT u.locked ORDER BY u.account;
`;

/** A grantee `h.grantee` that is not described and lets clients in, or is a role. */
const OUTSIDER = `w.grantee IS NULL AND (NOT COALESCE(u.locked, 0) OR r.grantee IS NOT NULL)
   AND h.grantee <> ${bin("CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')")}`;
const JOIN_OUTSIDER = `LEFT JOIN ${USERS} w ON w.grantee = h.grantee LEFT JOIN ${ACCOUNTS} u ON u.grantee = h.grantee LEFT JOIN ${ROLES} r ON r.grantee = h.grantee`;
/** Privileges of a database that accounts have on the whole server, except administrators: they may create accounts. */
const EVERYWHERE = `(SELECT grantee, GROUP_CONCAT(privilege ORDER BY privilege) AS held FROM ${GLOBAL_PRIVILEGES} p
   WHERE privilege IN (SELECT privilege FROM ${PRIVILEGES} q) AND grantee NOT LIKE '''mysql.%' AND grantee NOT LIKE '''mariadb.%'
     AND grantee NOT IN (SELECT grantee FROM ${GLOBAL_PRIVILEGES} q WHERE q.privilege IN ('CREATE USER', 'SUPER')) GROUP BY grantee)`;

/** Findings, one per line, that no statement changes: other accounts that reach described databases, and accounts that are left over. */
export const MYSQL_NOTES = `
SELECT CONCAT(h.grantee, ' may ', h.held, ' on ', GROUP_CONCAT(d.name ORDER BY d.name SEPARATOR ', '), ' and is not described')
  FROM ${HELD} h JOIN ${DATABASES} d ON d.name LIKE h.pattern ${JOIN_OUTSIDER}
 WHERE ${OUTSIDER} GROUP BY h.grantee, h.pattern, h.held;
SELECT CONCAT(h.grantee, ' may ', h.held, ' on every database and is not described') FROM ${EVERYWHERE} h ${JOIN_OUTSIDER} WHERE ${OUTSIDER};
SELECT CONCAT(h.grantee, ' may ', h.held, ' on the table ', h.name, ' of ', h.db, ' and is not described')
  FROM ${TABLE_PRIVILEGES} h JOIN ${DATABASES} d ON d.name = h.db ${JOIN_OUTSIDER} WHERE ${OUTSIDER} AND h.held <> 'USAGE';
SELECT CONCAT(h.grantee, ' may ', h.privilege, ' on the columns ', h.columns, ' of the table ', h.name, ' of ', h.db, ' and is not described')
  FROM ${COLUMN_PRIVILEGES} h JOIN ${DATABASES} d ON d.name = h.db ${JOIN_OUTSIDER} WHERE ${OUTSIDER};
SELECT CONCAT(h.grantee, ' may ', UPPER(h.held), ' on the ', LOWER(h.kind), ' ', h.name, ' of ', h.db, ' and is not described')
  FROM ${ROUTINE_PRIVILEGES} h JOIN ${DATABASES} d ON d.name = h.db ${JOIN_OUTSIDER} WHERE ${OUTSIDER};
SELECT CONCAT('every account may act as ', '' /*!80002 , @@GLOBAL.mandatory_roles */, ' (mandatory_roles), which is not described') FROM DUAL
 WHERE 0 /*!80002 OR @@GLOBAL.mandatory_roles <> '' */;
SELECT CONCAT(w.account, ' has a second password, which also lets its clients in') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser} WHERE existing AND u.second;
SELECT CONCAT(w.account, ' has to show a client certificate (REQUIRE ', u.ssl_type, '), which the run cannot test') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser}
 WHERE NOT existing AND u.ssl_type IN ('X509', 'SPECIFIED');
SELECT CONCAT(w.account, ' is limited to ', u.limits, ' in an hour, which is not described') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser} WHERE NOT existing AND u.limits <> '';
SELECT CONCAT('the password of ', w.account, ' expires at ', DATE_FORMAT(u.expires, '%Y-%m-%d %H:%i:%s'), ' unless it is changed before') FROM ${USERS} w JOIN ${ACCOUNTS} u ON ${isUser}
 WHERE password IS NOT NULL AND u.expires IS NOT NULL;
SELECT CONCAT(u.account, ' is locked, also for clients that the described login of the name is for, and keeps its grants; drop it when nothing needs it')
  FROM ${USERS} w JOIN ${ACCOUNTS} u ON u.name = w.name AND u.host <> w.host WHERE NOT existing AND u.locked ORDER BY u.account;
SELECT CONCAT('the anonymous account ', u.account, ' lets clients of that host in without a name; drop it') FROM ${ACCOUNTS} u WHERE u.name = '';
`;
