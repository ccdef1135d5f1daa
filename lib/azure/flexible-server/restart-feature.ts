// A static parameter of PostgreSQL takes effect at a restart. The provider restarts the server during the apply, unless its feature
// `restart_server_on_configuration_value_change` is false: then the server keeps the old value until an administrator restarts it, and a new
// `max_connections` must not be counted on.

import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { SynthChecks } from "../../database/private";

/**
 * False if the provider is known not to restart servers for a static parameter.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/features-block
 * @internal
 */
export function restartsForParameters(scope: Construct, provider: TerraformProvider | undefined): boolean {
  const found =
    provider ??
    TerraformStack.of(scope)
      .allProviders()
      .find((each) => each.terraformResourceType === "azurerm" && each.alias === undefined);
  const features = (found as { readonly featuresInput?: unknown } | undefined)?.featuresInput;
  if (!Array.isArray(features)) return true;
  return !features.some((each: Features | undefined) =>
    [each?.postgresqlFlexibleServer]
      .flat()
      .some((one) => one?.restartServerOnConfigurationValueChange === false),
  );
}

/** The part of the provider's features that is read, an object or a list with one. */
interface Features {
  readonly postgresqlFlexibleServer?: RestartFeature | RestartFeature[];
}

interface RestartFeature {
  readonly restartServerOnConfigurationValueChange?: unknown;
}

/**
 * Reports a provider that was created after the server and does not restart it, since the connection budget has counted on the restart.
 *
 * @internal
 */
export function checkRestartFeature(
  scope: Construct,
  checks: SynthChecks,
  provider: TerraformProvider | undefined,
  assumed: boolean,
): void {
  if (!assumed) {
    checks.warn(
      "maxConnections takes effect at the next restart of the server, which the provider does not trigger " +
        "(restart_server_on_configuration_value_change is false); the connection budget counts the default of the SKU at most",
      "maxConnections",
    );
    return;
  }
  checks.whenComplete(() => {
    if (restartsForParameters(scope, provider)) return;
    checks.fail(
      "provider",
      "restart_server_on_configuration_value_change = false",
      "must be created before the server, whose connection budget depends on it; create the AzurermProvider first",
    );
  });
}
