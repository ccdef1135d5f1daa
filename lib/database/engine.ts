// An engine has its version and the values derived from it, so that no other file compares version strings.

/** Families of database engines. */
export enum EngineFamily {
  /** PostgreSQL. */
  POSTGRES = "postgres",
  /** MySQL. */
  MYSQL = "mysql",
}

/**
 * A version of PostgreSQL: a major version, or a full version that the cloud offers.
 *
 * @see https://www.postgresql.org/support/versioning/
 */
export class PostgresVersion {
  /** PostgreSQL 13. */
  public static readonly V13 = new PostgresVersion("13");
  /** PostgreSQL 14. */
  public static readonly V14 = new PostgresVersion("14");
  /** PostgreSQL 15. */
  public static readonly V15 = new PostgresVersion("15");
  /** PostgreSQL 16. */
  public static readonly V16 = new PostgresVersion("16");
  /** PostgreSQL 17. */
  public static readonly V17 = new PostgresVersion("17");
  /** PostgreSQL 18. */
  public static readonly V18 = new PostgresVersion("18");

  /**
   * A version without a constant, such as `17.5`.
   *
   * @param version a major version (`17`), or major and minor version (`17.5`).
   */
  public static of(version: string): PostgresVersion {
    return new PostgresVersion(version);
  }

  /** The version as given. */
  public readonly version: string;
  /** The major version, such as `17`. */
  public readonly major: string;

  private constructor(version: string) {
    this.version = version;
    this.major = version.split(".")[0] ?? version;
  }
}

/**
 * A version of MySQL: a release series, or a full version that the cloud offers.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/mysql-releases.html
 */
export class MysqlVersion {
  /** MySQL 5.7. */
  public static readonly V5_7 = new MysqlVersion("5.7");
  /** MySQL 8.0. */
  public static readonly V8_0 = new MysqlVersion("8.0");
  /** MySQL 8.4. */
  public static readonly V8_4 = new MysqlVersion("8.4");

  /**
   * A version without a constant, such as `8.4.5`.
   *
   * @param version a series (`8.4`), or a full version (`8.4.5`).
   */
  public static of(version: string): MysqlVersion {
    return new MysqlVersion(version);
  }

  /** The version as given. */
  public readonly version: string;
  /** The release series, such as `8.4`. */
  public readonly major: string;

  private constructor(version: string) {
    this.version = version;
    this.major = version.split(".").slice(0, 2).join(".");
  }
}

/**
 * A database engine with its version.
 *
 * @example
 * const engine = DatabaseEngine.postgres(PostgresVersion.V17);
 */
export class DatabaseEngine {
  /** PostgreSQL. */
  public static postgres(version: PostgresVersion): DatabaseEngine {
    return new DatabaseEngine(EngineFamily.POSTGRES, version.version, version.major, 5432);
  }

  /** MySQL. */
  public static mysql(version: MysqlVersion): DatabaseEngine {
    return new DatabaseEngine(EngineFamily.MYSQL, version.version, version.major, 3306);
  }

  /** PostgreSQL or MySQL. */
  public readonly family: EngineFamily;
  /** The version as given, such as `17` or `17.5`. */
  public readonly version: string;
  /** The major version or release series, such as `17` or `8.4`. */
  public readonly majorVersion: string;
  /** Default port of the engine. */
  public readonly defaultPort: number;

  private constructor(family: EngineFamily, version: string, majorVersion: string, defaultPort: number) {
    this.family = family;
    this.version = version;
    this.majorVersion = majorVersion;
    this.defaultPort = defaultPort;
  }

  /** Name and version for messages, such as `PostgreSQL 17`. */
  public get label(): string {
    return `${this.family === EngineFamily.POSTGRES ? "PostgreSQL" : "MySQL"} ${this.version}`;
  }
}
