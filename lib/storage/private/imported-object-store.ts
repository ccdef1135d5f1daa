import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { checkAccountName, checkBucketName, objectStoreHost } from "../names-and-places";
import { type IObjectStore, ObjectStoreKind } from "../object-store";
import type { ObjectStoreAttributes } from "../object-store-attributes";
import { IdentityGrants } from "./identity-grant";

const CLOUD_OF: { readonly [kind: string]: Cloud } = {
  [ObjectStoreKind.S3]: Cloud.AWS,
  [ObjectStoreKind.GCS]: Cloud.GOOGLE,
  [ObjectStoreKind.AZURE_BLOB]: Cloud.AZURE,
};

/** An existing object store (`ObjectStore.fromObjectStoreAttributes`); creates and grants nothing. */
export class ImportedObjectStore extends Construct implements IObjectStore {
  public readonly kind: ObjectStoreKind;
  public readonly cloud: Cloud;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly accountName?: string;
  public readonly projectId?: string;
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, props: ObjectStoreAttributes) {
    super(scope, id);
    this.checks = new SynthChecks(this);
    this.kind = props.kind;
    this.bucketName = props.bucketName;
    this.region = props.region;
    this.accountName = props.accountName;
    this.projectId = props.projectId;
    this.dependables = props.dependsOn ?? [];
    this.endpoint = props.endpoint ?? objectStoreHost(props.kind, props.region, props.accountName);
    this.cloud = props.cloud ?? defaultCloud(props);
    this.grants = new IdentityGrants(this.checks, "grantReadWrite", this.cloud);
    this.check(props);
  }

  /**
   * Grants nothing, as the store is not the library's, and says so in a warning.
   *
   * @param identity the identity; one of another cloud is an error at synth.
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    if (this.grants.begin(identity, true, ""))
      this.checks.warn(
        `grantReadWrite: the store exists already, so nothing is granted; see to it that the service account ${identity.namespace}/${identity.serviceAccountName} may read, write, delete and list its objects`,
      );
    return { dependables: [] };
  }

  private check(props: ObjectStoreAttributes): void {
    const { checks } = this;
    const { kind } = props;
    checkBucketName(checks, "bucketName", kind, props.bucketName);
    checkAccountName(checks, "accountName", props.accountName);
    checks.matches(
      "region",
      props.region,
      /^[A-Za-z0-9][A-Za-z0-9 _-]*$/,
      "allowed is a region's name, such as eu-central-1, EU or westeurope",
    );
    checks.matches(
      "endpoint",
      props.endpoint,
      /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
      "allowed is a host, with a port where it is not 443, without scheme and path",
    );
    const only = (property: string, value: string | undefined, owner: ObjectStoreKind, what: string) => {
      if (kind === owner && value === undefined) checks.fail(property, value, `${what}, so name it`);
      if (kind !== owner && value !== undefined) {
        checks.fail(property, value, `leave it out: only ${owner} has one`);
      }
    };
    only("accountName", props.accountName, ObjectStoreKind.AZURE_BLOB, "a container is in a storage account");
    only("projectId", props.projectId, ObjectStoreKind.GCS, "a bucket of Google is in a project");
    // Only S3's protocol is spoken elsewhere.
    if (kind !== ObjectStoreKind.S3 && props.cloud !== undefined && props.cloud !== CLOUD_OF[kind]) {
      checks.fail("cloud", props.cloud, `what speaks ${kind} is run by ${CLOUD_OF[kind]}`);
    }
  }
}

function defaultCloud({ kind, endpoint }: ObjectStoreAttributes): Cloud {
  const own = CLOUD_OF[kind] ?? Cloud.SELF_MANAGED;
  if (own !== Cloud.AWS || endpoint === undefined) return own;
  return isResolved(endpoint) && /(^|\.)amazonaws\.(com|com\.cn|eu)$/.test(endpoint)
    ? own
    : Cloud.SELF_MANAGED;
}
