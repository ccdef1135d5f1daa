import type { Cloud } from "./cloud";

/** Where a server runs. */
export interface DatabaseLocation {
  /** The cloud. */
  readonly cloud: Cloud;
  /** The region's name in the cloud's spelling; may be a token. @default - not known */
  readonly region?: string;
}
