/** max_connections of PostgreSQL waits for a restart; the connection budget counts what is certain. */
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import type { TerraformStack } from "cdktf";
import { postgres } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";

const provider = (stack: TerraformStack, restartServerOnConfigurationValueChange: boolean) =>
  new AzurermProvider(stack, "azurerm", {
    features: [{ postgresqlFlexibleServer: [{ restartServerOnConfigurationValueChange }] }],
  });

test("the provider restarts the server in the apply, so the new maximum counts", () => {
  const { warnings } = synthesize((stack) => {
    provider(stack, true);
    expect(postgres(stack, { maxConnections: 3000 }).connectionBudget.capacity?.maximum).toBe(3000);
  });
  expect(warnings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/AZURE-POSTGRES-PARAMETERS-STATIC: max_connections: static parameters/),
  );
});

test.each([
  [3000, 1718],
  [900, 900],
])("without a restart, of %i connections %i are certain, which a warning says", (maxConnections, certain) => {
  const { warnings } = synthesize((stack) => {
    provider(stack, false);
    expect(postgres(stack, { maxConnections }).connectionBudget.capacity?.maximum).toBe(certain);
  });
  expect(warnings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^AZURE-POSTGRES-MAX-CONNECTIONS: maxConnections takes effect at the next restart/),
  );
});

test("a provider that is created after the server and does not restart it is refused", () => {
  expect(
    problemsOf((stack) => {
      postgres(stack, { maxConnections: 3000 });
      provider(stack, false);
    }),
  ).toEqual([expect.stringMatching(/AZURE-POSTGRES-PROVIDER: provider must be created before the server/)]);
});
