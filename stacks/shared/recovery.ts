// Recovery plan and runbook that the reference architectures have on each cloud.

import type { Construct } from "constructs";
import { RecoveryScenario } from "../../lib/database";
import {
  type AcceptedGap,
  type IRecoverable,
  type PlannedProtection,
  RecoveryPlan,
  type RehearsalResult,
  RestoreRunbook,
} from "../../lib/recovery";

/** Recovery properties of a reference architecture. */
export interface StackRecoveryProps {
  /** Backup mechanisms beside those of the stack, by item of the inventory. @default - none */
  readonly protections?: readonly PlannedProtection[];
  /**
   * Gaps of user data that you accept; they replace the defaults, so that an empty list accepts none.
   * @default - data without a copy in another region, and the volumes of workspaces
   */
  readonly acceptedGaps?: readonly AcceptedGap[];
  /** Results of rehearsals, for the runbook. @default - none: "not rehearsed" */
  readonly rehearsals?: readonly RehearsalResult[];
  /** Command that synthesizes the program, for the runbook. @default "npx cdktf synth" */
  readonly synthesize?: string;
}

/** Plan and runbook of a stack. */
export interface StackRecovery {
  readonly plan: RecoveryPlan;
  readonly runbook: RestoreRunbook;
}

const REASONS: { readonly [scenario: string]: string } = {
  [RecoveryScenario.LOST_REGION]: "the stack is in one region, and keeps no copy of this data in another",
  // Cloud SQL, where DELETE keeps no backups of a deleted instance.
  [RecoveryScenario.LOST_DATABASE]: "the deletion policy gives the backups up together with the server",
};

/** Data that an architecture does not back up by default, with the reason. */
const VOLUMES: { readonly [data: string]: string } = {
  workspaces: "workspaces are created again from their templates; files that are in no Git remote are lost",
  "running-workspaces":
    "running workspaces are backed up when they stop; what they changed since then is lost",
};

/** Creates the recovery plan and the runbook of a stack. `protections` are those of the stack's parts. */
export function stackRecovery(
  scope: Construct,
  application: IRecoverable,
  props: StackRecoveryProps | undefined,
  protections: readonly PlannedProtection[] = [],
): StackRecovery {
  const planned = { application, protections: [...protections, ...(props?.protections ?? [])] };
  const plan = new RecoveryPlan(scope, "recovery", {
    ...planned,
    rehearsals: props?.rehearsals,
    acceptedGaps: props?.acceptedGaps ?? acceptedByDefault(planned),
  });
  const runbook = new RestoreRunbook(scope, "runbook", { plan, synthesize: props?.synthesize });
  return { plan, runbook };
}

function acceptedByDefault(planned: {
  readonly application: IRecoverable;
  readonly protections: readonly PlannedProtection[];
}): AcceptedGap[] {
  return RecoveryPlan.gapsOf(planned)
    .filter(({ holdsUserData }) => holdsUserData)
    .flatMap(({ data, scenario }) => {
      const reason = VOLUMES[data] ?? REASONS[scenario];
      return reason === undefined ? [] : [{ data, scenario, reason }];
    });
}
