import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IWorkloadIdentity } from "../../database";
import { checkUniqueName, SynthChecks } from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import { checkDeletionPolicy, checkPlace } from "../blob-storage/blob-storage-checks";
import { deletionLock } from "../blob-storage/storage-account-settings";
import type { IAzureWorkloadIdentity } from "../identity/azure-workload-identity";
import type { DatabaseNetwork } from "../network/database-network";
import { GlobalName } from "../private/global-name";

/** Properties of an `AzureContainerRegistry`. */
export interface AzureContainerRegistryProps {
  /** The network in which the registry gets its private endpoint, which takes the price of Premium. @default - none: a public address, for those with a role */
  readonly network?: DatabaseNetwork;
  /** The resource group. @default - the network's; required without one */
  readonly resourceGroupName?: string;
  /** The region. @default - the network's; required without one */
  readonly location?: string;
  /** The registry's name, 5 to 50 letters and digits, unique in all of Azure. @default - the construct's path and a suffix that never changes */
  readonly registryName?: string;
  /** Whether it has copies in three zones, which takes the price of Premium; not every region has zones. @default - whether it has a network */
  readonly zoneRedundant?: boolean;
  /** After how many days an image without a tag goes, 1 to 365; Premium only. @default - never */
  readonly deleteUntaggedAfterDays?: number;
  /** What happens on destroy; DELETE takes all images along, and there is no SNAPSHOT. With RETAIN a lock stops everybody else, too. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
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
 * A registry of container images: no administrator's password, nobody reads it without a role.
 *
 * @example
 * const registry = new AzureContainerRegistry(this, "images", { network });
 * registry.grantPush(identity);
 */
export class AzureContainerRegistry extends Construct implements IImageRegistry {
  public readonly cloud = Cloud.AZURE;
  public readonly server: string;
  public readonly url: string;
  public readonly dependables: ITerraformDependable[];
  /** The registry. */
  public readonly resource: ContainerRegistry;
  private readonly grants: IdentityGrants;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: AzureContainerRegistryProps) {
    super(scope, id);
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network?.provider;
    const checks = new SynthChecks(this);
    const zones = props.zoneRedundant ?? network !== undefined;
    const premium = zones || network !== undefined;
    check(checks, props, premium);
    if (props.registryName !== undefined) {
      checkUniqueName(checks, this, {
        kind: "container registry",
        property: "registryName",
        name: props.registryName,
      });
    }
    this.provider = provider;
    this.grants = new IdentityGrants(checks, "grantPush", this.cloud);
    const name =
      props.registryName ??
      new GlobalName(this, "Name", { maxLength: 50, hyphens: false, randomProvider: props.randomProvider })
        .value;
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.resource = new ContainerRegistry(this, "Resource", {
      name,
      resourceGroupName: props.resourceGroupName ?? network?.resourceGroupName ?? "",
      location: props.location ?? network?.location ?? "",
      sku: premium ? "Premium" : "Standard",
      adminEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccessEnabled: network === undefined,
      // A data endpoint of its own lets firewalls name this registry instead of all of Azure's storage.
      dataEndpointEnabled: premium ? true : undefined,
      zoneRedundancyEnabled: zones ? true : undefined,
      retentionPolicyInDays: props.deleteUntaggedAfterDays,
      lifecycle: retain ? { preventDestroy: true } : undefined,
      tags,
      provider,
      dependsOn,
    });
    if (retain) {
      const notes = "Holds images. Set deletionPolicy to DELETE in the program before deleting it.";
      deletionLock(this, name, this.resource.id, notes, { provider });
    }
    this.server = this.resource.loginServer;
    this.url = this.server;
    const endpoint = network?.connect(this, "registry", this.resource.id, name, { tags, provider });
    this.dependables = [this.resource, ...(endpoint ?? [])];
  }

  /**
   * Lets an identity pull and push the images of this registry (`AcrPush`). A new role takes Azure some minutes to reach the
   * registry.
   *
   * @param identity an identity with an object id (`AksWorkloadIdentity`).
   */
  public grantPush(identity: IWorkloadIdentity): void {
    const { principalId } = identity as IAzureWorkloadIdentity;
    if (!this.grants.begin(identity, principalId, "AksWorkloadIdentity")) return;
    this.grantPushToPrincipal(identityPart(this, identity), principalId);
  }

  /**
   * The same for a service principal that is no identity of a cluster, such as one whose secret the application has.
   *
   * @param id part of the construct id, known at synth.
   * @param principalId the object id of the service principal; may be a token.
   */
  public grantPushToPrincipal(id: string, principalId: string): void {
    this.dependables.push(
      new RoleAssignment(this, `Push-${id}`, {
        scope: this.resource.id,
        roleDefinitionName: "AcrPush",
        principalId,
        principalType: "ServicePrincipal",
        provider: this.provider,
      }),
    );
  }
}

function check(checks: SynthChecks, props: AzureContainerRegistryProps, premium: boolean): void {
  const { deleteUntaggedAfterDays } = props;
  checkPlace(checks, props);
  checks.matches(
    "registryName",
    props.registryName,
    /^[a-zA-Z0-9]{5,50}$/,
    "allowed are 5 to 50 letters and digits; unique in all of Azure",
  );
  checks.wholeNumber("deleteUntaggedAfterDays", deleteUntaggedAfterDays, 1, 365, "days");
  if (deleteUntaggedAfterDays !== undefined && !premium) {
    checks.fail(
      "deleteUntaggedAfterDays",
      deleteUntaggedAfterDays,
      "only Premium deletes by age; give network or zoneRedundant: true",
    );
  }
  if (!props.network) {
    checks.optOut("network: the registry has a public address, which answers to those with a role");
  }
  checkDeletionPolicy(checks, props.deletionPolicy, "the registry and its images are");
}
