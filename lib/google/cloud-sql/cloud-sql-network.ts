import type {
  SqlDatabaseInstance,
  SqlDatabaseInstanceSettingsIpConfiguration,
} from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";

/** A server that is to be reached. */
export interface CloudSqlTarget {
  /** The instance. */
  readonly instance: SqlDatabaseInstance;
  /** The server's region. */
  readonly region: string;
  /** The beginning of the names of what is made for it: at most 50 lower-case letters, digits and hyphens. */
  readonly namePrefix: string;
  /** Whether clients check the host name, so that the server's DNS name has to lead to it. */
  readonly hostnameVerifiable: boolean;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's */
  readonly provider?: TerraformProvider;
}

/** Where clients find a server. */
export interface CloudSqlAddress {
  /** The DNS name or address; a token. */
  readonly host: string;
  /** What has to exist before anybody connects. */
  readonly dependables: ITerraformDependable[];
}

/** How clients in a VPC reach a server: `DatabaseNetwork` or `PrivateServiceConnect`. */
export interface ICloudSqlNetwork extends IConstruct {
  /** The VPC, as `projects/PROJECT/global/networks/NAME`. */
  readonly networkId: string;
  /** What an instance is told about the network. */
  readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  /** What has to exist before an instance. */
  readonly dependables: ITerraformDependable[];

  /**
   * Makes what clients need to reach a server. Server classes call it.
   *
   * @param scope the server.
   * @param target what is to be reached.
   */
  connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress;
}
