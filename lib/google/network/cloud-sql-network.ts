// How clients in a VPC reach a Cloud SQL instance. When the server certificate includes the instance's DNS name, and always
// with Private Service Connect, clients connect by that name. A private zone for exactly this name never hides the names of
// other instances in the region.

import { DnsManagedZone } from "@cdktf/provider-google/lib/dns-managed-zone";
import { DnsRecordSet } from "@cdktf/provider-google/lib/dns-record-set";
import type {
  SqlDatabaseInstance,
  SqlDatabaseInstanceSettingsIpConfiguration,
} from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { terraformCall } from "../../database/private";

/** A Cloud SQL instance that is connected to a network. */
export interface CloudSqlTarget {
  /** The instance. */
  readonly instance: SqlDatabaseInstance;
  /** Region of the instance. */
  readonly region: string;
  /** Prefix of the names of network resources: at most 50 lower-case letters, digits and hyphens. */
  readonly namePrefix: string;
  /** True if clients verify the host name, so that the instance's DNS name must resolve to it. */
  readonly hostnameVerifiable: boolean;
  /** Labels of the network resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the network's provider */
  readonly provider?: TerraformProvider;
}

/** Address of an instance for clients. */
export interface CloudSqlAddress {
  /** DNS name or IP address; a token. */
  readonly host: string;
  /** Resources that must exist before a client connects. */
  readonly dependables: ITerraformDependable[];
}

/**
 * Private connectivity of Cloud SQL instances: private services access (`DatabaseNetwork`) or `PrivateServiceConnect`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/private-ip
 */
export interface ICloudSqlNetwork extends IConstruct {
  /** The VPC network, as `projects/PROJECT/global/networks/NAME`. */
  readonly networkId: string;
  /** The `ip_configuration` block of instances in this network. */
  readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  /** Resources that must exist before an instance. */
  readonly dependables: ITerraformDependable[];

  /**
   * Creates the network resources that clients of an instance need. Server classes call it.
   *
   * @param scope the server.
   * @param target the instance.
   */
  connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress;
}

/** Properties of an `InstanceDns`. @internal */
export interface InstanceDnsProps {
  /** DNS name of the instance, with or without a trailing dot; may be a token. */
  readonly dnsName: string;
  /** IP address to which the name resolves. */
  readonly address: string;
  /** The VPC network in which the zone is visible. */
  readonly networkId: string;
  /** Name of the zone: up to 63 lower-case letters, digits and hyphens. */
  readonly zoneName: string;
  readonly project?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
}

/** A private DNS zone that resolves the name of one instance to its private address. @internal */
export class InstanceDns extends Construct {
  public readonly resource: DnsManagedZone;
  public readonly record: DnsRecordSet;
  /** The name without a trailing dot, for clients. */
  public readonly host: string;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: InstanceDnsProps) {
    super(scope, id);
    const { provider, project } = props;
    // Cloud SQL writes the name with a trailing dot, Cloud DNS requires one, and certificates have none.
    this.host = terraformCall("trimsuffix", props.dnsName, ".");
    const name = `${this.host}.`;
    this.resource = new DnsManagedZone(this, "Resource", {
      name: props.zoneName,
      dnsName: name,
      description: "Leads the name of a database server to its private address",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: props.networkId }] },
      labels: props.tags,
      project,
      provider,
    });
    this.record = new DnsRecordSet(this, "Record", {
      managedZone: this.resource.name,
      name,
      type: "A",
      ttl: 60,
      rrdatas: [props.address],
      project,
      provider,
    });
    this.dependables = [this.record];
  }
}
