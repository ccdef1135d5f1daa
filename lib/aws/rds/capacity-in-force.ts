// The maximum of connections that a running instance enforces. A change of max_connections, a static parameter, waits for a reboot that
// neither RDS nor Terraform does, and a change of the DB instance class for the maintenance window; the API tells neither.

import { Token } from "cdktf";
import type { Construct } from "constructs";
import { type ConnectionCapacity, TerraformData } from "../../database";
import { type SynthChecks, terraformCall } from "../../database/private";
import type { RdsInstanceReference } from "./rds-instance";

/** @internal */
export interface CapacityInForceProps {
  /** Number that the user increments after a restart. @default 1 */
  readonly restartVersion?: number;
  readonly instance: RdsInstanceReference;
}

/**
 * A capacity together with the maximum that Terraform recorded when the instance was created, or when the user last said that it was
 * restarted.
 *
 * @internal
 */
export function capacityInForce(
  scope: Construct,
  checks: SynthChecks,
  capacity: ConnectionCapacity | undefined,
  props: CapacityInForceProps,
): ConnectionCapacity | undefined {
  checks.wholeNumber("restartVersion", props.restartVersion, 1, 1_000_000);
  if (!capacity) return undefined;
  const record = new TerraformData(scope, "ConnectionsInForce", {
    input: { maximum: capacity.maximum },
    triggersReplace: { instance: props.instance.resourceId, restart: props.restartVersion ?? 1 },
    lifecycle: { ignoreChanges: ["input"] },
  });
  let inForce: number | undefined;
  return {
    ...capacity,
    // Most programs have servers with no counted connections: the expression is made when one asks.
    get inForce() {
      inForce ??= Token.asNumber(terraformCall("tonumber", record.output.lookup("maximum")));
      return inForce;
    },
    pending:
      "after a change of maxConnections reboot the instance (aws rds reboot-db-instance), after a change of size wait for its maintenance window, then increment restartVersion of the server",
  };
}
