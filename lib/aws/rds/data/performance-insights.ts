// Requirements of Performance Insights. Sources: aws provider 6.25 documentation of aws_db_instance (retention); the RDS user
// guide's list of classes without it, remembered and not re-read [rec].

/** DB instance classes without Performance Insights for RDS for MySQL; for PostgreSQL there are none. */
export const MYSQL_CLASSES_WITHOUT_INSIGHTS: readonly string[] = [
  "db.t3.micro",
  "db.t3.small",
  "db.t4g.micro",
  "db.t4g.small",
];

/** Retention periods of Performance Insights, in days: 7, which is free; months of 31 days; or two years. */
export function isInsightsRetention(days: number): boolean {
  return days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 23 * 31);
}
