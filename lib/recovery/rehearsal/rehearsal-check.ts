import type { IDatabase, IRehearsalCheck, RehearsalQuery, SecretValue } from "../../database";

/** Options of a `RehearsalCheck`. */
export interface RehearsalCheckOptions {
  /**
   * Secret that the SQL uses, such as an encryption key: the variable `:'secret'` of psql, or `@secret` of MySQL. It is in no result
   * and no log. @default - none
   */
  readonly secret?: SecretValue;
}

/**
 * A check of restored data: SQL that runs in the copy, in a read-only transaction, and whose answer is one value.
 *
 * @example
 * const checks = [
 *   RehearsalCheck.newestRow(database, "SELECT extract(epoch FROM max(created_at)) FROM audit_logs", 26),
 *   RehearsalCheck.atLeast("users", database, "SELECT count(*) FROM users", 1),
 * ];
 */
export class RehearsalCheck implements IRehearsalCheck {
  /**
   * Age of the newest row: measures the loss (RPO). It fails for an older row, and for a row that is newer than the backup says it is.
   *
   * @param database the database.
   * @param sql a query of one value, the time of the newest row in seconds since 1970: `extract(epoch FROM max(...))` in PostgreSQL,
   * `UNIX_TIMESTAMP(MAX(...))` in MySQL.
   * @param maxAgeHours the greatest age at the time of the rehearsal, in hours: at least the age that a backup may have.
   */
  public static newestRow(database: IDatabase, sql: string, maxAgeHours: number): RehearsalCheck {
    const name = `newest row of ${database.databaseName}`;
    return new RehearsalCheck("newest", name, { database, sql }, maxAgeHours * 3600);
  }

  /**
   * A number that must not be too small, such as a count of rows.
   *
   * @param name the check's name in results and logs.
   * @param database the database.
   * @param sql a query of one number.
   * @param minimum the smallest number that passes.
   * @param options a secret.
   */
  public static atLeast(
    name: string,
    database: IDatabase,
    sql: string,
    minimum: number,
    options: RehearsalCheckOptions = {},
  ): RehearsalCheck {
    return new RehearsalCheck("least", name, { database, sql }, minimum, undefined, options.secret);
  }

  /**
   * A condition that must be true.
   *
   * @param name the check's name in results and logs.
   * @param database the database.
   * @param sql a query of one boolean; `1` counts as true.
   * @param options a secret.
   */
  public static isTrue(
    name: string,
    database: IDatabase,
    sql: string,
    options: RehearsalCheckOptions = {},
  ): RehearsalCheck {
    return new RehearsalCheck("true", name, { database, sql }, 0, undefined, options.secret);
  }

  /**
   * Two databases of the same moment, such as `main` and `ci` of GitLab: their newest rows are at most so far apart.
   *
   * @param name the check's name in results and logs.
   * @param first a database and a query as in `newestRow`.
   * @param second the other database and its query.
   * @param maxDifference the greatest difference: in seconds, or in the unit of the queries.
   */
  public static together(
    name: string,
    first: RehearsalQuery,
    second: RehearsalQuery,
    maxDifference: number,
  ): RehearsalCheck {
    return new RehearsalCheck("together", name, first, maxDifference, second);
  }

  /** Name in results and logs. */
  public readonly name: string;
  /** Database and SQL. */
  public readonly query: RehearsalQuery;
  /** Second database and SQL. Set for `together` only. */
  public readonly second?: RehearsalQuery;
  /** Secret that the SQL uses. */
  public readonly secret?: SecretValue;
  /** Limit in the unit of the check: seconds, or a number. */
  public readonly limit: number;
  /** Kind: `newest`, `least`, `true` or `together`. */
  public readonly kind: string;

  private constructor(
    kind: string,
    name: string,
    query: RehearsalQuery,
    limit: number,
    second?: RehearsalQuery,
    secret?: SecretValue,
  ) {
    this.kind = kind;
    this.name = name;
    this.query = query;
    this.limit = limit;
    this.second = second;
    this.secret = secret;
  }
}
