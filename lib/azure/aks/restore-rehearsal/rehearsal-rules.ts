// The rules of a rehearsal that are known at synth.

import { EngineFamily } from "../../../database";
import {
  checkCron,
  checkTimeZone,
  directDatabase,
  isResolved,
  resourcesOfType,
  type SynthChecks,
} from "../../../database/private";
import { checkIsolation, checkLabelName, checkLabels } from "../../../kubernetes/private";
import type { FlexibleServerPlacement } from "../../network/flexible-server-network";
import type { FlexibleServerRestoreRehearsalProps } from "./flexible-server-restore-rehearsal";

/** An image reference with an exact tag or digest. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** Types of which the identity may delete resources in the group of the copies. */
const DELETABLE = [
  "azurerm_postgresql_flexible_server",
  "azurerm_mysql_flexible_server",
  "azurerm_private_endpoint",
];

/** Names and placement that follow from the properties. @internal */
export interface RehearsalFacts {
  readonly resourceGroupName: string;
  readonly schedule: string;
  readonly pointMinutes: number;
  readonly placement: FlexibleServerPlacement;
  readonly subnetId: string;
}

/** Reports all mistakes. @returns the longest gap between two rehearsals in minutes, if it is known. @internal */
export function checkRehearsal(
  checks: SynthChecks,
  props: FlexibleServerRestoreRehearsalProps,
  facts: RehearsalFacts,
): number | undefined {
  const gap = checkCron(checks, "schedule", facts.schedule)?.longestGapMinutes;
  checkTimeZone(checks, props.timeZone);
  checks.wholeNumber("restorePointMinutes", props.restorePointMinutes, 1, 10_080, "minutes");
  checks.wholeNumber("deadlineMinutes", props.deadlineMinutes, 60, 2880, "minutes");
  checks.matches(
    "rehearsalName",
    props.rehearsalName,
    /^[a-z]([a-z0-9]|-(?!-)){0,34}[a-z0-9]$/,
    "must be 2 to 36 lower-case letters, digits and single hyphens, with a letter first and no hyphen last",
  );
  checks.matches(
    "resourceGroupName",
    props.resourceGroupName,
    /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/,
    "must be 1 to 90 letters, digits, hyphens, dots, underscores and parentheses, with no dot last",
  );
  checks.matches(
    "clientImage",
    props.clientImage,
    IMAGE,
    "must be an image with an exact tag or digest, not latest",
  );
  checks.matches(
    "azureCliImage",
    props.azureCliImage,
    IMAGE,
    "must be an image with an exact tag or digest, not latest",
  );
  checkLabels(checks, "labels", props.labels);
  checkLabels(checks, "nodeSelector", props.nodeSelector);
  checkLabelName(checks, "identity.namespace", props.identity.namespace);
  const { alertAfterDays } = props;
  if (gap !== undefined) {
    checks.check(
      "alertAfterDays",
      alertAfterDays,
      () => (alertAfterDays as number) * 1440 > gap,
      `must be more than ${Math.ceil(gap / 1440)} days, the longest gap of the schedule; otherwise the watch fails between two successful rehearsals`,
    );
  }
  checkIsolation(checks, props.server, "identity.namespace", props.identity.namespace);
  checkSource(checks, props);
  checkPlace(checks, props, facts);
  checkChecks(checks, props, facts.pointMinutes);
  return gap;
}

function checkSource(checks: SynthChecks, { server }: FlexibleServerRestoreRehearsalProps): void {
  if (server.isReplica) {
    checks.fail(
      "server",
      server.node.path,
      "must not be a read replica, which has no backups; rehearse the restore of its source",
    );
  }
  const options = server.serverProps as { readonly passwordAuthentication?: boolean } | undefined;
  if (options?.passwordAuthentication === false) {
    checks.fail(
      "server",
      server.node.path,
      "must have password authentication: the rehearsal logs in to the copy with a password that it sets",
    );
  }
}

function checkPlace(
  checks: SynthChecks,
  { server, network }: FlexibleServerRestoreRehearsalProps,
  { resourceGroupName, placement, subnetId }: RehearsalFacts,
): void {
  const taken = { "the source": server.resourceGroupName, "the network": network.resourceGroupName };
  for (const [subject, name] of Object.entries(taken)) {
    if (
      isResolved(name) &&
      isResolved(resourceGroupName) &&
      name.toLowerCase() === resourceGroupName.toLowerCase()
    ) {
      checks.fail(
        "resourceGroupName",
        resourceGroupName,
        `must be another resource group than that of ${subject}: the rehearsal may delete in its group`,
      );
    }
  }
  checks.whenComplete(() => {
    for (const other of resourcesOfType(server, ...DELETABLE)) {
      const { resourceGroupNameInput: name } = other as { readonly resourceGroupNameInput?: string };
      if (!isResolved(name) || !isResolved(resourceGroupName)) continue;
      // Those of the source and the network are reported above.
      if (name?.toLowerCase() !== resourceGroupName.toLowerCase() || Object.values(taken).includes(name))
        continue;
      checks.fail(
        "resourceGroupName",
        resourceGroupName,
        `must be another resource group than that of ${other.node.path}: the rehearsal may delete in its group`,
      );
    }
  });
  const region = server.location.region;
  if (
    region !== undefined &&
    isResolved(region) &&
    isResolved(network.location) &&
    region !== network.location
  ) {
    checks.fail(
      "network",
      network.location,
      `must be a network in ${region}: a restore to a point in time stays in the region of the server`,
    );
  }
  const source = server.serverProps?.network.placement(server.engine.family);
  if (source && (source.delegatedSubnetId === undefined) !== (placement.delegatedSubnetId === undefined)) {
    checks.fail(
      "network",
      network.node.path,
      source.delegatedSubnetId === undefined
        ? "must be a DatabaseNetwork: Azure restores a server with private endpoints to one without a delegated subnet"
        : "must be a DelegatedDatabaseNetwork: Azure restores a server in a delegated subnet to a delegated subnet",
    );
  }
  const sourceSubnet =
    source?.delegatedSubnetId ?? (server.serverProps?.network as { subnetId?: string } | undefined)?.subnetId;
  if (sourceSubnet !== undefined && sourceSubnet === subnetId) {
    checks.optOut(
      "network: the copies are in the subnet of the source, whose clients can reach them by their address",
    );
  }
}

function checkChecks(
  checks: SynthChecks,
  { server, checks: list }: FlexibleServerRestoreRehearsalProps,
  pointMinutes: number,
): void {
  if (list.length === 0) {
    checks.fail(
      "checks",
      [],
      "must have at least one entry; a server that starts proves nothing about its data",
    );
    return;
  }
  if (!list.some(({ kind }) => kind === "newest")) {
    checks.note(
      "checks: without RehearsalCheck.newestRow no RPO is measured; add one for a table that is written often",
      "checks.newestRow",
    );
  }
  for (const check of list) {
    for (const query of [check.query, ...(check.second ? [check.second] : [])]) {
      const database = directDatabase(query.database);
      // The server is a construct of this cloud and of the contract at once.
      if ((database.server as unknown) !== server) {
        checks.fail(
          "checks.database",
          query.database.databaseName,
          `must be a database of the server ${server.node.path}`,
        );
      }
      checks.matches("checks.sql", query.sql, /\S/, "must be a query");
    }
    checks.matches("checks.name", check.name, /^[^\n\r]{1,120}$/, "must be one line of 1 to 120 characters");
    checks.check("checks.limit", check.limit, () => Number.isFinite(check.limit), "must be a number");
    if (check.kind === "newest") {
      checks.check(
        "checks.maxAgeHours",
        check.limit / 3600,
        () => check.limit > pointMinutes * 60,
        `must be more than ${pointMinutes} minutes, the age of the restore point`,
      );
    }
  }
}

/** Port of a family's servers. @internal */
export function portOf(family: EngineFamily): string {
  return family === EngineFamily.POSTGRES ? "5432" : "3306";
}
