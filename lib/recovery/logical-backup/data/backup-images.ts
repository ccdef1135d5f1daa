// Default images of backup and rehearsal jobs. Sources, read 2026-11: versions.json of docker-library/postgres (6edb0a8c, of 2026-02-26)
// and of docker-library/mysql (7f30fdb, of 2026-06-16), the user ids in their Dockerfiles, and the tags of github.com/rclone/rclone. Newer patches
// may exist; the images were not pulled here. MySQL 8.0 and 5.7 and PostgreSQL 13 have no maintained image: the next line is taken.

/** Image with a server and its clients. */
export interface ImageFacts {
  readonly reference: string;
  readonly version: string;
  /** Id of the user that the image has for the server; initdb needs an entry of it in /etc/passwd. */
  readonly userId: number;
}

const postgres = (version: string): ImageFacts => ({
  reference: `docker.io/library/postgres:${version}-alpine3.22`,
  version,
  userId: 70,
});
const MYSQL_8_4: ImageFacts = { reference: "docker.io/library/mysql:8.4.10", version: "8.4.10", userId: 999 };

/** Images by the server's major version. */
export const POSTGRES_IMAGES: { readonly [major: string]: ImageFacts } = {
  "13": postgres("14.22"),
  "14": postgres("14.22"),
  "15": postgres("15.17"),
  "16": postgres("16.13"),
  "17": postgres("17.9"),
  "18": postgres("18.3"),
};

/** Images by the server's release series. */
export const MYSQL_IMAGES: { readonly [series: string]: ImageFacts } = {
  "5.7": MYSQL_8_4,
  "8.0": MYSQL_8_4,
  "8.4": MYSQL_8_4,
};

/** rclone: the program is static, and the image has CA certificates (its Dockerfile, read 2026-11). */
export const RCLONE_IMAGE = "docker.io/rclone/rclone:1.74.4";

/** Size from which GitLab's guide advises against dumps (doc/administration/backup_restore, "Back up large reference architectures"), in GiB. */
export const LARGE_DATABASE_GIB = 100;
