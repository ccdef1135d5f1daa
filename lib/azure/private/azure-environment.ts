// Who Terraform works as, looked up once for each stack and provider.

import { DataAzurermClientConfig } from "@cdktf/provider-azurerm/lib/data-azurerm-client-config";
import { type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * Tenant and principal of a provider.
 *
 * @internal
 */
export class AzureEnvironment extends Construct {
  /**
   * The environment of a provider in the stack of a construct.
   *
   * @param scope any construct of the stack.
   * @param provider the provider. @default - the stack's own
   */
  public static of(scope: Construct, provider?: TerraformProvider): AzureEnvironment {
    const stack = TerraformStack.of(scope);
    const id = provider?.alias ? `AzureEnvironment-${provider.alias}` : "AzureEnvironment";
    return (
      (stack.node.tryFindChild(id) as AzureEnvironment | undefined) ??
      new AzureEnvironment(stack, id, provider)
    );
  }

  private readonly client: DataAzurermClientConfig;

  private constructor(scope: TerraformStack, id: string, provider: TerraformProvider | undefined) {
    super(scope, id);
    this.client = new DataAzurermClientConfig(this, "Client", { provider });
  }

  /** The Entra tenant. */
  public get tenantId(): string {
    return this.client.tenantId;
  }

  /** The subscription. */
  public get subscriptionId(): string {
    return this.client.subscriptionId;
  }

  /** The principal that Terraform works as. */
  public get objectId(): string {
    return this.client.objectId;
  }
}
