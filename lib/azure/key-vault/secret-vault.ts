import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import type { DatabaseNetwork } from "../network/database-network";
import { AzureEnvironment } from "../private/azure-environment";
import { GlobalName } from "../private/global-name";

/** A Key Vault that keeps the passwords of servers and logins. */
export interface ISecretVault {
  /** The vault's resource id; may be a token. */
  readonly keyVaultId: string;
  /** What has to exist before a secret can be written. */
  readonly dependables: ITerraformDependable[];
}

/** Properties of a `SecretVault`. */
export interface SecretVaultProps {
  /** The network in which the vault gets its private endpoint. */
  readonly network: DatabaseNetwork;
  /** The vault's name, 3 to 24 letters, digits and hyphens, unique in all of Azure. @default - the construct's path and a suffix that never changes */
  readonly vaultName?: string;
  /** The resource group. @default - the network's */
  readonly resourceGroupName?: string;
  /** The region. @default - the network's */
  readonly location?: string;
  /**
   * The addresses from which the vault is reached past its private endpoint: those of a Terraform that runs outside
   * the network. Addresses or CIDR ranges. @default - none: Terraform has to run where the private endpoint is reached
   */
  readonly allowedIpRanges?: string[];
  /**
   * The object ids of those who may write secrets, by a name of your choice. @default - `terraform`: whoever Terraform
   * works as
   */
  readonly writerObjectIds?: { readonly [name: string]: string };
  /** How long a deleted secret can be recovered, 7 to 90 days; it can't be changed later. @default 90 */
  readonly softDeleteRetentionDays?: number;
  /** Whether Terraform refuses to destroy the vault. @default true */
  readonly retain?: boolean;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's, else the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** The provider of `random_id`, for the name's suffix. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Key Vault for passwords: access by roles only, private endpoint, no purging of deleted secrets.
 *
 * A new role takes Azure some minutes to reach the vault. A first apply may stop with "Forbidden" at the first secret;
 * running it again goes on from there.
 *
 * @example
 * const vault = new SecretVault(this, "vault", { network, allowedIpRanges: ["203.0.113.7"] });
 */
export class SecretVault extends Construct implements ISecretVault {
  /**
   * A vault that exists already. Terraform's principal has to be allowed to write and read secrets in it
   * (role "Key Vault Secrets Officer") and to reach it.
   *
   * @param keyVaultId the vault's resource id; may be a token.
   */
  public static fromKeyVaultId(keyVaultId: string): ISecretVault {
    return { keyVaultId, dependables: [] };
  }

  /** The vault. */
  public readonly resource: KeyVault;
  public readonly keyVaultId: string;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: SecretVaultProps) {
    super(scope, id);
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network.provider;
    const checks = new SynthChecks(this);
    checks.matches(
      "vaultName",
      props.vaultName,
      /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
      "allowed are 3 to 24 letters, digits and single hyphens, with a letter first and no hyphen last; unique in all of Azure",
    );
    checks.wholeNumber("softDeleteRetentionDays", props.softDeleteRetentionDays, 7, 90, "days");
    const open = (props.allowedIpRanges?.length ?? 0) > 0;
    if (open) {
      checks.optOut("allowedIpRanges: the vault answers to these addresses past its private endpoint");
      checks.check(
        "allowedIpRanges",
        props.allowedIpRanges,
        () => !props.allowedIpRanges?.some((range) => /(^0\.0\.0\.0$|\/0$)/.test(range)),
        "never the whole internet; name the addresses that Terraform runs from",
      );
    }
    const name =
      props.vaultName ??
      new GlobalName(this, "Name", { maxLength: 24, randomProvider: props.randomProvider }).value;
    const environment = AzureEnvironment.of(this, provider);
    this.resource = new KeyVault(this, "Resource", {
      name,
      resourceGroupName: props.resourceGroupName ?? network.resourceGroupName,
      location: props.location ?? network.location,
      tenantId: environment.tenantId,
      skuName: "standard",
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: props.softDeleteRetentionDays ?? 90,
      publicNetworkAccessEnabled: open,
      networkAcls: {
        bypass: "None",
        defaultAction: "Deny",
        ipRules: open ? props.allowedIpRanges : undefined,
      },
      lifecycle: (props.retain ?? true) ? { preventDestroy: true } : undefined,
      tags,
      provider,
      dependsOn,
    });
    this.keyVaultId = this.resource.id;
    const writers = props.writerObjectIds ?? { terraform: environment.objectId };
    const roles = Object.entries(writers).map(
      ([writer, principalId]) =>
        new RoleAssignment(this, `Writer-${writer}`, {
          scope: this.resource.id,
          roleDefinitionName: "Key Vault Secrets Officer",
          principalId,
          provider,
        }),
    );
    const endpoint = network.connect(this, "vault", this.resource.id, name, { tags, provider });
    this.dependables = [this.resource, ...roles, ...endpoint];
  }
}
