// Statements that a MySQL server lacks: one query per kind over the desired state, which is JSON in @desired. MySQL 5.7 has no
// JSON_TABLE, so list members are enumerated by a number table; a LIMIT makes the server materialize it once instead of once per
// joined row. Names are written into statements by QUOTE() or in backticks with doubled backticks only.

const COUNT = `(SELECT a.d + 10 * b.d + 100 * c.d AS i FROM
  (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) a,
  (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) b,
  (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2) c)`;

/** Member of the list `list` (an alias of the same name) as text with a binary collation. */
function text(list: string, member: string): string {
  return `CONVERT(JSON_UNQUOTE(JSON_EXTRACT(@desired, CONCAT('$.${list}[', i, '].${member}'))) USING utf8mb4) COLLATE utf8mb4_bin`;
}

function flag(list: string, member: string): string {
  return `JSON_EXTRACT(@desired, CONCAT('$.${list}[', i, '].${member}')) = true`;
}

const USERS = `(SELECT i, ${text("users", "name")} AS name, ${text("users", "host")} AS host, ${flag("users", "existing")} AS existing,
  ${flag("users", "cloudIdentity")} AS identity, ${flag("users", "requireTls")} AS tls, ${flag("users", "nativePassword")} AS native,
  CAST(${text("users", "maxConnections")} AS UNSIGNED) AS connections,
  CASE WHEN JSON_TYPE(JSON_EXTRACT(@desired, CONCAT('$.users[', i, '].password'))) = 'NULL' THEN NULL ELSE ${text("users", "password")} END AS password
  FROM ${COUNT} n WHERE i < JSON_LENGTH(@desired, '$.users') LIMIT 300)`;

const DATABASES = `(SELECT i, ${text("databases", "name")} AS name, ${flag("databases", "existing")} AS existing,
  ${text("databases", "characterSet")} AS charset,
  CASE WHEN JSON_TYPE(JSON_EXTRACT(@desired, CONCAT('$.databases[', i, '].collation'))) = 'NULL' THEN NULL ELSE ${text("databases", "collation")} END AS collation_name
  FROM ${COUNT} n WHERE i < JSON_LENGTH(@desired, '$.databases') LIMIT 300)`;

// In a grant, _ and % in a database name are wildcards unless they are escaped.
const GRANTS = String.raw`(SELECT i, ${text("grants", "user")} AS name, ${text("grants", "host")} AS host, ${text("grants", "database")} AS plain,
  REPLACE(REPLACE(${text("grants", "database")}, '_', '\\_'), '%', '\\%') AS pattern, ${flag("grants", "grantable")} AS grantable,
  JSON_EXTRACT(@desired, CONCAT('$.grants[', i, '].privileges')) AS privileges FROM ${COUNT} n WHERE i < JSON_LENGTH(@desired, '$.grants') LIMIT 300)`;

const ACCOUNT = "CONCAT(QUOTE(w.name), '@', QUOTE(w.host))";
const bin = (column: string) => `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin`;
const quoted = (column: string) => `CONCAT('\`', REPLACE(${column}, '\`', '\`\`'), '\`')`;
const isUser = (u: string, w: string) =>
  `${bin(`${u}.User`)} = ${w}.name AND ${bin(`${u}.Host`)} = ${w}.host`;
const isHeld = `${bin("h.GRANTEE")} = CONVERT(CONCAT('''', w.name, '''@''', w.host, '''') USING utf8mb4) COLLATE utf8mb4_bin`;

/** Problems, one per line. */
export const MYSQL_PROBLEMS = `
SELECT CONCAT('the name ', QUOTE(name), ' of a user is not 1 to 32 characters of up to three bytes, without control characters and without spaces or quotes around it') FROM ${USERS} w
 WHERE CHAR_LENGTH(name) NOT BETWEEN 1 AND 32 OR name REGEXP '[[:cntrl:]]' OR name <> TRIM(name) OR name LIKE '% ' OR name LIKE ' %' OR name LIKE '''%'''
    OR HEX(CONVERT(CONVERT(name USING utf8) USING utf8mb4)) <> HEX(name);
SELECT CONCAT('the name ', QUOTE(name), ' of a database is not 1 to 64 letters, digits, _ and -') FROM ${DATABASES} w
 WHERE name NOT REGEXP '^[A-Za-z0-9_][A-Za-z0-9_-]*$' OR CHAR_LENGTH(name) > 64;
SELECT CONCAT('the character set or collation of ', QUOTE(name), ' is no plain word') FROM ${DATABASES} w
 WHERE charset NOT REGEXP '^[A-Za-z0-9_]+$' OR collation_name NOT REGEXP '^[A-Za-z0-9_]+$';
SELECT CONCAT('the user ', ${ACCOUNT}, ' is the administrator; an application gets a login of its own') FROM ${USERS} w
 WHERE name = CONVERT(SUBSTRING_INDEX(CURRENT_USER(), '@', 1) USING utf8mb4) COLLATE utf8mb4_bin;
SELECT CONCAT('the user ', ${ACCOUNT}, ' does not exist; whoever owns it, such as the cloud''s API, has to make it first') FROM ${USERS} w
 WHERE existing AND NOT EXISTS (SELECT 1 FROM mysql.user u WHERE ${isUser("u", "w")});
SELECT CONCAT('the database ', name, ' does not exist; whoever owns it, such as the cloud''s API, has to make it first') FROM ${DATABASES} w
 WHERE existing AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE ${bin("s.SCHEMA_NAME")} = w.name);
`;

/**
 * Four lines for each user with a password: secret key; name; whether it exists with the described authentication plugin; beginning
 * of the statement.
 */
export const MYSQL_LOGINS = `
SELECT CONCAT_WS('\\n', w.password, w.name,
              CASE WHEN u.User IS NULL THEN 'missing'
                   WHEN native AND u.plugin <> 'mysql_native_password' THEN 'wrong'
                   WHEN u.plugin LIKE '%socket' OR u.plugin = 'AWSAuthenticationPlugin' THEN 'wrong' ELSE 'present' END,
              CONCAT(CASE WHEN u.User IS NULL THEN 'CREATE USER IF NOT EXISTS ' ELSE 'ALTER USER ' END, ${ACCOUNT},
                     CASE WHEN native AND VERSION() NOT LIKE '%MariaDB%' THEN ' IDENTIFIED WITH mysql_native_password BY ' ELSE ' IDENTIFIED BY ' END))
  FROM ${USERS} w LEFT JOIN mysql.user u ON ${isUser("u", "w")} WHERE w.password IS NOT NULL ORDER BY w.name;
`;

/** One line for each query: index of its database, its index, name of the database. */
export const MYSQL_QUERIES = `
SELECT CONCAT_WS(' ', w.i, n.i, w.name) FROM ${DATABASES} w
  JOIN ${COUNT} n ON n.i < JSON_LENGTH(JSON_EXTRACT(@desired, CONCAT('$.databases[', w.i, '].queries'))) ORDER BY w.i, n.i;
`;

/** Missing statements, one per line. */
export const MYSQL_PLAN = `
SELECT CONCAT('CREATE USER IF NOT EXISTS ', ${ACCOUNT}, ' IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS'';') FROM ${USERS} w
 WHERE identity AND NOT existing AND NOT EXISTS (SELECT 1 FROM mysql.user u WHERE ${isUser("u", "w")}) ORDER BY name;
SELECT CONCAT('ALTER USER ', ${ACCOUNT}, ' IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS'';') FROM ${USERS} w JOIN mysql.user u ON ${isUser("u", "w")}
 WHERE identity AND NOT existing AND u.plugin <> 'AWSAuthenticationPlugin' ORDER BY name;
SELECT CONCAT('ALTER USER ', ${ACCOUNT}, ' REQUIRE ', CASE WHEN tls THEN 'SSL' ELSE 'NONE' END, ' WITH MAX_USER_CONNECTIONS ', connections, ';')
  FROM ${USERS} w LEFT JOIN mysql.user u ON ${isUser("u", "w")}
 WHERE NOT existing AND (CASE WHEN tls THEN u.ssl_type IN ('ANY', 'X509', 'SPECIFIED') ELSE u.ssl_type = '' END
   AND u.max_user_connections = connections) IS NOT TRUE ORDER BY name;
SELECT CONCAT('CREATE DATABASE IF NOT EXISTS ', ${quoted("name")}, ' CHARACTER SET ', charset,
              CASE WHEN collation_name IS NULL THEN '' ELSE CONCAT(' COLLATE ', collation_name) END, ';') FROM ${DATABASES} w
 WHERE NOT EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE ${bin("s.SCHEMA_NAME")} = w.name) ORDER BY name;
SELECT CONCAT('ALTER DATABASE ', ${quoted("name")}, ' CHARACTER SET ', charset,
              CASE WHEN collation_name IS NULL THEN '' ELSE CONCAT(' COLLATE ', collation_name) END, ';')
  FROM ${DATABASES} w JOIN information_schema.SCHEMATA s ON ${bin("s.SCHEMA_NAME")} = w.name
 WHERE NOT existing AND (${bin("s.DEFAULT_CHARACTER_SET_NAME")} <> charset OR ${bin("s.DEFAULT_COLLATION_NAME")} <> collation_name) ORDER BY name;
SELECT CONCAT('GRANT ', GROUP_CONCAT(privilege ORDER BY privilege SEPARATOR ', '), ' ON ', ${quoted("pattern")}, '.* TO ', ${ACCOUNT},
              CASE WHEN grantable THEN ' WITH GRANT OPTION' ELSE '' END, ';')
  FROM (SELECT g.name, g.host, g.pattern, g.grantable, JSON_UNQUOTE(JSON_EXTRACT(g.privileges, CONCAT('$[', n.i, ']'))) AS privilege
          FROM ${GRANTS} g JOIN ${COUNT} n ON n.i < JSON_LENGTH(g.privileges)) w
  LEFT JOIN information_schema.SCHEMA_PRIVILEGES h ON ${isHeld} AND ${bin("h.TABLE_SCHEMA")} = w.pattern
       AND ${bin("h.PRIVILEGE_TYPE")} = ${bin("w.privilege")} AND (h.IS_GRANTABLE = 'YES' OR NOT w.grantable)
 WHERE h.GRANTEE IS NULL GROUP BY w.name, w.host, w.pattern, w.grantable;
SELECT CONCAT('REVOKE ', GROUP_CONCAT(h.PRIVILEGE_TYPE ORDER BY h.PRIVILEGE_TYPE SEPARATOR ', '), ' ON ', ${quoted("w.pattern")}, '.* FROM ', ${ACCOUNT}, ';')
  FROM (SELECT DISTINCT name, host, pattern FROM ${GRANTS} g) w JOIN information_schema.SCHEMA_PRIVILEGES h
    ON ${isHeld} AND ${bin("h.TABLE_SCHEMA")} = w.pattern AND h.PRIVILEGE_TYPE <> 'USAGE'
  -- What the server adds to "everything" in a version of its own stays with whoever is to have everything.
  LEFT JOIN ${GRANTS} g ON g.name = w.name AND g.host = w.host AND g.pattern = w.pattern
       AND (JSON_CONTAINS(g.privileges, JSON_QUOTE(${bin("h.PRIVILEGE_TYPE")})) OR JSON_LENGTH(g.privileges) >= 18)
 WHERE g.name IS NULL GROUP BY w.name, w.host, w.pattern;
SELECT DISTINCT CONCAT('REVOKE GRANT OPTION ON ', ${quoted("pattern")}, '.* FROM ', ${ACCOUNT}, ';')
  FROM ${GRANTS} w JOIN information_schema.SCHEMA_PRIVILEGES h ON ${isHeld} AND ${bin("h.TABLE_SCHEMA")} = w.pattern
 WHERE NOT grantable AND h.IS_GRANTABLE = 'YES';
-- The same name without escapes would cover databases whose names differ in that place.
SELECT DISTINCT CONCAT('REVOKE ALL PRIVILEGES ON ', ${quoted("plain")}, '.* FROM ', ${ACCOUNT}, ';')
  FROM ${GRANTS} w JOIN information_schema.SCHEMA_PRIVILEGES h ON ${isHeld} AND ${bin("h.TABLE_SCHEMA")} = w.plain
 WHERE plain <> pattern AND h.PRIVILEGE_TYPE <> 'USAGE';
SELECT DISTINCT CONCAT('REVOKE GRANT OPTION ON ', ${quoted("plain")}, '.* FROM ', ${ACCOUNT}, ';')
  FROM ${GRANTS} w JOIN information_schema.SCHEMA_PRIVILEGES h ON ${isHeld} AND ${bin("h.TABLE_SCHEMA")} = w.plain
 WHERE plain <> pattern AND h.IS_GRANTABLE = 'YES';
SELECT CONCAT('REVOKE ', GROUP_CONCAT(h.PRIVILEGE_TYPE SEPARATOR ', '), ' ON *.* FROM ', ${ACCOUNT}, ';')
  FROM ${USERS} w JOIN information_schema.USER_PRIVILEGES h ON ${isHeld} AND h.PRIVILEGE_TYPE <> 'USAGE' WHERE NOT existing GROUP BY name, host;
SELECT DISTINCT CONCAT('REVOKE GRANT OPTION ON *.* FROM ', ${ACCOUNT}, ';')
  FROM ${USERS} w JOIN information_schema.USER_PRIVILEGES h ON ${isHeld} WHERE NOT existing AND h.IS_GRANTABLE = 'YES';
`;
