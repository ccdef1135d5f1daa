import { REHEARSAL_FRAME } from "../../../kubernetes/private";
import { STORE_FUNCTIONS } from "../../logical-backup/scripts/store-functions";
import { BACKUP_SOURCE, MYSQL_COPY, POSTGRES_COPY } from "./backup-source";

/** Program of a rehearsal of a logical backup of PostgreSQL. */
export const POSTGRES_REHEARSAL_SCRIPT = `${STORE_FUNCTIONS}${REHEARSAL_FRAME}${BACKUP_SOURCE}${POSTGRES_COPY}rehearse\n`;

/** Program of a rehearsal of a logical backup of MySQL or MariaDB. */
export const MYSQL_REHEARSAL_SCRIPT = `${STORE_FUNCTIONS}${REHEARSAL_FRAME}${BACKUP_SOURCE}${MYSQL_COPY}rehearse\n`;
