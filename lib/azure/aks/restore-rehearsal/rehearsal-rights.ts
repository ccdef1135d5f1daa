// The rights of a rehearsal: it reads the source, and writes and deletes in its own resource group only.
//
// Azure has no condition on names for the control plane, so the border is the resource group. Actions: the operations of
// Microsoft.DBforPostgreSQL, Microsoft.DBforMySQL and Microsoft.Network (learn.microsoft.com/azure/role-based-access-control/permissions).
// A restore is a write of the new server; whether Azure wants more than `read` on the source for it only a real subscription shows.

import type { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { RoleDefinition } from "@cdktf/provider-azurerm/lib/role-definition";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, terraformCall } from "../../../database/private";
import type { IFlexibleServer } from "../../flexible-server/flexible-server";
import { AzureEnvironment } from "../../private/azure-environment";

/** @internal */
export interface RehearsalRightsProps {
  /** Prefix of the roles' names, unique in the directory. */
  readonly roleName: string;
  readonly principalId: string;
  /** `Microsoft.DBforPostgreSQL` or `Microsoft.DBforMySQL`. */
  readonly resourceProvider: string;
  readonly source: IFlexibleServer;
  readonly group: ResourceGroup;
  readonly subnetId: string;
  /** Private DNS zone of a delegated subnet. @default - the copies have private endpoints */
  readonly zoneId?: string;
  /** Identity of the customer-managed key. @default - none */
  readonly keyIdentityId?: string;
  readonly provider?: TerraformProvider;
}

/** @internal */
export class RehearsalRights extends Construct {
  /** Resources that must exist before a rehearsal. */
  public readonly dependables: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, props: RehearsalRightsProps) {
    super(scope, id);
    const { resourceProvider, group, subnetId, zoneId, source } = props;
    const servers = `${resourceProvider}/flexibleServers`;
    this.grant(
      props,
      "Source",
      "reads the server that is restored",
      source.serverId,
      [`${servers}/read`],
      groupOfServer(this, source),
    );
    const endpoints = [
      "Microsoft.Network/privateEndpoints/read",
      "Microsoft.Network/privateEndpoints/write",
      "Microsoft.Network/privateEndpoints/delete",
      `${servers}/privateEndpointConnectionsApproval/action`,
    ];
    this.grant(props, "Copies", "creates and deletes restored copies", group.id, [
      `${servers}/read`,
      `${servers}/write`,
      `${servers}/delete`,
      ...(zoneId === undefined ? endpoints : []),
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Resources/tags/read",
      "Microsoft.Resources/tags/write",
    ]);
    this.grant(props, "Subnet", "places restored copies in a subnet", subnetId, [
      "Microsoft.Network/virtualNetworks/subnets/join/action",
    ]);
    if (zoneId !== undefined) {
      this.grant(props, "Zone", "names restored copies in a private DNS zone", zoneId, [
        "Microsoft.Network/privateDnsZones/join/action",
      ]);
    }
    if (props.keyIdentityId !== undefined) {
      this.assign(props, "Key", props.keyIdentityId, { roleDefinitionName: "Managed Identity Operator" });
    }
  }

  private grant(
    props: RehearsalRightsProps,
    id: string,
    description: string,
    scope: string,
    actions: string[],
    place = id === "Copies" ? scope : resourceGroupOf(scope),
  ): void {
    const role = new RoleDefinition(this, `${id}Role`, {
      name: `${props.roleName}-${id.toLowerCase()}`,
      description: `Restore rehearsal: ${description}`,
      scope: place,
      assignableScopes: [place],
      permissions: [{ actions }],
      provider: props.provider,
    });
    this.assign(props, id, scope, { roleDefinitionId: role.roleDefinitionResourceId });
  }

  private assign(
    { principalId, provider }: RehearsalRightsProps,
    id: string,
    scope: string,
    role: { readonly roleDefinitionId?: string; readonly roleDefinitionName?: string },
  ): void {
    const assignment = new RoleAssignment(this, id, {
      scope,
      ...role,
      principalId,
      principalType: "ServicePrincipal",
      provider,
    });
    this.dependables.push(assignment);
  }
}

/** Resource ID of the resource group of a server. */
function groupOfServer(
  scope: Construct,
  { serverId, serverProps, resourceGroupName, provider }: IFlexibleServer,
) {
  if (serverProps === undefined || isResolved(serverId)) return resourceGroupOf(serverId);
  // A server of this program is in the subscription of its provider.
  const { subscriptionId } = AzureEnvironment.of(scope, provider);
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
}

/** Resource ID of the resource group of a resource. */
function resourceGroupOf(resourceId: string): string {
  const pattern = "^/subscriptions/[^/]+/resource[gG]roups/[^/]+";
  if (isResolved(resourceId)) return new RegExp(pattern).exec(resourceId)?.[0] ?? resourceId;
  return terraformCall("regex", pattern, resourceId);
}
