import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { EngineFamily } from "../../database";

/** What a network gives to a server before it is made. */
export interface ServerPlacement {
  /** The subnet that is delegated to the server. @default - none: the server is reached by private endpoint */
  readonly delegatedSubnetId?: string;
  /** The private DNS zone of a server in a delegated subnet. @default - none */
  readonly privateDnsZoneId?: string;
  /** What has to exist before the server is made. */
  readonly dependables: ITerraformDependable[];
}

/** What a private endpoint carries beside where it leads. */
export interface EndpointOptions {
  /** Tags. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's */
  readonly provider?: TerraformProvider;
}

/** The two ways in which a flexible server has a private address; the way can't be changed once the server exists. */
export interface IAzureDatabaseNetwork extends IConstruct {
  /** The resource group of the network's own resources. */
  readonly resourceGroupName: string;
  /** The region. */
  readonly location: string;
  /** The provider; not set for the stack's own. */
  readonly provider?: TerraformProvider;

  /**
   * Where a server of an engine goes.
   *
   * @param family the engine's family.
   */
  placement(family: EngineFamily): ServerPlacement;

  /**
   * Makes a service reachable from the network once it exists.
   *
   * @param scope the construct that the service belongs to.
   * @param service `postgres`, `mysql`, `vault` or `blob`.
   * @param resourceId the service's resource id; may be a token.
   * @param name the service's name, from which the endpoint's follows; may be a token.
   * @param options tags and provider.
   * @returns what has to exist before anybody connects.
   */
  connect(
    scope: Construct,
    service: string,
    resourceId: string,
    name: string,
    options?: EndpointOptions,
  ): ITerraformDependable[];
}
