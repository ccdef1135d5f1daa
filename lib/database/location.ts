import type { Cloud } from "./cloud";

/** Cloud and region of a server. */
export interface DatabaseLocation {
  /** Cloud. */
  readonly cloud: Cloud;
  /** Region, in the cloud's spelling; may be a token. @default - not known */
  readonly region?: string;
}
