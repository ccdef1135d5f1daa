// Account, partition and region, looked up once for each stack and provider: a thousand servers need one answer. Each is also
// read once only, since CDKTF makes a new token, with a trace of the whole call stack, each time.

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
  private readonly texts = new Map<string, string>();
  private own?: TerraformProvider;

  private constructor(scope: TerraformStack, id: string, provider: TerraformProvider | undefined) {
    super(scope, id);
    this.provider = provider;
  }

  /** The account's number. */
  public get accountId(): string {
    return this.text(
      "accountId",
      () => new DataAwsCallerIdentity(this, "Account", this.settings()).accountId,
    );
  }

  /** `aws`, `aws-cn` or `aws-us-gov`. */
  public get partition(): string {
    return this.text("partition", () => this.partitionData.partition);
  }

  /** What follows a service's name in its DNS names and principals. */
  public get dnsSuffix(): string {
    return this.text("dnsSuffix", () => this.partitionData.dnsSuffix);
  }

  /** The region: the one in the provider's settings where it can be read, else a token. */
  public get region(): string {
    // The provider's own setting may be known at synth, and then so is all that follows from it. `id` and not `name`:
    // version 6 of the provider deprecates the latter, and version 5 has no `region`.
    return (
      this.providerRegion() ??
      this.text("region", () => new DataAwsRegion(this, "Region", this.settings()).id)
    );
  }

  private get partitionData(): DataAwsPartition {
    const existing = this.node.tryFindChild("Partition") as DataAwsPartition | undefined;
    return existing ?? new DataAwsPartition(this, "Partition", this.settings());
  }

  private providerRegion(): string | undefined {
    const provider = this.provider ?? this.defaultProvider();
    // Not `instanceof AwsProvider`, which fails when two copies of the bindings are installed.
    return (provider as (TerraformProvider & { readonly regionInput?: string }) | undefined)?.regionInput;
  }

  private defaultProvider(): TerraformProvider | undefined {
    // It may be added to the stack later than what uses it.
    this.own ??= TerraformStack.of(this).node.children.find(
      (child): child is TerraformProvider =>
        TerraformProvider.isTerraformProvider(child) &&
        child.terraformResourceType === "aws" &&
        child.alias === undefined,
    );
    return this.own;
  }

  private settings(): { readonly provider?: TerraformProvider } {
    return { provider: this.provider };
  }

  private text(name: string, read: () => string): string {
    const text = this.texts.get(name) ?? read();
    this.texts.set(name, text);
    return text;
  }
}
