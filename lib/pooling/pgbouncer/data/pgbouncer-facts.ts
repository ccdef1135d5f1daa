// Facts about PgBouncer. Sources, read 2026-11: PgBouncer's changelog up to 1.26.1 (2026-10-14) and the manual pages of 1.18 and 1.25;
// the Dockerfile of edoburu/docker-pgbouncer v1.25.2-p0 (Alpine with busybox and PostgreSQL's client, user postgres with the number 70);
// prometheus-community/pgbouncer_exporter 0.12.1. The names of the two images on Docker Hub follow their projects' own
// documentation and were not pulled here [rec].

/**
 * Default image. 1.26.0 is the first version that a client without a password cannot crash with a message of SCRAM (CVE-2026-19888).
 * No image with 1.26.1 was found: docs/pooling.md says what that version fixes and what of it matters here.
 */
export const DEFAULT_IMAGE = { reference: "edoburu/pgbouncer:v1.26.0-p0", version: "1.26.0" };

/** Image of the metrics exporter. */
export const EXPORTER_IMAGE = "prometheuscommunity/pgbouncer-exporter:v0.12.1";

/** User id of Alpine's PostgreSQL packages. */
export const POSTGRES_UID = "70";

/** User id of the exporter's image; must differ from PgBouncer's, whose admin console gives its system user all rights. */
export const EXPORTER_UID = "65534";

/** First version with all settings of the configuration and the security fixes of 2021. */
export const OLDEST_VERSION = "1.18.0";

/** First version with protocol-level prepared statements in transaction mode (`max_prepared_statements`). */
export const PREPARED_STATEMENTS_SINCE = "1.21.0";

/** Prepared statements per server connection. */
export const MAX_PREPARED_STATEMENTS = 200;

/** Database and user of PgBouncer's admin console, and the exporter's user. */
export const RESERVED_ENTRIES = ["pgbouncer"];
export const EXPORTER_USER = "pgbouncer_exporter";
export const RESERVED_POOL_USERS = ["pgbouncer", EXPORTER_USER];

/** System CA certificates of Alpine and Debian. */
export const SYSTEM_CA_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** CA certificates of GitLab's Linux package: libpq and its PgBouncer verify certificates only with a file. */
export const PACKAGE_CA_FILE = "/opt/gitlab/embedded/ssl/certs/cacert.pem";
