/** `GitpodInstallation`: the parts of an installation, wired in dependency order. */
import type { TerraformStack } from "cdktf";
import { Cloud } from "../../../lib/database";
import {
  GitpodCertificate,
  GitpodInstallation,
  type GitpodInstallationProps,
  GitpodPreset,
} from "../../../lib/gitpod";
import { problemsOf, synthesize } from "../../support/synth";
import { databaseIn, keys } from "./database-fixture";
import { imageRegistry, login, s3, s3Key } from "./installer-fixture";

const DOMAIN = "gitpod.example.com";

type Props = Partial<GitpodInstallationProps> | ((stack: TerraformStack) => Partial<GitpodInstallationProps>);

function installationIn(stack: TerraformStack, props: Props = {}): GitpodInstallation {
  return new GitpodInstallation(stack, "gitpod", {
    domain: DOMAIN,
    installerImage: "registry.example.com/gitpod/installer:release-2022.11.3",
    database: databaseIn(stack),
    encryptionKeys: keys(),
    storage: { store: s3(stack), key: s3Key() },
    ...(typeof props === "function" ? props(stack) : props),
  });
}

function build(props: Props = {}) {
  const paths: string[] = [];
  const out = synthesize((stack) => {
    installationIn(stack, props);
    for (const { node } of stack.node.findAll()) paths.push(node.path);
  });
  return { ...out, paths };
}

const names = (out: ReturnType<typeof build>) =>
  out.resources("kubernetes_secret_v1").map((each) => each.metadata.name);

test("creates namespace, database, secrets, configuration and installer job", () => {
  const out = build((stack) => ({ imageStorage: { store: s3(stack, "images"), key: s3Key() } }));
  expect(names(out)).toEqual(
    expect.arrayContaining(["database", "database-ca", "storage-s3", "container-registry-s3-backend"]),
  );
  for (const part of ["namespace", "database", "storage", "registry", "certificate", "config", "installer"]) {
    expect(out.paths).toContain(`test/gitpod/${part}`);
  }
  const [config] = out.resources("kubernetes_config_map_v1");
  expect(config.data["config.yaml"]).toContain(`domain: ${DOMAIN}`);
  expect(config.data["config.yaml"]).toContain("bucket: images-bucket");
});

test("a registry outside the cluster, a given certificate and an existing namespace", () => {
  const out = build((stack) => ({
    registry: { registry: imageRegistry(stack), login: login() },
    certificate: GitpodCertificate.fromSecretName(stack, "tls", "https-certificates"),
    namespace: "platform",
    createNamespace: false,
  }));
  expect(names(out)).toContain("container-registry");
  expect(out.paths).not.toContain("test/gitpod/certificate");
  expect(out.paths).not.toContain("test/gitpod/namespace");
  for (const secret of out.resources("kubernetes_secret_v1")) {
    expect(secret.metadata.namespace).toMatch(/^platform(-database-setup)?$/);
  }
});

test("every object in the namespace depends on it", () => {
  const out = build();
  for (const type of [
    "kubernetes_config_map_v1",
    "kubernetes_secret_v1",
    "kubernetes_service_account_v1",
    "kubernetes_role_v1",
    "kubernetes_role_binding_v1",
  ]) {
    for (const { metadata, depends_on } of out.resources(type)) {
      if (metadata.namespace !== "gitpod") continue;
      expect([type, depends_on]).toEqual([
        type,
        expect.arrayContaining([expect.stringMatching(/^kubernetes_namespace_v1\.gitpod_namespace_/)]),
      ]);
    }
  }
});

test("placement creates the parts in another scope", () => {
  const { paths } = build((stack) => ({ placement: { scope: stack, installerId: "job" } }));
  for (const part of ["database", "storage", "registry", "certificate", "config", "job"]) {
    expect(paths).toContain(`test/${part}`);
  }
  expect(paths.filter((path) => path.startsWith("test/gitpod/"))).toEqual([]);
});

test("the deviations of a preset are recorded", () => {
  const { warnings } = build({ preset: GitpodPreset.documented2022(Cloud.AWS) });
  expect(
    warnings.filter(({ message }) => message.startsWith("GITPOD-PRESET-DEVIATION: documented2022, ")),
  ).not.toEqual([]);
});

test.each<[string, Props, string]>([
  [
    "two registries",
    (stack) => ({
      registry: { registry: imageRegistry(stack), login: login() },
      imageStorage: { store: s3(stack, "image-store"), key: s3Key() },
    }),
    "GITPOD-IMAGE-STORAGE: imageStorage must not be set with a registry outside the cluster",
  ],
  [
    "an issuer beside a certificate",
    (stack) => ({
      certificate: GitpodCertificate.fromSecretName(stack, "tls", "https-certificates"),
      certificateIssuer: "letsencrypt",
    }),
    "GITPOD-CERTIFICATE-ISSUER: certificateIssuer must not be set with certificate",
  ],
])("%s: refused", (_, props, message) => {
  expect(problemsOf((stack) => void installationIn(stack, props)).join("\n")).toContain(message);
});
