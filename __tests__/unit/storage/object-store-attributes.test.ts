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

const S3 = {
  kind: ObjectStoreKind.S3,
  bucketName: "platform-gitpod",
  region: "eu-central-1",
  endpoint: "minio.storage.svc:9000",
};
const GCS = {
  kind: ObjectStoreKind.GCS,
  bucketName: "gitpod.example.com",
  region: "EU",
  endpoint: "storage.googleapis.com",
  projectId: "platform",
};
const BLOB = {
  kind: ObjectStoreKind.AZURE_BLOB,
  bucketName: "gitpod",
  region: "westeurope",
  endpoint: "platform0.blob.core.windows.net",
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

test.each<[ObjectStoreAttributes, Cloud]>([
  [S3, Cloud.SELF_MANAGED],
  [{ ...S3, endpoint: "${var.endpoint}", cloud: Cloud.AWS }, Cloud.AWS],
  [{ ...S3, endpoint: "s3.north-1.nimbus.example", cloud: Cloud.of("nimbus") }, Cloud.of("nimbus")],
  [{ ...GCS, cloud: Cloud.GOOGLE }, Cloud.GOOGLE],
  [{ ...BLOB, cloud: Cloud.AZURE }, Cloud.AZURE],
])("%j is of %s", (props, cloud) => {
  const store = made(props);
  expect(store).toMatchObject({
    cloud,
    endpoint: props.endpoint,
    bucketName: props.bucketName,
    region: props.region,
    dependables: [],
  });
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
  [{ ...S3, bucketName: "Gitpod" }, /STORE-BUCKET-NAME: bucketName must be lower-case.*"Gitpod"/],
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
  [{ ...GCS, projectId: undefined }, /STORE-PROJECT-ID: projectId must be set for gcs \(got not set\)/],
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
    const identity = bareIdentity(Cloud.SELF_MANAGED);
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
    '[store] STORE-GRANT-READ-WRITE-IDENTITY-CLOUD: grantReadWrite: identity.cloud must be self-managed (got "google")',
  ]);
});
