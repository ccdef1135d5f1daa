// What Performance Insights needs. Sources: aws provider 6.25 documentation of aws_db_instance (retention); the RDS user
// guide's list of classes without it, remembered and not re-read [rec].

/** Small machines on which RDS for MySQL refuses Performance Insights; for PostgreSQL there are none. */
export const MYSQL_CLASSES_WITHOUT_INSIGHTS: readonly string[] = [
  "db.t3.micro",
  "db.t3.small",
  "db.t4g.micro",
  "db.t4g.small",
];

/** The days that Performance Insights keeps: seven are free; otherwise months of 31 days, or two years. */
export function isInsightsRetention(days: number): boolean {
  return days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 23 * 31);
}
