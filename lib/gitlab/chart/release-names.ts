/** The names of a release's secrets, which begin with its name as the chart's own do. @internal */
export interface ReleaseNames {
  readonly rails: string;
  readonly geo: string;
  readonly registry: string;
  readonly praefect: string;
  readonly openbao: string;
  readonly ca: string;
  readonly railsClient: string;
  readonly geoClient: string;
  readonly registryClient: string;
  readonly railsKeys: string;
  readonly redis: string;
  readonly connection: string;
  readonly registryStorage: string;
  readonly backups: string;
}

/** The names for a release. @internal */
export function releaseNames(release: string): ReleaseNames {
  return {
    // The chart's own default names, so that its documentation holds.
    rails: `${release}-postgresql-password`,
    geo: `${release}-geo-postgresql-password`,
    registry: `${release}-registry-database-password`,
    praefect: `${release}-praefect-dbsecret`,
    railsKeys: `${release}-rails-secret`,
    // Not `-redis-secret`, which the chart makes itself.
    redis: `${release}-redis-password`,
    openbao: `${release}-openbao-database-password`,
    ca: `${release}-database-ca`,
    railsClient: `${release}-database-client`,
    geoClient: `${release}-geo-database-client`,
    registryClient: `${release}-registry-database-client`,
    connection: `${release}-object-storage`,
    registryStorage: `${release}-registry-storage`,
    backups: `${release}-backup-storage`,
  };
}
