// The client configuration of the provider, read once for each stack and provider.

import { DataAzurermClientConfig } from "@cdktf/provider-azurerm/lib/data-azurerm-client-config";
import { type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * Tenant, subscription and principal of a provider.
 *
 * @internal
 */
export class AzureEnvironment extends Construct {
  /**
   * The environment of a provider in the stack of a construct; the first call creates it.
   *
   * @param scope a construct of the stack.
   * @param provider the provider. @default - the only azurerm provider of the stack
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

  /** Tenant ID. */
  public get tenantId(): string {
    return this.client.tenantId;
  }

  /** Subscription ID. */
  public get subscriptionId(): string {
    return this.client.subscriptionId;
  }

  /** Object ID of the principal that Terraform runs as. */
  public get objectId(): string {
    return this.client.objectId;
  }
}
