import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../object-store";
import type { ObjectStoreAttributes } from "../object-store-attributes";
import { IdentityGrants } from "./identity-grant";

/** The permission to sign URLs without a key, by kind of store; S3 needs none. */
const SIGNING_RIGHTS: { readonly [kind: string]: string } = {
  [ObjectStoreKind.GCS]: "the permission iam.serviceAccounts.signBlob on its own Google service account",
  [ObjectStoreKind.AZURE_BLOB]: "the role Storage Blob Delegator on the storage account",
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
  public readonly protections?: readonly Protection[];
  public readonly lockDays?: number;
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, props: ObjectStoreAttributes) {
    super(scope, id);
    requireProps(this.node.path, "STORE", props, {
      kind: true,
      bucketName: true,
      region: true,
      endpoint: true,
    });
    this.checks = new SynthChecks(this, "STORE");
    this.kind = props.kind;
    this.bucketName = props.bucketName;
    this.region = props.region;
    this.accountName = props.accountName;
    this.projectId = props.projectId;
    this.protections = props.protections;
    this.lockDays = props.lockDays;
    this.dependables = props.dependsOn ?? [];
    this.endpoint = props.endpoint;
    this.cloud = props.cloud ?? Cloud.SELF_MANAGED;
    this.grants = new IdentityGrants(this.checks, "grantReadWrite", this.cloud);
    this.check(props);
  }

  /**
   * Grants nothing, since the store exists already, and warns instead.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    return this.grants.grant(identity, true, "", () => {
      this.checks.warn(
        `grantReadWrite: the store exists already, so nothing is granted; grant the service account ${identity.namespace}/${identity.serviceAccountName} permission to read, write, delete and list its objects`,
        "grantReadWrite",
      );
      return { dependables: [] };
    });
  }

  /**
   * Grants nothing, since the store exists already, and warns where reading and writing do not include it.
   *
   * @param identity the identity.
   */
  public grantSignUrls(identity: IWorkloadIdentity): IGrant {
    const right = SIGNING_RIGHTS[this.kind];
    if (right !== undefined && identity.cloud === this.cloud) {
      this.checks.warn(
        `grantSignUrls: the store exists already, so nothing is granted; give the service account ${identity.namespace}/${identity.serviceAccountName} ${right}`,
        "grantSignUrls",
      );
    }
    return { dependables: [] };
  }

  private check(props: ObjectStoreAttributes): void {
    const { checks } = this;
    const { kind } = props;
    // What all stores accept; the rooms of the clouds know more.
    checks.matches(
      "bucketName",
      props.bucketName,
      /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
      "must be lower-case letters, digits, hyphens, underscores and dots, with a letter or digit first and last",
    );
    checks.matches(
      "region",
      props.region,
      /^[A-Za-z0-9][A-Za-z0-9 _-]*$/,
      "must be the name of a region, such as eu-central-1, EU or westeurope",
    );
    checks.matches(
      "endpoint",
      props.endpoint,
      /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
      "must be a host, with a port if it is not 443, without scheme and path",
    );
    checks.wholeNumber("lockDays", props.lockDays, 1, 36_500, "days");
    const only = (property: string, value: string | undefined, owner: ObjectStoreKind) => {
      if (kind === owner && value === undefined) checks.fail(property, value, `must be set for ${owner}`);
      if (kind !== owner && value !== undefined) {
        checks.fail(property, value, `must be left out, since only ${owner} has one`);
      }
    };
    only("accountName", props.accountName, ObjectStoreKind.AZURE_BLOB);
    only("projectId", props.projectId, ObjectStoreKind.GCS);
  }
}
