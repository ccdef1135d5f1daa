/** Network address of a server. */
export interface Endpoint {
  /** DNS name or IP address; may be a token. */
  readonly host: string;
  /** Port; may be a token. */
  readonly port: number;
  /** True if the address is reachable from the private network only. */
  readonly isPrivate: boolean;
}
