/** Stacks with Coder, of both generations: as `stacks/main.ts` has them, and with everything that changes the chart's values. */
import type { TerraformStack } from "cdktf";
import { gte } from "semver";
import { CoderClassicRelease, CoderProvisionerKey, CoderRelease, CoderSize } from "../../../lib/coder";
import { Cloud, DatabaseLogin, type IWorkloadIdentity } from "../../../lib/database";
import { CloudSqlSidecar } from "../../../lib/google/gke";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { coderAws } from "../../../stacks/inputs/aws";
import { coderAzure } from "../../../stacks/inputs/azure";
import { coderGoogle } from "../../../stacks/inputs/google";
import { constructStack, given, programStack } from "../../support/charts/program-stack";
import type { Pod } from "../../support/charts/rendered";
import { databaseIn, PEM, serverIn } from "../../unit/coder/fixtures";
import type { Variation } from "./judge-chart";

const ROLE = "eks.amazonaws.com/role-arn";
const AZURE_USE = "azure.workload.identity/use";

const identity = (over: Partial<IWorkloadIdentity> = {}): IWorkloadIdentity => ({
  cloud: Cloud.AWS,
  namespace: "coder",
  serviceAccountName: "coder",
  serviceAccountAnnotations: { [ROLE]: "arn:aws:iam::123456789012:role/coder" },
  podLabels: {},
  dependables: [],
  ...over,
});

/** Coder's own pods log in to the database. */
const coderPods =
  (annotation: string, podLabels: Record<string, string> = {}) =>
  (pod: Pod) =>
    /^Deployment\/coder(d)?$/.test(pod.owner)
      ? { serviceAccountName: "coder", annotations: [annotation], podLabels }
      : undefined;

const mutual = (stack: TerraformStack) => ({
  enforced: true,
  hostnameVerifiable: true,
  caCertificatesPem: PEM,
  clientCertificate: { certificatePem: PEM, privateKeyPem: given(stack, "client_key") },
});

const database = (stack: TerraformStack, server = serverIn(stack)) =>
  server.database("coder", { owner: DatabaseLogin.withPassword("coder", given(stack, "password")) });

const accessUrl = "https://coder.example.com";

/** @param chartVersion a version of the line 2 */
export function coderVariations(chartVersion: string): Variation[] {
  const since = (version: string) => gte(chartVersion, version);
  return [
    { name: "coder-aws", build: () => programStack("coder-aws", (app) => coderAws(app, { chartVersion })) },
    {
      name: "coder-google",
      build: () => programStack("coder-google", (app) => coderGoogle(app, { chartVersion })),
    },
    {
      name: "coder-azure",
      build: () => programStack("coder-azure", (app) => coderAzure(app, { chartVersion })),
    },
    {
      name: "IAM database authentication",
      needs: coderPods(ROLE),
      build: () =>
        constructStack("coder-iam", (stack) => {
          const options = { database: databaseIn(stack, { identity: true }), identity: identity() };
          new CoderRelease(stack, "coder", { ...options, accessUrl, chartVersion });
        }),
    },
    {
      name: "labels of an identity",
      needs: coderPods("azure.workload.identity/client-id", { [AZURE_USE]: "true" }),
      build: () =>
        constructStack("coder-labels", (stack) => {
          const azure = identity({
            cloud: Cloud.AZURE,
            serviceAccountAnnotations: { "azure.workload.identity/client-id": "1" },
            podLabels: { [AZURE_USE]: "true" },
          });
          const server = serverIn(stack, { location: { cloud: Cloud.AZURE, region: "westeurope" } });
          new CoderRelease(stack, "coder", {
            database: database(stack, server),
            identity: azure,
            accessUrl,
            chartVersion,
          });
        }),
    },
    {
      name: "mutual TLS, external provisioners and all that a user may add",
      build: () =>
        constructStack("coder-fullest", (stack) => {
          new CoderRelease(stack, "coder", {
            database: database(stack, serverIn(stack, { tls: mutual(stack) })),
            accessUrl,
            chartVersion,
            releaseName: "dev",
            size: CoderSize.UP_TO_1K,
            wildcardAccessUrl: "*.coder.example.com",
            surge: since("2.38.0") ? 0.5 : undefined,
            pool: since("2.30.0") ? { maxOpen: 20, maxIdle: 5 } : undefined,
            env: [
              EnvironmentVariable.plain("CODER_TELEMETRY_ENABLE", "false"),
              EnvironmentVariable.fromSecretValue("CODER_OIDC_CLIENT_SECRET", given(stack, "oidc")),
            ],
            provisioners: {
              key: CoderProvisionerKey.preShared(given(stack, "psk")),
              tags: { environment: "test" },
              env: [EnvironmentVariable.plain("A", "b")],
            },
            values: { coder: { volumes: [{ name: "scratch", emptyDir: {} }] } },
          });
        }),
    },
    {
      name: "provisioners with a key of their organization",
      build: () =>
        constructStack("coder-key", (stack) => {
          new CoderRelease(stack, "coder", {
            database: database(stack),
            accessUrl,
            chartVersion,
            provisioners: { key: CoderProvisionerKey.fromSecretValue(given(stack, "key")), replicas: 2 },
          });
        }),
    },
    {
      name: "a database proxy beside Coder",
      build: () =>
        constructStack("coder-sidecar", (stack) => {
          const sidecar = new CloudSqlSidecar(stack, "sidecar", {
            server: serverIn(stack, { acceptsCloudIdentity: true, location: { cloud: Cloud.GOOGLE } }),
            connectionName: "platform:europe-west1:coder",
            automaticLogin: true,
          });
          new CoderRelease(stack, "coder", {
            database: sidecar.server.database("coder", {
              owner: DatabaseLogin.withCloudIdentity("coder@platform.iam"),
            }),
            sidecars: [sidecar],
            identity: identity({
              cloud: Cloud.GOOGLE,
              serviceAccountAnnotations: { "iam.gke.io/gcp-service-account": "coder@platform.iam" },
            }),
            accessUrl,
            chartVersion,
          });
        }),
    },
  ];
}

/** @param chartVersion a version of the line 1 */
export function coderClassicVariations(chartVersion: string): Variation[] {
  return [
    {
      name: "a password",
      build: () =>
        constructStack("classic", (stack) => {
          new CoderClassicRelease(stack, "coder", { database: database(stack), chartVersion });
        }),
    },
    {
      name: "IAM database authentication",
      needs: coderPods(ROLE),
      build: () =>
        constructStack("classic-iam", (stack) => {
          const options = { database: databaseIn(stack, { identity: true }), identity: identity() };
          new CoderClassicRelease(stack, "coder", { ...options, chartVersion });
        }),
    },
    {
      name: "mutual TLS and all that a user may add",
      build: () =>
        constructStack("classic-fullest", (stack) => {
          new CoderClassicRelease(stack, "coder", {
            database: database(stack, serverIn(stack, { tls: mutual(stack) })),
            chartVersion,
            replicas: 3,
            resources: { cpu: "2", memory: "4Gi" },
            maxConnectionsPerReplica: 20,
            searchPath: "coder",
            env: [EnvironmentVariable.fromSecretValue("CODER_TOKEN_VALUE", given(stack, "token"))],
            noPasswordEnv: false,
          });
        }),
    },
  ];
}
