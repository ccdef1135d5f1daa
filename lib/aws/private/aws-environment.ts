// Account, partition and region, looked up once for each stack and provider: a thousand servers need one data source. The attribute is
// also read only once, since CDKTF creates a new token, with a trace of the whole call stack, each time.

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import { reportTags } from "./tags";

type DefaultTags = readonly { readonly tags?: { readonly [name: string]: string } }[];

/**
 * Account, partition and region of an AWS provider. The methods add data sources to the stack when they are first called.
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
    const checks = new SynthChecks(this, "AWS");
    // The provider may be added to the stack later.
    checks.whenComplete(() => {
      const own = this.provider ?? this.defaultProvider();
      for (const each of (own as { readonly defaultTagsInput?: DefaultTags } | undefined)?.defaultTagsInput ??
        []) {
        if (each.tags) reportTags(checks, each.tags, "defaultTags");
      }
    });
  }

  /** ID of the account. */
  public lookUpAccountId(): string {
    return this.text(
      "accountId",
      () => new DataAwsCallerIdentity(this, "Account", this.settings()).accountId,
    );
  }

  /** Partition: `aws`, `aws-cn` or `aws-us-gov`. */
  public lookUpPartition(): string {
    return this.text("partition", () => this.lookUpPartitionData().partition);
  }

  /** DNS suffix of the partition, such as `amazonaws.com`. */
  public lookUpDnsSuffix(): string {
    return this.text("dnsSuffix", () => this.lookUpPartitionData().dnsSuffix);
  }

  /** AWS Region: that of the provider's configuration if it is set there, else a token. */
  public lookUpRegion(): string {
    // The region of the provider's configuration may be known at synth. `id` and not `name`: version 6 of the provider deprecates
    // `name`, and version 5 has no `region`.
    return (
      this.providerRegion() ??
      this.text("region", () => new DataAwsRegion(this, "Region", this.settings()).id)
    );
  }

  /** Credentials in the provider's configuration, which programs beside it do not know. Call it once the tree is complete. */
  public providerCredentials(): { readonly profile: boolean; readonly role: boolean } {
    const provider = (this.provider ?? this.defaultProvider()) as
      | (TerraformProvider & { readonly profileInput?: unknown; readonly assumeRoleInput?: unknown })
      | undefined;
    const roles = provider?.assumeRoleInput;
    return {
      profile: provider?.profileInput !== undefined,
      role: Array.isArray(roles) ? roles.length > 0 : roles !== undefined,
    };
  }

  private lookUpPartitionData(): DataAwsPartition {
    const existing = this.node.tryFindChild("Partition") as DataAwsPartition | undefined;
    return existing ?? new DataAwsPartition(this, "Partition", this.settings());
  }

  private providerRegion(): string | undefined {
    const provider = this.provider ?? this.defaultProvider();
    // Not `instanceof AwsProvider`, which fails when two copies of the bindings are installed.
    return (provider as (TerraformProvider & { readonly regionInput?: string }) | undefined)?.regionInput;
  }

  private defaultProvider(): TerraformProvider | undefined {
    // The provider may be added to the stack after the constructs that use it.
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
