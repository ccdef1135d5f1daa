import { type DatabaseEngine, EngineFamily } from "../../database";
import { type ImageFacts, MYSQL_IMAGES, POSTGRES_IMAGES } from "./data/backup-images";

/**
 * Container image with a database server and its clients, for dumps and for the scratch server of a rehearsal. It needs a POSIX shell
 * with `awk`, `sed`, `sha256sum`, `tee` and `mkfifo`, for MySQL also `gzip`; the Docker official images have them.
 *
 * @example
 * const image = BackupImage.postgres("registry.example.com/postgres-pgvector:17.9", "17.9");
 */
export class BackupImage {
  /**
   * Image with PostgreSQL: `pg_dump`, `pg_restore`, `psql` and `initdb`.
   *
   * @param reference the image with an exact tag or digest.
   * @param version version of PostgreSQL in the image, such as `17.9`.
   * @param userId id of a user that the image's `/etc/passwd` has, which `initdb` requires. @default 70, as in the alpine variant of the Docker official image
   */
  public static postgres(reference: string, version: string, userId = 70): BackupImage {
    return new BackupImage(EngineFamily.POSTGRES, { reference, version, userId });
  }

  /**
   * Image with MySQL: `mysqld`, `mysql` and `mysqldump`.
   *
   * @param reference the image with an exact tag or digest.
   * @param version version of MySQL in the image, such as `8.4.10`.
   * @param userId id of the user that runs the server. @default 999, as in the Docker official image
   */
  public static mysql(reference: string, version: string, userId = 999): BackupImage {
    return new BackupImage(EngineFamily.MYSQL, { reference, version, userId });
  }

  /**
   * Docker official image of the engine's major version or, where it is no longer maintained, of the next one.
   *
   * @param engine the engine.
   * @throws Error for a version without an image.
   */
  public static forEngine(engine: DatabaseEngine): BackupImage {
    const images = engine.family === EngineFamily.POSTGRES ? POSTGRES_IMAGES : MYSQL_IMAGES;
    const facts = images[engine.majorVersion];
    if (!facts) {
      throw new Error(
        `BACKUP-IMAGE: image must be set for ${engine.label} (got not set); use BackupImage.postgres(...) or BackupImage.mysql(...)`,
      );
    }
    return new BackupImage(engine.family, facts);
  }

  /** Engine of the image. */
  public readonly family: EngineFamily;
  /** Image reference. */
  public readonly reference: string;
  /** Version of the server and clients. */
  public readonly version: string;
  /** Id of the user that the containers run as. */
  public readonly userId: number;

  private constructor(family: EngineFamily, facts: ImageFacts) {
    this.family = family;
    this.reference = facts.reference;
    this.version = facts.version;
    this.userId = facts.userId;
  }

  /**
   * True if the clients can dump a server: pg_dump refuses servers of a newer major version, and mysqldump does not know the objects of
   * a newer series.
   *
   * @param engine the engine of the server.
   */
  public canDump(engine: DatabaseEngine): boolean {
    if (engine.family !== this.family) return false;
    const [own, theirs] = [numbers(this.version), numbers(engine.majorVersion)];
    return own[0] !== theirs[0]
      ? own[0] > theirs[0]
      : this.family === EngineFamily.POSTGRES || own[1] >= theirs[1];
  }
}

function numbers(version: string): [number, number] {
  const [major = "0", minor = "0"] = version.split(".");
  return [Number(major), Number(minor)];
}
