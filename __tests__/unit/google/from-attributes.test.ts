/** Existing resources of Google Cloud: they create nothing themselves, and take databases, grants, replicas and alerts. */
import {
  Cloud,
  DatabaseLogin,
  DatabaseProvisioning,
  MachineSize,
  SecretValue,
  SslMode,
  strictestSslMode,
} from "../../../lib/database";
import {
  ArtifactRegistry,
  CloudSqlAlerts,
  CloudSqlCertificateAuthority,
  CloudSqlReadReplica,
  CloudSqlServer,
  type CloudSqlServerAttributes,
  CryptoKey,
  DatabaseNetwork,
  GcsBucket,
  GkeWorkloadIdentity,
  type ICloudSqlServer,
  TlsMode,
} from "../../../lib/google";
import { problemsOf, rendered, synthesize } from "../../support/synth";
import { POSTGRES, VPC } from "./fixture";

type Stack = Parameters<Parameters<typeof synthesize>[0]>[0];

const KEY = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k";
const attributes: CloudSqlServerAttributes = {
  instanceName: "coder-1a2b3c4d",
  project: "platform",
  region: "europe-west1",
  engine: POSTGRES,
  host: "10.20.0.3",
  caCertificatesPem: "${data.x.y.pem}",
};
const existing = (stack: Stack, more: Partial<CloudSqlServerAttributes> = {}): ICloudSqlServer =>
  CloudSqlServer.fromServerAttributes(stack, "db", { ...attributes, ...more });
const identity = (stack: Stack) =>
  GkeWorkloadIdentity.fromServiceAccountAttributes(stack, "identity", {
    namespace: "coder",
    serviceAccountName: "coder",
    email: "coder@platform.iam.gserviceaccount.com",
  });

describe("a server from its attributes", () => {
  test("creates no resources and is known to applications by them", () => {
    const { json } = synthesize((stack) => {
      const server = existing(stack, { maxConnections: 200 });
      expect(server.endpoint).toEqual({ host: "10.20.0.3", port: 5432, isPrivate: true });
      expect(server.location).toEqual({ cloud: Cloud.GOOGLE, region: "europe-west1" });
      expect(server.connectionName).toBe("platform:europe-west1:coder-1a2b3c4d");
      expect(server.connectionBudget.available).toBe(190);
      expect(strictestSslMode(server.tls)).toBe(SslMode.VERIFY_CA);
      expect(server.isReplica).toBe(false);
    });
    expect(json.resource).toBeUndefined();
  });

  test("lets clients verify the host name with a regional CA", () => {
    synthesize((stack) => {
      const certificateAuthority = CloudSqlCertificateAuthority.REGIONAL;
      expect(strictestSslMode(existing(stack, { certificateAuthority }).tls)).toBe(SslMode.VERIFY_FULL);
    });
  });

  test("has databases of the Cloud SQL Admin API without an administrator", () => {
    const { resource } = synthesize((stack) => {
      const database = existing(stack).database("coder");
      expect(database.provisioning).toBe(DatabaseProvisioning.CLOUD_API);
    });
    expect(resource("google_sql_database")).toMatchObject({ instance: "coder-1a2b3c4d", name: "coder" });
    expect(resource("google_sql_user")).toMatchObject({ instance: "coder-1a2b3c4d", name: "coder" });
  });

  test("creates only the user of a database that exists", () => {
    const { resource, resources } = synthesize((stack) => {
      existing(stack, { databasesExist: true }).database("coder");
    });
    expect(resources("google_sql_database")).toEqual([]);
    expect(resource("google_sql_user").name).toBe("coder");
  });

  test("leaves databases to SQL with an administrator", () => {
    const { resources } = synthesize((stack) => {
      const password = SecretValue.fromEphemeral("${ephemeral.random_password.x.result}", { version: 1 });
      const server = existing(stack, { adminLogin: DatabaseLogin.withPassword("dbadmin", password) });
      expect(server.database("coder").provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
    expect(resources("google_sql_database")).toEqual([]);
    expect(resources("google_sql_user")).toEqual([]);
    expect(resources("google_secret_manager_secret")).toHaveLength(1);
  });

  test("grants an identity the connection, once", () => {
    const { resource } = synthesize((stack) => {
      const server = existing(stack, { iamAuthentication: true });
      const workload = identity(stack);
      const grant = server.grantConnect(workload);
      expect(grant.login.username).toBe("coder@platform.iam");
      expect(grant.dependables).toHaveLength(1);
      expect(server.grantConnect(workload).login).toBe(grant.login);
    });
    expect(resource("google_sql_user")).toMatchObject({
      instance: "coder-1a2b3c4d",
      name: "coder@platform.iam",
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
    });
  });

  test("refuses an identity without a Google service account", () => {
    expect(
      problemsOf((stack) => {
        existing(stack, { iamAuthentication: true }).grantConnect({
          cloud: Cloud.AWS,
          namespace: "coder",
          serviceAccountName: "coder",
          serviceAccountAnnotations: {},
          podLabels: {},
          dependables: [],
        });
      }),
    ).toEqual([
      expect.stringMatching(/^\[db\] CLOUDSQL-GRANT-CONNECT-IDENTITY: grantConnect: identity must/),
    ]);
  });

  test("has replicas with the attributes as defaults", () => {
    const { resource, resources } = synthesize((stack) => {
      const network = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", { networkId: VPC });
      const source = existing(stack, {
        network,
        size: MachineSize.general(4),
        storage: { sizeGiB: 100 },
        maxConnections: 400,
        encryptionKey: CryptoKey.fromKeyName(KEY),
      });
      new CloudSqlReadReplica(stack, "replica", { source });
    });
    expect(resource("google_sql_database_instance")).toMatchObject({
      master_instance_name: "coder-1a2b3c4d",
      project: "platform",
      region: "europe-west1",
      encryption_key_name: KEY,
      settings: { tier: "db-custom-4-16384", disk_size: 100 },
    });
    expect(resources("google_kms_crypto_key_iam_member")).toEqual([]);
  });

  test("has no replicas without a network, a size and storage", () => {
    expect(() =>
      synthesize((stack) => void new CloudSqlReadReplica(stack, "r", { source: existing(stack) })),
    ).toThrow(/^\[test\/r\] CLOUDSQL-REPLICA-NETWORK: network must be set/);
  });

  test("has alerts", () => {
    const { resources } = synthesize((stack) => {
      new CloudSqlAlerts(stack, "alerts", {
        server: existing(stack, { maxConnections: 200 }),
        notificationChannels: ["projects/platform/notificationChannels/1"],
      });
    });
    const alerts = resources("google_monitoring_alert_policy");
    expect(alerts).toHaveLength(11);
    for (const { project, conditions } of alerts) {
      expect(project).toBe("platform");
      const { condition_threshold: metric, condition_matched_log: log } = conditions[0];
      expect((metric ?? log).filter).toContain('database_id = "platform:coder-1a2b3c4d"');
    }
  });

  test.each<[Partial<CloudSqlServerAttributes>, RegExp]>([
    [{ project: "My Project" }, /CLOUDSQL-PROJECT: project must be a project id/],
    [{ region: "Belgium" }, /CLOUDSQL-REGION: region must be a region/],
    [{ host: "https://db" }, /CLOUDSQL-HOST: host must be an IP address or a DNS name/],
    [{ tlsMode: TlsMode.MUTUAL }, /CLOUDSQL-CLIENT-CERTIFICATE: clientCertificate must be set/],
    [{ passwordVersion: 0 }, /CLOUDSQL-PASSWORD-VERSION: passwordVersion /],
  ])("refuses %j", (wrong, message) => {
    expect(problemsOf((stack) => void existing(stack, wrong))).toEqual([expect.stringMatching(message)]);
  });
});

test("a bucket from its attributes takes grants, once per identity", () => {
  const { resource } = synthesize((stack) => {
    const bucket = GcsBucket.fromBucketAttributes(stack, "objects", {
      bucketName: "platform-gitpod",
      location: "EU",
      project: "platform",
    });
    const workload = identity(stack);
    bucket.grantReadWrite(workload);
    bucket.grantReadWrite(workload);
    expect(bucket).toMatchObject({ bucketName: "platform-gitpod", projectId: "platform", region: "EU" });
    expect(rendered(bucket.dependables)).toHaveLength(1);
  });
  expect(resource("google_storage_bucket_iam_member")).toEqual({
    bucket: "platform-gitpod",
    role: "roles/storage.objectUser",
    member: "serviceAccount:coder@platform.iam.gserviceaccount.com",
  });
});

test("a registry from its attributes takes grants, once per identity", () => {
  const { resource } = synthesize((stack) => {
    const registry = ArtifactRegistry.fromRegistryAttributes(stack, "images", {
      repositoryId: "gitpod",
      location: "europe-west1",
      project: "example.com:platform",
    });
    const workload = identity(stack);
    registry.grantPush(workload);
    registry.grantPush(workload);
    expect(registry.url).toBe("europe-west1-docker.pkg.dev/example.com/platform/gitpod");
    expect(rendered(registry.dependables)).toHaveLength(1);
  });
  expect(resource("google_artifact_registry_repository_iam_member")).toEqual({
    repository: "gitpod",
    location: "europe-west1",
    project: "example.com:platform",
    role: "roles/artifactregistry.writer",
    member: "serviceAccount:coder@platform.iam.gserviceaccount.com",
  });
});

test("an identity from its attributes has the annotation and creates no resources", () => {
  const { json } = synthesize((stack) => {
    expect(identity(stack).serviceAccountAnnotations).toEqual({
      "iam.gke.io/gcp-service-account": "coder@platform.iam.gserviceaccount.com",
    });
  });
  expect(json.resource).toBeUndefined();
  expect(
    problemsOf((stack) => {
      GkeWorkloadIdentity.fromServiceAccountAttributes(stack, "identity", {
        namespace: "coder",
        serviceAccountName: "coder",
        email: "jane@example.com",
      });
    }),
  ).toEqual([
    expect.stringMatching(/^\[identity\] GKE-IDENTITY-EMAIL: email must be the address of a service account/),
  ]);
});
