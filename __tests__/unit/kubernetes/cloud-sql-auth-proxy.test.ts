/** The Cloud SQL Auth Proxy: in separate pods, and as a sidecar. */

import type { TerraformStack } from "cdktf";
import { TerraformVariable } from "cdktf";
import {
  Cloud,
  ConnectionBudget,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  DatabaseServer,
  type IWorkloadIdentity,
  LoginAuthentication,
  PostgresVersion,
  SecretValue,
  SslMode,
  strictestSslMode,
} from "../../../lib/database";
import { DatabaseNetwork, PrivateServiceConnect } from "../../../lib/google";
import {
  CLOUD_SQL_PROXY_IMAGE,
  CloudSqlAddressKind,
  CloudSqlAuthProxy,
  type CloudSqlAuthProxyProps,
  CloudSqlSidecar,
  type CloudSqlSidecarProps,
} from "../../../lib/google/gke";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { server, VPC } from "../google/fixture";

const CONNECTION = "platform:europe-west1:coder-1a2b3c4d";
const password = SecretValue.fromEphemeral("${ephemeral.random_password.x.result}", { version: 1 });
const owner = DatabaseLogin.withPassword("coder", password);

const existing = (stack: TerraformStack, adminLogin?: DatabaseLogin) =>
  DatabaseServer.fromServerAttributes(stack, "server", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: "10.20.0.3",
    maxConnections: 500,
    acceptsCloudIdentity: true,
    location: { cloud: Cloud.GOOGLE, region: "europe-west1" },
    adminLogin,
  });

const identity: IWorkloadIdentity = {
  cloud: Cloud.GOOGLE,
  namespace: "gitpod",
  serviceAccountName: "proxy",
  serviceAccountAnnotations: { "iam.gke.io/gcp-service-account": "proxy@platform.iam.gserviceaccount.com" },
  podLabels: {},
  dependables: [],
};

const proxyIn = (stack: TerraformStack, props: Partial<CloudSqlAuthProxyProps> = {}) =>
  new CloudSqlAuthProxy(stack, "proxy", {
    server: existing(stack),
    connectionName: CONNECTION,
    namespace: "gitpod",
    identity,
    ...props,
  });
const sidecarIn = (stack: TerraformStack, props: Partial<CloudSqlSidecarProps> = {}) =>
  new CloudSqlSidecar(stack, "sidecar", {
    ...props,
    server: props.server ?? existing(stack),
    connectionName: CONNECTION,
  });

describe("the Auth Proxy in separate pods", () => {
  test("connects to the private address, answers probes, and has no further permissions", () => {
    const { resource } = synthesize((stack) => void proxyIn(stack));
    const { spec } = resource("kubernetes_deployment_v1").spec.template;
    expect(resource("kubernetes_deployment_v1").spec.replicas).toBe("2");
    expect(spec).toMatchObject({ automount_service_account_token: false, enable_service_links: false });
    const [container] = spec.container;
    expect(container).toMatchObject({
      image: CLOUD_SQL_PROXY_IMAGE,
      args: [
        "--private-ip",
        "--structured-logs",
        "--exit-zero-on-sigterm",
        "--max-sigterm-delay=30s",
        "--health-check",
        "--http-address=0.0.0.0",
        "--http-port=9090",
        "--address=0.0.0.0",
        "--port=5432",
        CONNECTION,
      ],
      port: [{ name: "database", container_port: 5432 }],
      startup_probe: { http_get: { path: "/startup", port: 9090 } },
      liveness_probe: { http_get: { path: "/liveness" } },
      readiness_probe: { http_get: { path: "/readiness" } },
      security_context: {
        run_as_non_root: true,
        run_as_user: 65_532,
        read_only_root_filesystem: true,
        allow_privilege_escalation: false,
        capabilities: { drop: ["ALL"] },
      },
    });
    // Terraform's schema has no restart policy for a container.
    expect(container.restart_policy).toBeUndefined();
  });

  test("has a service account with the identity, a Service, and a network policy for the namespace", () => {
    const { resource, infos, stack } = synthesize(
      (stack) => void proxyIn(stack, { clientLabels: { app: "gitpod" } }),
    );
    expect(resource("kubernetes_service_account_v1").metadata).toMatchObject({
      name: "proxy",
      namespace: "gitpod",
      annotations: identity.serviceAccountAnnotations,
    });
    expect(resource("kubernetes_service_v1").spec.port).toEqual([
      { name: "database", port: 5432, target_port: "database" },
    ]);
    expect(resource("kubernetes_network_policy_v1").spec).toMatchObject({
      policy_types: ["Ingress"],
      ingress: [{ from: [{ pod_selector: { match_labels: { app: "gitpod" } } }], ports: [{ port: "5432" }] }],
    });
    expect(infos.map((note) => note.message)).toEqual([
      "opt-out: CLOUDSQL-PROXY-PLAINTEXT: CloudSqlAuthProxy: there is no TLS between client and proxy; a network policy allows only the namespace's pods",
    ]);
    expect(treeOf(stack.node.findChild("proxy"))).toBe(
      "ServiceAccount\nResource\nService\nNetworkPolicy\nDisruptionBudget\nServer\n",
    );
  });

  test("is a server without TLS for clients, with the connection budget of the server behind it", () => {
    synthesize((stack) => {
      const proxy = proxyIn(stack);
      expect(proxy.server.endpoint).toEqual({
        host: "cloud-sql-proxy.gitpod.svc",
        port: 5432,
        isPrivate: true,
      });
      expect(strictestSslMode(proxy.server.tls)).toBe(SslMode.DISABLE);
      expect(proxy.server.connectionBudget).toBeInstanceOf(ConnectionBudget);
      const database = proxy.server.database("gitpod", { owner });
      expect(database.owner).toBe(owner);
      expect(proxy.server.database("gitpod")).toBe(database);
      expect(database.pooling?.direct.server.endpoint.host).toBe("10.20.0.3");
    });
  });

  test("does not log in for clients, since all pods of the namespace can connect", () => {
    expect(() =>
      synthesize((stack) => {
        proxyIn(stack).server.database("gitpod", { owner: DatabaseLogin.withCloudIdentity("a@b.iam") });
      }),
    ).toThrow(/K8S-PROXY-OWNER: the owner of "gitpod" must have a password \(got cloud-identity\)/);
  });

  test.each([
    [
      { connectionName: "coder" },
      /CLOUDSQL-PROXY-CONNECTION-NAME: connectionName must be project:region:instance/,
    ],
    [
      { image: "gcr.io/cloudsql-docker/gce-proxy:1.33.8" },
      /CLOUDSQL-PROXY-IMAGE: image must be an image of the Auth Proxy v2/,
    ],
    [{ image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:latest" }, /CLOUDSQL-PROXY-IMAGE: image must/],
    [{ port: 80 }, /CLOUDSQL-PROXY-PORT: port .*from 1024/],
    [{ port: 9090 }, /CLOUDSQL-PROXY-PORT: port must not be 9090, the port of the probes/],
    [{ replicas: 0 }, /CLOUDSQL-PROXY-REPLICAS: replicas /],
    [
      { namespace: "other" },
      /CLOUDSQL-PROXY-IDENTITY-NAMESPACE: identity.namespace must be the proxy's namespace, other /,
    ],
    [{ proxyName: "Proxy" }, /CLOUDSQL-PROXY-PROXY-NAME: proxyName .*"Proxy"/],
    [{ drainSeconds: 601 }, /CLOUDSQL-PROXY-DRAIN-SECONDS: drainSeconds .*601/],
  ])("refuses %j", (wrong, message) => {
    expect(problemsOf((stack) => void proxyIn(stack, wrong))).toEqual([expect.stringMatching(message)]);
  });

  test("accepts a connection name that is not known at synth", () => {
    const { resource } = synthesize((stack) => {
      proxyIn(stack, { connectionName: new TerraformVariable(stack, "name", {}).stringValue });
    });
    expect(resource("kubernetes_deployment_v1").spec.template.spec.container[0].args.at(-1)).toBe(
      "${var.name}",
    );
  });
});

describe.each<["psc" | "private-ip", "psc" | "private-ip", CloudSqlAddressKind]>([
  ["psc", "private-ip", CloudSqlAddressKind.PRIVATE],
  ["private-ip", "psc", CloudSqlAddressKind.PRIVATE_SERVICE_CONNECT],
])("the Auth Proxy of a server with --%s", (flag, other, wrongKind) => {
  const cloudSql = (stack: TerraformStack) =>
    server(stack, {
      connectorRequired: true,
      network:
        flag === "psc"
          ? new PrivateServiceConnect(stack, "psc", {
              networkId: VPC,
              subnetworkId: "projects/platform/regions/europe-west1/subnetworks/endpoints",
              allowedConsumerProjects: ["platform"],
            })
          : DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "psa", { networkId: VPC }),
    });

  test("takes the address that the server's network has, in separate pods and as a sidecar", () => {
    const { resource } = synthesize((stack) => {
      const db = cloudSql(stack);
      proxyIn(stack, { server: db });
      const { args } = sidecarIn(stack, { server: db }).container;
      expect(args).toContain(`--${flag}`);
      expect(args).not.toContain(`--${other}`);
    });
    const { args } = resource("kubernetes_deployment_v1").spec.template.spec.container[0];
    expect(args).toContain(`--${flag}`);
    expect(args).not.toContain(`--${other}`);
  });

  test("refuses the address that the server does not have", () => {
    const problems = problemsOf((stack) => {
      proxyIn(stack, { server: cloudSql(stack), addressKind: wrongKind });
    });
    expect(problems).toEqual([expect.stringMatching(/CLOUDSQL-PROXY-ADDRESS-KIND: addressKind must be /)]);
  });
});

describe("the Auth Proxy as a sidecar", () => {
  test("starts first, keeps running, and listens only inside its pod", () => {
    synthesize((stack) => {
      const { container } = sidecarIn(stack, { addressKind: CloudSqlAddressKind.PRIVATE_SERVICE_CONNECT });
      expect(container).toMatchObject({ name: "cloud-sql-proxy", restartPolicy: "Always" });
      expect(container.args).toEqual(expect.arrayContaining(["--psc", "--address=127.0.0.1", CONNECTION]));
      expect(container.args).not.toContain("--auto-iam-authn");
      expect(container.args).not.toContain("--private-ip");
    });
  });

  test("with automatic login uses the pod's identity, and the client sends only a user name", () => {
    synthesize((stack) => {
      const sidecar = sidecarIn(stack, { automaticLogin: true });
      expect(sidecar.container.args).toContain("--auto-iam-authn");
      const database = sidecar.server.database("coder", {
        owner: DatabaseLogin.withCloudIdentity("coder@p.iam"),
      });
      expect(database.owner).toMatchObject({
        username: "coder@p.iam",
        authentication: LoginAuthentication.PROXY,
      });
      expect(database.owner.password).toBeUndefined();
    });
  });

  test("leaves provisioning to the direct database", () => {
    synthesize((stack) => {
      const admin = DatabaseLogin.withPassword("dbadmin", password);
      const server = existing(stack, admin);
      const database = sidecarIn(stack, { server }).server.database("coder", { owner });
      expect(database.provisioning).toBe(DatabaseProvisioning.CLOUD_API);
      expect(database.pooling?.direct.provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
  });
});
