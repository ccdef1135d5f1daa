// Requirements of Performance Insights. Sources, read 2026-11: RDS user guide "Amazon RDS DB engine, Region, and instance class support
// for Database Insights" (classes); documentation of aws_db_instance in aws provider 6.25 (retention). Since its end of life on
// 2026-07-31 Performance Insights is the Standard mode of CloudWatch Database Insights, with the same API and retention periods (RDS
// user guide).

/** DB instance classes without Performance Insights for RDS for MySQL; for PostgreSQL there are none. */
export const MYSQL_CLASSES_WITHOUT_INSIGHTS: readonly string[] = [
  "db.t2.micro",
  "db.t2.small",
  "db.t3.micro",
  "db.t3.small",
  "db.t4g.micro",
  "db.t4g.small",
];

/** Retention periods of Performance Insights, in days: 7, which is free; months of 31 days; or two years. */
export function isInsightsRetention(days: number): boolean {
  return days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 23 * 31);
}
