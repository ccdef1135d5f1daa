// A bucket as clients and grants see it.

import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import { GrowingDependables, SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";
import { ENDPOINT } from "./data/cloud-storage-names";
import { grantSignUrls } from "./sign-urls";

/** A bucket and its grants, created here or existing. */
export abstract class GcsBucketBase extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.GCS;
  public readonly cloud = Cloud.GOOGLE;
  public abstract readonly bucketName: string;
  public abstract readonly projectId: string;
  public readonly region: string;
  public readonly endpoint: string;
  /** @internal */
  protected readonly _checks: SynthChecks;
  /** @internal */
  protected readonly _waitFor = new GrowingDependables();
  private readonly grants: IdentityGrants;
  private readonly roles: { readonly [name: string]: string };
  /** @internal */
  protected readonly _provider?: TerraformProvider;

  public constructor(
    scope: Construct,
    id: string,
    props: {
      readonly location: string;
      readonly bucketReader?: boolean;
      readonly provider?: TerraformProvider;
    },
  ) {
    super(scope, id);
    this._checks = new SynthChecks(this, "GCS");
    this.grants = new IdentityGrants(this._checks, "grantReadWrite", this.cloud);
    this._provider = props.provider;
    this.region = props.location;
    this.endpoint = ENDPOINT;
    this.roles = {
      Objects: "roles/storage.objectUser",
      ...(props.bucketReader ? { Bucket: "roles/storage.legacyBucketReader" } : {}),
    };
  }

  public get dependables(): ITerraformDependable[] {
    return this._waitFor.all;
  }

  /**
   * Grants an identity the roles to read, write, delete and list the objects of this bucket. The same identity is granted once.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    const { email } = identity as IGoogleWorkloadIdentity;
    return this.grants.grant(identity, email, "GkeWorkloadIdentity", () => {
      const part = identityPart(this, identity);
      const dependables = Object.entries(this.roles).map(
        ([name, role]) =>
          new StorageBucketIamMember(this, `${name}-${part}`, {
            bucket: this.bucketName,
            role,
            member: `serviceAccount:${email}`,
            provider: this._provider,
          }),
      );
      this._waitFor.add(...dependables);
      return { dependables };
    });
  }

  /**
   * Grants an identity the permission to sign URLs of objects: `iam.serviceAccounts.signBlob` on its own service account.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantSignUrls(identity: IWorkloadIdentity): IGrant {
    return grantSignUrls(this._checks, identity);
  }
}
