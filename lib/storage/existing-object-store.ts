import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IWorkloadIdentity } from "../database";
import { isResolved, SynthChecks } from "../database/private";
import { IdentityGrants } from "./identity-grant";
import { checkAccountName, checkBucketName, objectStoreHost } from "./names-and-places";
import { type IObjectStore, ObjectStoreKind } from "./object-store";

/** Properties of an `ExistingObjectStore`. */
export interface ExistingObjectStoreProps {
  /** The protocol that it speaks. */
  readonly kind: ObjectStoreKind;
  /** The name of the bucket, or of the container on Azure; may be a token. */
  readonly bucketName: string;
  /** The region in the cloud's own words; whatever clients are to sign with for a store of your own. May be a token. */
  readonly region: string;
  /**
   * The host at which clients find it, without scheme and path, with a port where it is not 443; may be a token.
   * @default - the cloud's own for the region; a region that is a token is taken for one of the public cloud
   */
  readonly endpoint?: string;
  /** The cloud that runs it. @default - that of the protocol; self-managed for S3's protocol at an `endpoint` that is not AWS's */
  readonly cloud?: Cloud;
  /** The storage account; required on Azure, refused elsewhere. May be a token. @default - none */
  readonly accountName?: string;
  /** The project; required on Google, refused elsewhere. May be a token. @default - none */
  readonly projectId?: string;
  /** What has to exist before anybody uses it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

const CLOUD_OF: { readonly [kind: string]: Cloud } = {
  [ObjectStoreKind.S3]: Cloud.AWS,
  [ObjectStoreKind.GCS]: Cloud.GOOGLE,
  [ObjectStoreKind.AZURE_BLOB]: Cloud.AZURE,
};

/**
 * A store that exists already, whoever runs it. It creates nothing and grants nothing: who has access, whether it is private,
 * encrypted and versioned are yours to see to.
 *
 * @example
 * const store = new ExistingObjectStore(this, "store", {
 *   kind: ObjectStoreKind.S3,
 *   bucketName: "platform-gitpod",
 *   region: "eu-central-1",
 * });
 */
export class ExistingObjectStore extends Construct implements IObjectStore {
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

  public constructor(scope: Construct, id: string, props: ExistingObjectStoreProps) {
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
  public grantReadWrite(identity: IWorkloadIdentity): void {
    if (!this.grants.begin(identity, true, "")) return;
    this.checks.warn(
      `grantReadWrite: the store exists already, so nothing is granted; see to it that the service account ${identity.namespace}/${identity.serviceAccountName} may read, write, delete and list its objects`,
    );
  }

  private check(props: ExistingObjectStoreProps): void {
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

function defaultCloud({ kind, endpoint }: ExistingObjectStoreProps): Cloud {
  const own = CLOUD_OF[kind] ?? Cloud.SELF_MANAGED;
  if (own !== Cloud.AWS || endpoint === undefined) return own;
  return isResolved(endpoint) && /(^|\.)amazonaws\.(com|com\.cn|eu)$/.test(endpoint)
    ? own
    : Cloud.SELF_MANAGED;
}
