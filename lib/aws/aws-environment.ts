// Account, partition and region, looked up once for each stack and provider: a thousand servers need one answer.

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * Where a provider works.
 *
 * @internal
 */
export class AwsEnvironment extends Construct {
  /**
   * The environment of a provider in the stack of a construct.
   *
   * @param scope any construct of the stack.
   * @param provider the provider. @default - the stack's own
   */
  public static of(scope: Construct, provider?: TerraformProvider): AwsEnvironment {
    const stack = TerraformStack.of(scope);
    const id = provider?.alias ? `AwsEnvironment-${provider.alias}` : "AwsEnvironment";
    return (
      (stack.node.tryFindChild(id) as AwsEnvironment | undefined) ?? new AwsEnvironment(stack, id, provider)
    );
  }

  private readonly provider?: TerraformProvider;

  private constructor(scope: TerraformStack, id: string, provider: TerraformProvider | undefined) {
    super(scope, id);
    this.provider = provider;
  }

  /** The account's number. */
  public get accountId(): string {
    return this.once("Account", (id) => new DataAwsCallerIdentity(this, id, { provider: this.provider }))
      .accountId;
  }

  /** `aws`, `aws-cn` or `aws-us-gov`. */
  public get partition(): string {
    return this.partitionData.partition;
  }

  /** What follows a service's name in its DNS names and principals. */
  public get dnsSuffix(): string {
    return this.partitionData.dnsSuffix;
  }

  /** The region: the one in the provider's settings where it can be read, else a token. */
  public get region(): string {
    // The provider's own setting may be known at synth, and then so is all that follows from it. `id` and not `name`:
    // version 6 of the provider deprecates the latter, and version 5 has no `region`.
    return (
      this.providerRegion() ??
      this.once("Region", (id) => new DataAwsRegion(this, id, { provider: this.provider })).id
    );
  }

  private get partitionData(): DataAwsPartition {
    return this.once("Partition", (id) => new DataAwsPartition(this, id, { provider: this.provider }));
  }

  private providerRegion(): string | undefined {
    const provider = this.provider ?? this.defaultProvider();
    // Not `instanceof AwsProvider`, which fails when two copies of the bindings are installed.
    return (provider as (TerraformProvider & { readonly regionInput?: string }) | undefined)?.regionInput;
  }

  private defaultProvider(): TerraformProvider | undefined {
    return TerraformStack.of(this).node.children.find(
      (child): child is TerraformProvider =>
        TerraformProvider.isTerraformProvider(child) &&
        child.terraformResourceType === "aws" &&
        child.alias === undefined,
    );
  }

  private once<T extends Construct>(id: string, create: (id: string) => T): T {
    return (this.node.tryFindChild(id) as T | undefined) ?? create(id);
  }
}
