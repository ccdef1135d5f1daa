/** Where a server listens. */
export interface Endpoint {
  /** The DNS name or address; may be a token. */
  readonly host: string;
  /** The port; may be a token. */
  readonly port: number;
  /** Whether the address can be reached from inside the network only. */
  readonly isPrivate: boolean;
}
