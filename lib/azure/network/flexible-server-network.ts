import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { EngineFamily } from "../../database";

/** Network arguments of a flexible server. */
export interface FlexibleServerPlacement {
  /** Resource ID of the subnet that is delegated to the server. @default - none: the server has a private endpoint */
  readonly delegatedSubnetId?: string;
  /** Resource ID of the private DNS zone of a server in a delegated subnet. @default - none */
  readonly privateDnsZoneId?: string;
  /** Resources that must exist before the server is created. */
  readonly dependables: ITerraformDependable[];
}

/** Optional arguments of a private endpoint. */
export interface PrivateEndpointOptions {
  /**
   * Tags of the private endpoint. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the network's */
  readonly provider?: TerraformProvider;
}

/**
 * A network that gives flexible servers private access: by private endpoint (`DatabaseNetwork`) or in a delegated subnet
 * (`DelegatedDatabaseNetwork`). Azure cannot change the connectivity method of an existing server.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
 */
export interface IFlexibleServerNetwork extends IConstruct {
  /** Name of the resource group of the network's resources. */
  readonly resourceGroupName: string;
  /** Azure region. */
  readonly location: string;
  /** The azurerm provider; not set for the stack's only one. */
  readonly provider?: TerraformProvider;

  /**
   * The network arguments of a server of an engine.
   *
   * @param family the engine family.
   */
  placement(family: EngineFamily): FlexibleServerPlacement;

  /**
   * Creates the private endpoint of a service; in a delegated subnet, where a server needs none, it creates nothing.
   *
   * @param scope the construct that the service belongs to.
   * @param service `postgres`, `mysql`, `vault`, `blob` or `registry`.
   * @param resourceId the resource ID of the service; may be a token.
   * @param name the name of the service, from which the endpoint's name follows; may be a token.
   * @param options tags and provider.
   * @returns the resources that must exist before a client connects.
   */
  connect(
    scope: Construct,
    service: string,
    resourceId: string,
    name: string,
    options?: PrivateEndpointOptions,
  ): ITerraformDependable[];
}
