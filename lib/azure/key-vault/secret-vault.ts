import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import { requireArgument, requireProps, SynthChecks } from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import { AzureEnvironment } from "../private/azure-environment";
import { GlobalName } from "../private/global-name";
import { checkDeletionPolicy, checkTags } from "../private/resource-checks";

/** A key vault that holds the passwords of servers and logins. */
export interface ISecretVault {
  /** Resource ID of the key vault; may be a token. */
  readonly keyVaultId: string;
  /** Resources that must exist before a secret is written. */
  readonly dependables: ITerraformDependable[];
}

/** Properties of a `SecretVault`. */
export interface SecretVaultProps {
  /**
   * The network in which the key vault gets its private endpoint.
   *
   * @see https://learn.microsoft.com/azure/key-vault/general/private-link-service
   */
  readonly network: IDatabaseNetwork;
  /**
   * Name of the key vault, 3 to 24 letters, digits and hyphens, globally unique.
   * @default - derived from the construct path, with a suffix that never changes
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
   */
  readonly vaultName?: string;
  /**
   * Name of the resource group. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Azure region. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * IP addresses or CIDR ranges that the firewall of the key vault allows, for a Terraform that runs outside the network.
   * @default - none: public network access is disabled, and Terraform must run where it reaches the private endpoint
   * @see https://learn.microsoft.com/azure/key-vault/general/network-security
   */
  readonly allowedIpRanges?: string[];
  /**
   * Object IDs of the principals that get the role Key Vault Secrets Officer, by a name of your choice.
   * @default - `terraform`: the principal that Terraform runs as
   *
   * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-secrets-officer
   */
  readonly writerObjectIds?: { readonly [name: string]: string };
  /**
   * Soft-delete retention, 7 to 90 days; cannot be changed later. @default 90
   *
   * @see https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
   */
  readonly softDeleteRetentionDays?: number;
  /**
   * Deletion of the key vault. RETAIN: `prevent_destroy`, which does not refuse removing the construct; Azure has no SNAPSHOT.
   * @default DeletionPolicy.RETAIN
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the network's, else the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the suffix of the name. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the key vault. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A key vault for passwords, with role-based access control, a private endpoint and purge protection.
 *
 * A new role assignment takes some minutes to take effect. The first apply may stop with "Forbidden" at the first secret;
 * apply again.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/overview
 *
 * @example
 * const vault = new SecretVault(this, "vault", { network, allowedIpRanges: ["203.0.113.7"] });
 */
export class SecretVault extends Construct implements ISecretVault {
  /**
   * A key vault that exists already. Terraform's principal must be able to reach it, and needs the role Key Vault Secrets
   * Officer.
   *
   * @param keyVaultId the resource ID of the key vault; may be a token.
   */
  public static fromKeyVaultId(keyVaultId: string): ISecretVault {
    return { keyVaultId, dependables: [] };
  }

  /** The key vault. */
  public readonly resource: KeyVault;
  public readonly keyVaultId: string;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: SecretVaultProps) {
    super(scope, id);
    requireProps(this.node.path, "KEY-VAULT", props, { network: true });
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network.provider;
    const checks = new SynthChecks(this, "KEY-VAULT");
    requireArgument(checks, KeyVault, "rbacAuthorizationEnabled", "@cdktf/provider-azurerm 14.11.0");
    checks.matches(
      "vaultName",
      props.vaultName,
      /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
      "must be 3 to 24 letters, digits and single hyphens, with a letter first and no hyphen last",
    );
    checks.wholeNumber("softDeleteRetentionDays", props.softDeleteRetentionDays, 7, 90, "days");
    checkDeletionPolicy(checks, props.deletionPolicy, "the key vault and its secrets");
    checkTags(checks, this, props.tags);
    const open = (props.allowedIpRanges?.length ?? 0) > 0;
    if (open) {
      checks.optOut("allowedIpRanges: enables public network access for these addresses");
      checks.check(
        "allowedIpRanges",
        props.allowedIpRanges,
        () => !props.allowedIpRanges?.some((range) => /(^0\.0\.0\.0$|\/0$)/.test(range)),
        "must not contain the whole internet; set the addresses that Terraform runs from",
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
      lifecycle: props.deletionPolicy === DeletionPolicy.DELETE ? undefined : { preventDestroy: true },
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
