import type { EngineFamily } from "../../database";
import type { ServerOrigin } from "./flexible-server";
import type { FlexibleServerOptions } from "./flexible-server-options";

/** What a kind of server adds to the options. @internal */
export interface ServerShape {
  readonly family: EngineFamily;
  readonly options: FlexibleServerOptions;
  readonly extensions?: string[];
  readonly passwordAuthentication: boolean;
  readonly minRetentionDays: number;
  readonly origin?: ServerOrigin;
  /** A replica has no backups, standby and parameters of its own, and follows another server in all else. */
  readonly replica?: boolean;
}
