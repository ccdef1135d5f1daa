// The script that makes a database and its owner: POSIX sh and psql, nothing else. It is a text of its own, so that a
// test runs it against a real server. Every line that looks strange has its reason beside it.

/**
 * Makes a role and a database that it owns, or brings those that exist to that state; never drops anything. Running it again
 * changes nothing, and several at once wait for each other.
 *
 * Reads libpq's variables (PGHOST, PGUSER of the administrator, PGSSLMODE, ...) and:
 * SETUP_DATABASE, SETUP_OWNER: the names;
 * SETUP_AUTHENTICATION: `password` or `cloud-identity`;
 * SETUP_ADMIN_PASSWORD_FILE, SETUP_OWNER_PASSWORD_FILE: files with the passwords; the latter for `password` only.
 *
 * Needs PostgreSQL 13 or later and an administrator with CREATEROLE and CREATEDB, who need not be a superuser. From 16 on the
 * administrator needs the ADMIN option on roles that exist already, which whoever made them has. Tried on 15 to 18.
 */
export const DATABASE_SETUP_SCRIPT = String.raw`set -eu

PGPASSWORD=$(cat "$SETUP_ADMIN_PASSWORD_FILE")
PGCONNECT_TIMEOUT=10
PGAPPNAME=database-setup
# Who waits for a lock for ever would hang the job; after an error it starts again.
PGOPTIONS="-c lock_timeout=120s -c client_min_messages=warning"
export PGPASSWORD PGCONNECT_TIMEOUT PGAPPNAME PGOPTIONS

# Read before anything is changed. Not exported: only the line below gets it.
password=
if [ "$SETUP_AUTHENTICATION" = password ]; then
  password=$(cat "$SETUP_OWNER_PASSWORD_FILE")
  if [ -z "$password" ]; then
    echo 'The password of the owner is empty.' >&2
    exit 1
  fi
fi

# \password asks twice, and reads standard input where there is no terminal. The password is on no command line and in no
# statement: psql sends the verifier only, so the server's log never holds it.
printf '%s\n%s\n' "$password" "$password" | psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
  --set owner="$SETUP_OWNER" --set database="$SETUP_DATABASE" --set authentication="$SETUP_AUTHENTICATION" \
  --file /dev/fd/3 3<<'SQL'
SELECT pg_is_in_recovery() AS standby \gset
\if :standby
  \echo 'This server is a replica; its databases come from the primary. Nothing to do.'
  \quit
\endif

-- One at a time. The lock goes with the session.
SELECT pg_advisory_lock(7305810842301) IS NULL AS locked \gset
SET password_encryption = 'scram-sha-256';

-- The owner ------------------------------------------------------------------------------------------------------------
SELECT count(*) = 0 AS create_owner,
       coalesce(bool_or(rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls OR rolname = current_user), false) AS powerful,
       coalesce(bool_or(NOT rolcanlogin), false) AS cannot_log_in,
       coalesce(bool_or(rolvaliduntil < now()), false) AS expired
  FROM pg_roles WHERE rolname = :'owner' \gset
\if :powerful
  \warn 'The role' :'owner' 'exists and is an administrator. An application gets an owner of its own: take another name.'
  DO 'BEGIN RAISE EXCEPTION ''the owner is an administrator''; END';
\endif
-- Cloud SQL's API makes the roles of Google identities, and nobody else can.
SELECT :'authentication' = 'cloud-identity'
       AND EXISTS (SELECT FROM pg_roles WHERE rolname LIKE 'cloudsqliam%') AS cloud_sql_identity \gset
\if :create_owner
  \if :cloud_sql_identity
    \warn 'There is no role' :"owner" '; for a Google identity Cloud SQL has to make it (google_sql_user).'
    DO 'BEGIN RAISE EXCEPTION ''the role of the Google identity does not exist''; END';
  \endif
  CREATE ROLE :"owner" LOGIN;
  \echo 'created the role' :"owner"
\endif
\if :cannot_log_in
  ALTER ROLE :"owner" LOGIN;
  \echo 'let the role log in:' :"owner"
\endif
\if :expired
  ALTER ROLE :"owner" VALID UNTIL 'infinity';
  \echo 'took the expiry date off the role' :"owner"
\endif

-- The database ---------------------------------------------------------------------------------------------------------
SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') AS create_database \gset
\if :create_database
  -- From template0: nobody can be connected to it, which would make this fail, and it allows any encoding.
  CREATE DATABASE :"database" TEMPLATE template0 ENCODING 'UTF8';
  \echo 'created the database' :"database"
\endif

-- To hand a database over, an administrator who is no superuser has to be a member of the old and the new owner. The
-- membership lives in one transaction only: for whoever stays a member of a role with rds_iam, RDS takes no password.
SELECT d.datdba <> o.oid AS wrong_owner,
       EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0) AS open_to_all
  FROM pg_database d, pg_roles o WHERE d.datname = :'database' AND o.rolname = :'owner' \gset
SELECT (:'wrong_owner'::boolean OR :'open_to_all'::boolean) AND NOT :'cloud_sql_identity'::boolean AS hand_over \gset
\if :hand_over
  SELECT coalesce(string_agg(format('GRANT %I TO CURRENT_USER', rolname), '; '), '') AS grants,
         coalesce(string_agg(format('REVOKE %I FROM CURRENT_USER', rolname), '; '), '') AS revokes
    FROM pg_roles r
   WHERE (rolname = :'owner' OR r.oid = (SELECT datdba FROM pg_database WHERE datname = :'database'))
     AND NOT (pg_has_role(r.oid, 'USAGE') AND pg_has_role(r.oid,
              CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) \gset
  BEGIN;
  :grants ;
  REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
  ALTER DATABASE :"database" OWNER TO :"owner";
  :revokes ;
  COMMIT;
  \if :wrong_owner
    \echo 'handed the database' :"database" 'over to' :"owner"
  \endif
  \if :open_to_all
    \echo 'closed the database to everybody else:' :"database"
  \endif
\endif

-- How the owner logs in ------------------------------------------------------------------------------------------------
SELECT :'authentication' = 'cloud-identity' AS cloud_identity,
       EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') AS has_rds_iam,
       EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
                WHERE g.rolname = 'rds_iam' AND u.rolname = :'owner') AS in_rds_iam \gset
\if :cloud_sql_identity
  -- From PostgreSQL 16 on only the creator of a role may hand something over to it, and this one comes from the API. So the
  -- administrator stays the owner, and the identity gets every right to the database.
  REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
  GRANT ALL ON DATABASE :"database" TO :"owner";
  \connect :"database"
  -- The lock went with the session; this one is for the same reason.
  SELECT pg_advisory_lock(7305810842301) IS NULL AS locked \gset
  SELECT NOT has_schema_privilege(:'owner', 'public', 'CREATE') AS grant_schema \gset
  \if :grant_schema
    GRANT ALL ON SCHEMA public TO :"owner";
    \echo 'granted the schema public to' :"owner"
  \endif
\elif :cloud_identity
  \if :has_rds_iam
  \else
    \warn 'This server has no role rds_iam: it is not on RDS or Cloud SQL, or IAM authentication is off.'
    DO 'BEGIN RAISE EXCEPTION ''there is no role rds_iam''; END';
  \endif
  \if :in_rds_iam
  \else
    SELECT coalesce(string_agg(DISTINCT format('REVOKE %I FROM CURRENT_USER', o.rolname), '; '), '') AS revokes
      FROM pg_auth_members m JOIN pg_roles o ON o.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
     WHERE o.rolname = :'owner' AND u.rolname = current_user \gset
    :revokes ;
    -- [open] From PostgreSQL 16 on, whoever creates a role stays a member of it with the ADMIN option alone, which only a
    -- superuser can take away. Whether RDS then refuses the administrator's password has not been tried; so it is tried here.
    SELECT pg_has_role(:'owner', 'MEMBER') AND NOT rolsuper AS still_member FROM pg_roles WHERE rolname = current_user \gset
    \if :still_member
      \warn 'The administrator stays a member of' :"owner" '(the creator of a role does, from PostgreSQL 16 on).'
    \endif
    GRANT rds_iam TO :"owner";
    \set admin_can_log_in ${"`"}psql -XAtq -c "SELECT true" </dev/null 2>/dev/null || echo false${"`"}
    \if :admin_can_log_in
    \else
      REVOKE rds_iam FROM :"owner";
      \warn 'With rds_iam granted to' :"owner" 'the administrator can no longer log in with a password. The grant was taken back.'
      DO 'BEGIN RAISE EXCEPTION ''granting rds_iam would lock the administrator out''; END';
    \endif
    ALTER ROLE :"owner" PASSWORD NULL;
    \echo 'the role logs in by IAM now:' :"owner"
  \endif
\else
  \if :in_rds_iam
    -- Members of rds_iam cannot log in with a password.
    REVOKE rds_iam FROM :"owner";
    \echo 'the role no longer logs in by IAM:' :"owner"
  \endif
  \set try ${"`"}PGPASSWORD=$(cat "$SETUP_OWNER_PASSWORD_FILE") PGUSER=$SETUP_OWNER PGDATABASE=$SETUP_DATABASE psql -XAtq -c "SELECT true" </dev/null 2>/dev/null || echo false${"`"}
  \if :try
  \else
    \password :"owner"
    \set try ${"`"}PGPASSWORD=$(cat "$SETUP_OWNER_PASSWORD_FILE") PGUSER=$SETUP_OWNER PGDATABASE=$SETUP_DATABASE psql -XAtq -c "SELECT true" </dev/null || echo false${"`"}
    \if :try
    \else
      DO 'BEGIN RAISE EXCEPTION ''the password is set, but the owner cannot log in with it''; END';
    \endif
    \echo 'set the password of' :"owner"
  \endif
\endif
\echo 'the database is ready:' :"database"
SQL
`;
