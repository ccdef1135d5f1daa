// Facts about PgBouncer. Sources, read 2026-11: PgBouncer's NEWS.md and the manual pages of 1.18 and 1.25; the Dockerfile of
// edoburu/docker-pgbouncer v1.25.2-p0 (Alpine with busybox and PostgreSQL's client, user postgres with the number 70);
// prometheus-community/pgbouncer_exporter 0.12.1. The names of the two images on Docker Hub follow their projects' own
// documentation and were not pulled here [rec].

/** The image that runs unless the user names one. */
export const DEFAULT_IMAGE = { reference: "edoburu/pgbouncer:v1.25.2-p0", version: "1.25.2" };

/** The exporter's image. */
export const EXPORTER_IMAGE = "prometheuscommunity/pgbouncer-exporter:v0.12.1";

/** The user of Alpine's PostgreSQL packages. */
export const POSTGRES_UID = "70";

/** The user of the exporter's image; another than PgBouncer's, whose console takes its own user for the administrator. */
export const EXPORTER_UID = "65534";

/** The first version that knows every setting we write, with the security fixes of 2021 in it. */
export const OLDEST_VERSION = "1.18.0";

/** The first version that keeps prepared statements of the protocol apart in transaction mode (`max_prepared_statements`). */
export const PREPARED_STATEMENTS_SINCE = "1.21.0";

/** How many prepared statements a server connection remembers. */
export const MAX_PREPARED_STATEMENTS = 200;

/** PgBouncer's own database and user, and the user that we give the exporter. */
export const RESERVED_ENTRIES = ["pgbouncer"];
export const EXPORTER_USER = "pgbouncer_exporter";
export const RESERVED_POOL_USERS = ["pgbouncer", EXPORTER_USER];

/** The certificate authorities that every system trusts, where Alpine and Debian keep them. */
export const SYSTEM_CA_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** The same as GitLab's Linux package brings them: libpq and its PgBouncer verify nothing without a file. */
export const PACKAGE_CA_FILE = "/opt/gitlab/embedded/ssl/certs/cacert.pem";
