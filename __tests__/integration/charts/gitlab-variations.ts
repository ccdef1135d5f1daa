/** Stacks with GitLab: as `stacks/main.ts` has them in each layout, and with everything that changes the chart's values. */
import type { TerraformStack } from "cdktf";
import { gte } from "semver";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  type IDatabaseServer,
  type IWorkloadIdentity,
  PostgresVersion,
} from "../../../lib/database";
import {
  DatabaseTopology,
  type DatabaseTopologyProps,
  GitlabObjectStorage,
  GitlabRedis,
  GitlabRelease,
  type GitlabReleaseProps,
  GitlabSecrets,
  type GitlabStores,
  GitlabVersion,
} from "../../../lib/gitlab";
import { hasFix } from "../../../lib/kubernetes/private";
import { type IObjectStore, ObjectStoreKey } from "../../../lib/storage";
import { GitlabLayout } from "../../../stacks/gitlab-stack";
import { gitlabAws } from "../../../stacks/inputs/aws";
import { gitlabAzure } from "../../../stacks/inputs/azure";
import { gitlabGoogle } from "../../../stacks/inputs/google";
import type { Identity } from "../../support/charts/object-checks";
import { constructStack, given, programStack } from "../../support/charts/program-stack";
import type { Pod } from "../../support/charts/rendered";
import { AZURE, CA, FakeStore, GOOGLE, serverIn, storesIn } from "../../unit/gitlab/release-fixtures";
import type { Variation } from "./judge-chart";

const ROLE = "eks.amazonaws.com/role-arn";
const { ONE_DATABASE, ONE_SERVER, THREE_SERVERS } = GitlabLayout;

/** Pods that read or write objects: those of Rails, backups and restores with the toolbox, and the registry. */
const OF_RAILS = /\/gitlab-(webservice|sidekiq|toolbox|migrations)/;
const OF_REGISTRY = /\/gitlab-registry/;

const needs =
  (rails: Identity, registry = rails) =>
  (pod: Pod) =>
    OF_RAILS.test(pod.owner) ? rails : OF_REGISTRY.test(pod.owner) ? registry : undefined;

const account = (serviceAccountName: string, annotation: string, podLabels = {}): Identity => ({
  serviceAccountName,
  annotations: [annotation],
  podLabels,
});

const OF_GOOGLE = "iam.gke.io/gcp-service-account";
const OF_AZURE = "azure.workload.identity/client-id";
const AZURE_LABELS = { "azure.workload.identity/use": "true" };

const identity = (serviceAccountName: string, over: Partial<IWorkloadIdentity> = {}): IWorkloadIdentity => ({
  cloud: Cloud.AWS,
  namespace: "gitlab",
  serviceAccountName,
  serviceAccountAnnotations: { [ROLE]: `arn:aws:iam::123456789012:role/${serviceAccountName}` },
  podLabels: {},
  dependables: [],
  ...over,
});

/** The stores of these tests are no resources, so nothing can wait for them. */
function stores(scope: TerraformStack, facts: Partial<IObjectStore> = {}): GitlabStores {
  const made = { ...storesIn(scope, facts), pages: new FakeStore(scope, "pages", facts) };
  for (const store of Object.values(made)) store.dependables.length = 0;
  return made;
}

const database = (stack: TerraformStack, server: IDatabaseServer, name: string, owner: string) =>
  server.database(name, { owner: DatabaseLogin.withPassword(owner, given(stack, `password_${owner}`)) });

/** @param chartVersion a version of the lines 8 to 10 */
export function gitlabVariations(chartVersion: string): Variation[] {
  const since = (version: string) => gte(chartVersion, version);
  const old = !since("9.0.0");
  const postgres = old ? PostgresVersion.V16 : PostgresVersion.V17;
  const engine = { engine: DatabaseEngine.postgres(postgres) };
  const layouts = since("8.9.0") ? [ONE_DATABASE, ONE_SERVER, THREE_SERVERS] : [ONE_DATABASE, ONE_SERVER];
  const others = { chartVersion, postgres };

  const release = (
    stack: TerraformStack,
    props: Partial<GitlabReleaseProps> & Pick<GitlabReleaseProps, "objectStorage">,
    databases: Partial<DatabaseTopologyProps> = {},
  ) =>
    new GitlabRelease(stack, "gitlab", {
      topology: new DatabaseTopology(stack, "topology", {
        version: GitlabVersion.ofChart(chartVersion),
        ...databases,
        main:
          databases.main ??
          database(stack, serverIn(stack, "server", engine), "gitlabhq_production", "gitlab"),
      }),
      domain: "example.com",
      chartVersion,
      redis:
        props.redis ??
        GitlabRedis.fromRedisAttributes({ host: "redis.internal", password: given(stack, "redis") }),
      secrets: GitlabSecrets.fromDocument(given(stack, "rails")),
      certificateEmail: "platform@example.com",
      // A chart from its sources has no cert-manager beside it.
      values: old ? { certmanager: { install: false } } : { installCertmanager: false },
      ...props,
    });

  const variations: (Variation | false)[] = [
    ...layouts.map((layout) => ({
      name: `gitlab-aws, ${layout}`,
      needs: needs(account("gitlab", ROLE)),
      build: () => programStack("gitlab-aws", (app) => gitlabAws(app, { ...others, layout })),
    })),
    hasFix(chartVersion, ["9.10.7", "9.11.5", "10.0.1"]) === true && {
      name: "gitlab-google",
      needs: needs(account("gitlab", OF_GOOGLE)),
      build: () => programStack("gitlab-google", (app) => gitlabGoogle(app, others)),
    },
    since("8.11.0") && {
      name: "gitlab-azure",
      needs: needs(account("gitlab", OF_AZURE, AZURE_LABELS)),
      build: () => programStack("gitlab-azure", (app) => gitlabAzure(app, others)),
    },
    {
      name: "Google by identity, without backups and without a database of the registry",
      needs: needs(account("gitlab-objects", OF_GOOGLE)),
      build: () =>
        constructStack("gitlab-gcs", (stack) => {
          const google = identity("gitlab-objects", {
            cloud: Cloud.GOOGLE,
            serviceAccountAnnotations: { [OF_GOOGLE]: "gitlab@acme.iam" },
          });
          release(stack, {
            objectStorage: GitlabObjectStorage.withIdentity({
              stores: stores(stack, GOOGLE),
              identity: google,
            }),
          });
        }),
    },
    since("8.9.0") && {
      name: "Azure by identity, without backups",
      // Before 8.11.0 the pods of backups have no label, but there is no cron job.
      needs: needs(account("gitlab-objects", OF_AZURE, AZURE_LABELS)),
      build: () =>
        constructStack("gitlab-azure-objects", (stack) => {
          const azure = identity("gitlab-objects", {
            cloud: Cloud.AZURE,
            serviceAccountAnnotations: { [OF_AZURE]: "1" },
            podLabels: AZURE_LABELS,
          });
          release(stack, {
            objectStorage: GitlabObjectStorage.withIdentity({
              stores: stores(stack, AZURE),
              identity: azure,
            }),
          });
        }),
    },
    {
      name: "keys of Azure",
      build: () =>
        constructStack("gitlab-azure-keys", (stack) => {
          const key = ObjectStoreKey.azureBlob(String(AZURE.accountName), given(stack, "azure"));
          release(stack, {
            objectStorage: GitlabObjectStorage.withKey({ stores: stores(stack, AZURE), key }),
            backups: { cron: "0 1 * * *" },
          });
        }),
    },
    {
      name: "keys of Google, and a database of the registry with public authorities",
      build: () =>
        constructStack("gitlab-gcs-keys", (stack) => {
          const key = ObjectStoreKey.gcs(given(stack, "gcs"));
          const server = serverIn(stack, "second", {
            ...engine,
            tls: { enforced: true, hostnameVerifiable: true },
          });
          release(
            stack,
            {
              objectStorage: GitlabObjectStorage.withKey({ stores: stores(stack, GOOGLE), key }),
              backups: { cron: "0 1 * * *" },
            },
            { registry: database(stack, server, "registry", "registry") },
          );
        }),
    },
    {
      name: "keys, mutual TLS, replicas, Praefect, backups on a separate volume",
      build: () =>
        constructStack("gitlab-fullest", (stack) => {
          const client = { certificatePem: CA, privateKeyPem: given(stack, "client_key") };
          const plain = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA };
          const rails = serverIn(stack, "first", { ...engine, tls: { ...plain, clientCertificate: client } });
          const second = serverIn(stack, "second", { ...engine, tls: plain });
          release(
            stack,
            {
              objectStorage: GitlabObjectStorage.withKey({
                stores: stores(stack, { endpoint: "s3.internal:9000" }),
                key: ObjectStoreKey.s3("AKIAEXAMPLE", given(stack, "s3")),
                registryKey: ObjectStoreKey.s3("AKIAREGISTRY", given(stack, "s3_registry")),
              }),
              redis: GitlabRedis.fromRedisAttributes({
                host: "redis.internal",
                user: "gitlab",
                password: given(stack, "redis"),
              }),
              backups: { cron: "0 1 * * *", diskGiB: 100 },
              values: {
                ...(old ? { certmanager: { install: false } } : { installCertmanager: false }),
                global: { certificates: { customCAs: [] } },
              },
            },
            {
              main: database(stack, rails, "gitlabhq_production", "gitlab"),
              registry: database(stack, second, "registry", "registry"),
              praefect: database(stack, second, "praefect", "praefect"),
              openbao: since("9.11.0") ? database(stack, second, "openbao", "openbao") : undefined,
              settings: {
                applicationName: "gitlab",
                connectTimeoutSeconds: 5,
                keepalives: true,
                keepalivesIdleSeconds: 60,
                keepalivesIntervalSeconds: 10,
                keepalivesCount: 3,
                tcpUserTimeoutMs: 10_000,
              },
              entrySettings: { main: { loadBalancing: { hosts: ["a.internal", "b.internal"] } } },
            },
          );
        }),
    },
    {
      name: "a Geo secondary site, with an identity for the registry alone",
      needs: needs(account("gitlab-objects", ROLE), account("registry-objects", ROLE)),
      build: () =>
        constructStack("gitlab-geo", (stack) => {
          const server = serverIn(stack, "server", engine);
          release(
            stack,
            {
              objectStorage: GitlabObjectStorage.withIdentity({
                stores: stores(stack),
                identity: identity("gitlab-objects"),
                registryIdentity: identity("registry-objects"),
              }),
              geo: { nodeName: "second", primaryApiUrl: "https://registry.example.org" },
            },
            {
              main: database(stack, server, "gitlabhq_production", "gitlab"),
              geo: database(
                stack,
                serverIn(stack, "tracking", engine),
                "gitlabhq_geo_production",
                "gitlab_geo",
              ),
              registry: database(stack, server, "registry", "registry"),
            },
          );
        }),
    },
  ];
  return variations.filter((each) => each !== false);
}
