// The rules of a container registry that are known at synth.

import type { Construct } from "constructs";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkDeletionPolicy, checkPlacement, checkTags } from "../private/resource-checks";
import type { AzureContainerRegistryProps } from "./azure-container-registry";

/** Reports all mistakes. @internal */
export function checkRegistry(
  scope: Construct,
  checks: SynthChecks,
  props: AzureContainerRegistryProps,
  premium: boolean,
): void {
  const { deleteUntaggedAfterDays } = props;
  checkPlacement(checks, props);
  checks.matches(
    "registryName",
    props.registryName,
    /^[a-zA-Z0-9]{5,50}$/,
    "must be 5 to 50 letters and digits",
  );
  checks.wholeNumber("deleteUntaggedAfterDays", deleteUntaggedAfterDays, 1, 365, "days");
  checkTags(checks, scope, props.tags);
  if (deleteUntaggedAfterDays !== undefined && !premium) {
    checks.fail(
      "deleteUntaggedAfterDays",
      deleteUntaggedAfterDays,
      "must not be set for the Standard tier; set network or zoneRedundant: true for the Premium tier",
    );
  }
  checkReplicas(checks, props, premium);
  if (!props.network) {
    checks.optOut("network: enables public network access, for principals with a role");
  }
  checkDeletionPolicy(checks, props.deletionPolicy, "the registry and its images");
}

function checkReplicas(checks: SynthChecks, props: AzureContainerRegistryProps, premium: boolean): void {
  const { replicaLocations = [] } = props;
  if (replicaLocations.length > 0 && !premium) {
    checks.fail(
      "replicaLocations",
      replicaLocations,
      "must not be set for the Standard tier; set network or zoneRedundant: true for the Premium tier",
    );
  }
  const home = props.location ?? props.network?.location;
  for (const location of replicaLocations) {
    // azurerm sorts by the text, which a token does not have yet.
    if (!isResolved(location)) checks.fail("replicaLocations", location, "must be known at synth");
    checks.matches(
      "replicaLocations",
      location,
      /^[a-z][a-z0-9]+$/,
      "must be names of regions in lower case without spaces, such as northeurope",
    );
    checks.check(
      "replicaLocations",
      location,
      () => location !== home,
      "must be other regions than that of the registry",
    );
  }
  if (new Set(replicaLocations).size !== replicaLocations.length) {
    checks.fail("replicaLocations", replicaLocations, "must name each region once");
  }
}
