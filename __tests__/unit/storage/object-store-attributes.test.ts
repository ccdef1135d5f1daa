import { Token } from "cdktf";
import { Cloud } from "../../../lib/database";
import {
  type IObjectStore,
  ObjectStore,
  type ObjectStoreAttributes,
  ObjectStoreKind,
} from "../../../lib/storage";
import { problemsOf, synthesize } from "../../support/synth";
import { bareIdentity, identityOf } from "./fixture";

const S3 = { kind: ObjectStoreKind.S3, bucketName: "platform-gitpod", region: "eu-central-1" };
const GCS = {
  kind: ObjectStoreKind.GCS,
  bucketName: "gitpod.example.com",
  region: "EU",
  projectId: "platform",
};
const BLOB = {
  kind: ObjectStoreKind.AZURE_BLOB,
  bucketName: "gitpod",
  region: "westeurope",
  accountName: "platform0",
};

function made(props: ObjectStoreAttributes): IObjectStore {
  let store: IObjectStore | undefined;
  const { json } = synthesize((stack) => {
    store = ObjectStore.fromObjectStoreAttributes(stack, "store", props);
  });
  expect(json.resource).toBeUndefined();
  return store as IObjectStore;
}

test.each<[ObjectStoreAttributes, Cloud, string]>([
  [S3, Cloud.AWS, "s3.eu-central-1.amazonaws.com"],
  [{ ...S3, region: "cn-north-1" }, Cloud.AWS, "s3.cn-north-1.amazonaws.com.cn"],
  [{ ...S3, region: "us-gov-west-1" }, Cloud.AWS, "s3.us-gov-west-1.amazonaws.com"],
  [{ ...S3, region: "${var.region}" }, Cloud.AWS, "s3.${var.region}.amazonaws.com"],
  [{ ...S3, endpoint: "s3.amazonaws.com" }, Cloud.AWS, "s3.amazonaws.com"],
  [{ ...S3, endpoint: "minio.storage.svc:9000" }, Cloud.SELF_MANAGED, "minio.storage.svc:9000"],
  [{ ...S3, endpoint: "${var.endpoint}" }, Cloud.SELF_MANAGED, "${var.endpoint}"],
  [{ ...S3, endpoint: "${var.endpoint}", cloud: Cloud.AWS }, Cloud.AWS, "${var.endpoint}"],
  [GCS, Cloud.GOOGLE, "storage.googleapis.com"],
  [BLOB, Cloud.AZURE, "platform0.blob.core.windows.net"],
  [{ ...BLOB, region: "West Europe" }, Cloud.AZURE, "platform0.blob.core.windows.net"],
  [{ ...BLOB, region: "chinanorth3" }, Cloud.AZURE, "platform0.blob.core.chinacloudapi.cn"],
])("%j is of %s at %s", (props, cloud, endpoint) => {
  const store = made(props);
  expect([store.cloud, store.endpoint]).toEqual([cloud, endpoint]);
  expect(store).toMatchObject({ bucketName: props.bucketName, region: props.region, dependables: [] });
});

test("takes tokens everywhere", () => {
  const token = Token.asString({ resolve: () => "x" });
  expect(
    problemsOf((stack) => {
      ObjectStore.fromObjectStoreAttributes(stack, "store", {
        ...BLOB,
        bucketName: token,
        region: token,
        accountName: token,
        endpoint: token,
      });
    }),
  ).toEqual([]);
});

test.each<[Partial<ObjectStoreAttributes> & { readonly kind: ObjectStoreKind }, RegExp]>([
  [{ ...S3, bucketName: "Gitpod" }, /STORE-BUCKET-NAME: bucketName must be 3 to 63 lower-case.*"Gitpod"/],
  [{ ...S3, bucketName: "192.168.0.1" }, /STORE-BUCKET-NAME: bucketName must be .*"192.168.0.1"/],
  [{ ...S3, bucketName: "a..b" }, /bucketName must be .*"a..b"/],
  [{ ...S3, bucketName: "xn--gitpod" }, /bucketName must be .*"xn--gitpod"/],
  [{ ...S3, bucketName: "gitpod--x-s3" }, /bucketName must be .*"gitpod--x-s3"/],
  [{ ...S3, bucketName: "" }, /bucketName must be .*\(got ""\)/],
  [{ ...S3, region: "" }, /STORE-REGION: region must be .*\(got ""\)/],
  [
    { ...S3, endpoint: "https://s3.amazonaws.com" },
    /STORE-ENDPOINT: endpoint must be a host.*"https:\/\/s3.amazonaws.com"/,
  ],
  [
    { ...S3, accountName: "platform0" },
    /STORE-ACCOUNT-NAME: accountName must be left out, since only azure-blob has one \(got "platform0"\)/,
  ],
  [
    { ...S3, projectId: "platform" },
    /STORE-PROJECT-ID: projectId must be left out, since only gcs has one \(got "platform"\)/,
  ],
  [{ ...GCS, bucketName: "goog-gitpod" }, /without the word google/],
  [{ ...GCS, bucketName: "a".repeat(64) }, /bucketName must be .*"a{64}"/],
  [{ ...GCS, projectId: undefined }, /STORE-PROJECT-ID: projectId must be set for gcs \(got not set\)/],
  [{ ...GCS, cloud: Cloud.AWS }, /STORE-CLOUD: cloud must be google, the cloud of the gcs API \(got "aws"\)/],
  [{ ...BLOB, bucketName: "git--pod" }, /single hyphens/],
  [{ ...BLOB, accountName: "Platform" }, /STORE-ACCOUNT-NAME: accountName must be 3 to 24.*"Platform"/],
  [
    { ...BLOB, accountName: undefined },
    /STORE-ACCOUNT-NAME: accountName must be set for azure-blob \(got not set\)/,
  ],
])("refuses %j", (props, message) => {
  const problems = problemsOf((stack) => {
    ObjectStore.fromObjectStoreAttributes(stack, "store", props as ObjectStoreAttributes);
  });
  expect(problems).toEqual([expect.stringMatching(message)]);
});

test("grants nothing, and says so once", () => {
  const { warnings, json } = synthesize((stack) => {
    const identity = bareIdentity(Cloud.AWS);
    const store = ObjectStore.fromObjectStoreAttributes(stack, "store", S3);
    store.grantReadWrite(identity);
    store.grantReadWrite(identity);
  });
  expect(json.resource).toBeUndefined();
  expect(warnings).toEqual([
    {
      path: "store",
      message: expect.stringMatching(
        /nothing is granted; grant the service account gitpod\/server permission to read/,
      ),
    },
  ]);
});

test("refuses an identity of another cloud", () => {
  const problems = problemsOf((stack) => {
    ObjectStore.fromObjectStoreAttributes(stack, "store", S3).grantReadWrite(identityOf(Cloud.GOOGLE, stack));
  });
  expect(problems).toEqual([
    '[store] STORE-GRANT-READ-WRITE-IDENTITY-CLOUD: grantReadWrite: identity.cloud must be aws (got "google")',
  ]);
});
