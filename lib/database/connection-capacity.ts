/** Number of connections that a server accepts. */
export interface ConnectionCapacity {
  /** `max_connections` of the server; may be a token. */
  readonly maximum: number;
  /** Connections of these that the server or the cloud reserves. */
  readonly reserved: number;
  /** Origin of the maximum, for messages, such as `the default of db.m7g.large`. */
  readonly basis: string;
}
