import { type Protection, RecoveryScenario, type ScheduledRehearsal } from "../../database";
import { type DataItem, DataKind } from "../inventory/data-inventory";
import type { RehearsalResult } from "../inventory/rehearsal-result";

const { LOST_DATABASE, LOST_CLUSTER, LOST_REGION, BAD_MIGRATION, DELETED_OBJECTS } = RecoveryScenario;

/** Scenarios that lose each kind of data, unless an item says otherwise. */
const LOST_IN: { readonly [kind in DataKind]: readonly RecoveryScenario[] } = {
  [DataKind.DATABASE]: [LOST_DATABASE, LOST_REGION, BAD_MIGRATION],
  [DataKind.OBJECT_STORE]: [DELETED_OBJECTS, LOST_REGION],
  [DataKind.IMAGE_REGISTRY]: [LOST_REGION],
  [DataKind.REPOSITORIES]: [LOST_CLUSTER, LOST_REGION],
  [DataKind.SECRETS]: [LOST_CLUSTER, LOST_REGION],
  [DataKind.APPLICATION_CONFIGURATION]: [LOST_CLUSTER, LOST_REGION],
  [DataKind.CLUSTER_CONFIGURATION]: [LOST_CLUSTER, LOST_REGION],
  [DataKind.VOLUMES]: [LOST_CLUSTER, LOST_REGION],
};

/** All scenarios, in the order of a runbook. */
export const SCENARIOS: readonly RecoveryScenario[] = [
  LOST_DATABASE,
  LOST_CLUSTER,
  LOST_REGION,
  BAD_MIGRATION,
  DELETED_OBJECTS,
];

/** Scenario of one item that no mechanism covers. */
export interface RecoveryGap {
  /** Id of the item. */
  readonly data: string;
  /** Scenario that loses it. */
  readonly scenario: RecoveryScenario;
  /** True if the item holds user data. */
  readonly holdsUserData: boolean;
  /** True if the program does not know what protects the item, as for an existing server. */
  readonly unknown: boolean;
  /** Reason for which the program accepts the gap. @default - not accepted */
  readonly acceptedBecause?: string;
}

/** One item with its mechanisms and gaps. */
export interface DataCoverage {
  /** The item. */
  readonly item: DataItem;
  /** Scenarios that lose it. */
  readonly lostIn: readonly RecoveryScenario[];
  /** Mechanisms, those of the item first. */
  readonly protections: readonly Protection[];
  /** Scenarios without a mechanism. */
  readonly gaps: readonly RecoveryGap[];
  /** Rehearsals that run on a schedule. */
  readonly scheduledRehearsals: readonly ScheduledRehearsal[];
  /** Results of rehearsals. */
  readonly rehearsals: readonly RehearsalResult[];
}

/** Scenarios that lose an item. @internal */
export function lostIn(item: DataItem): readonly RecoveryScenario[] {
  return item.lostIn ?? LOST_IN[item.kind];
}

/** Mechanisms of an item that cover a scenario; those with the smallest stated loss first. @internal */
export function covering(
  { item, protections }: Pick<DataCoverage, "item" | "protections">,
  scenario: RecoveryScenario,
): Protection[] {
  const loss = ({ lossMinutes }: Protection) => lossMinutes ?? Number.POSITIVE_INFINITY;
  const found = protections.filter(
    ({ procedures, withoutVolumes }) =>
      procedures.some((procedure) => procedure.scenarios.includes(scenario)) &&
      !(withoutVolumes && item.kind === DataKind.VOLUMES),
  );
  return found.sort((a, b) => (loss(a) === loss(b) ? 0 : loss(a) - loss(b)));
}

/** Rehearsals of one mechanism that run on a schedule. @internal */
export function rehearsing(
  { scheduledRehearsals }: Pick<DataCoverage, "scheduledRehearsals">,
  { mechanism }: Protection,
): ScheduledRehearsal[] {
  return scheduledRehearsals.filter(({ mechanisms }) => mechanisms.includes(mechanism));
}
