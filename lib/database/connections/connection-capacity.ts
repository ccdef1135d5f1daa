/** Number of connections that a server accepts. */
export interface ConnectionCapacity {
  /** `max_connections` that the program describes; may be a token. */
  readonly maximum: number;
  /** Connections of these that the server or the cloud reserves. */
  readonly reserved: number;
  /** Origin of the maximum, for messages, such as `the default of db.m7g.large`. */
  readonly basis: string;
  /**
   * `max_connections` that the server enforces now; may be a token. For a server whose changes of `maximum` wait for a restart or for
   * the maintenance window: the budget certifies the smaller of both, so that an application is not scaled to a limit that is
   * still pending. @default - `maximum`: a change is in force when the server's resource is updated
   */
  readonly inForce?: number;
  /** Step that brings a pending `maximum` into force, for messages, such as `reboot the instance`. @default - none */
  readonly pending?: string;
}
