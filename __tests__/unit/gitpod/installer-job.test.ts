import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  GitpodCertificate,
  GitpodInstallerConfig,
  type GitpodInstallerConfigProps,
  GitpodInstallerJob,
  type GitpodInstallerJobProps,
  GitpodRelease,
  type GitpodReleaseProps,
  GitpodSecret,
  GitpodVersion,
} from "../../../lib/gitpod";
import { applyScript } from "../../../lib/gitpod/installer/scripts/apply-script";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { everything, type PartsOptions, parts, secret } from "./installer-fixture";

const IMAGE = "registry.example.com/installer:release-2022.11.3";

interface Case extends PartsOptions {
  readonly props?: Partial<GitpodInstallerJobProps>;
  readonly config?: (stack: TerraformStack) => Partial<GitpodInstallerConfigProps>;
}

function add(stack: TerraformStack, { props, config, ...options }: Case): GitpodInstallerJob {
  return new GitpodInstallerJob(stack, "installer", {
    config: new GitpodInstallerConfig(stack, "config", { ...parts(stack, options), ...config?.(stack) }),
    image: IMAGE,
    ...props,
  });
}

function build(options: Case = {}) {
  const built = synthesize((stack) => {
    add(stack, options);
  });
  const job = built
    .resources("kubernetes_job_v1")
    .find((each: Json) => each.metadata.name === "gitpod-installer");
  return { ...built, job, pod: job.spec.template.spec };
}

const environment = (pod: Json): Record<string, string> =>
  Object.fromEntries(pod.container[0].env.map((each: Json) => [each.name, each.value]));

describe("installer job", () => {
  test("validates, renders and applies as non-root user", () => {
    const { job, pod } = build();
    expect(
      pod.init_container.map((each: Json) => [each.name, each.image, ...each.command, ...each.args]),
    ).toEqual([
      ["validate", IMAGE, "/app/installer", "validate", "config", "--config", "/config/config.yaml"],
      [
        ...["render", IMAGE, "/app/installer", "render", "--config", "/config/config.yaml"],
        ...["--namespace", "gitpod", "--output-split-files", "/objects"],
      ],
    ]);
    expect(pod.security_context).toMatchObject({ run_as_non_root: true, run_as_user: "65532" });
    for (const each of [...pod.init_container, ...pod.container]) {
      expect(each.security_context).toEqual({
        run_as_non_root: true,
        read_only_root_filesystem: true,
        allow_privilege_escalation: false,
        capabilities: { drop: ["ALL"] },
        seccomp_profile: { type: "RuntimeDefault" },
      });
      expect(each.termination_message_policy).toBe("FallbackToLogsOnError");
      expect(each.volume_mount).toContainEqual({ name: "tmp", mount_path: "/tmp" });
    }
    expect(job.spec.backoff_limit).toBe(0);
    expect(job.wait_for_completion).toBe(true);
    // A job that removes itself is one that Terraform makes again, and a log that is gone.
    expect(job.spec).not.toHaveProperty("ttl_seconds_after_finished");
  });

  test("only the last container has the service account token", () => {
    const { pod } = build();
    const mounts = (each: Json) => each.volume_mount.map(({ name }: Json) => name);
    expect(pod.automount_service_account_token).toBe(false);
    for (const each of pod.init_container) expect(mounts(each)).not.toContain("token");
    expect(mounts(pod.container[0])).toContain("token");
    expect(pod.container[0].image).not.toBe(IMAGE);
  });

  test("depends on all resources of the configuration", () => {
    const { job, json } = build();
    const made = Object.entries<Json>(json.resource).flatMap(([type, all]) =>
      Object.keys(all).map((name) => `${type}.${name}`),
    );
    // All that there is, but for the job itself.
    const needed = made.filter((name) => !/installer_[0-9A-F]{8}$/.test(name));
    expect(needed.join(" ")).toContain("kubernetes_secret_v1.database_Secret");
    expect(needed).toHaveLength(made.length - 1);
    // By way of others, too: the check of the keys comes before the secret with them.
    const before = new Set<string>(job.depends_on);
    for (const name of before) {
      const [type, id] = name.split(".") as [string, string];
      for (const each of json.resource[type]?.[id]?.depends_on ?? []) before.add(each);
    }
    expect(needed.filter((name) => !before.has(name))).toEqual([]);
  });

  test("is replaced only when configuration, secret or generation changes", () => {
    const of = (options: Case) => {
      const { FINGERPRINT, GENERATION } = environment(build(options).pod);
      return `${FINGERPRINT} ${GENERATION}`;
    };
    const first = of({});
    expect(of({})).toBe(first);
    expect(of({ config: () => ({ shortname: "us" }) })).not.toBe(first);
    expect(of({ props: { generation: 2 } })).not.toBe(first);
    const license = (version: number) =>
      of({
        config: (stack) => ({
          license: GitpodSecret.license(stack, "license", {
            namespace: "gitpod",
            license: secret("l", version),
          }),
        }),
      });
    expect(license(1)).not.toBe(license(2));
  });

  test("applies the cert-manager certificate, and none with an existing secret", () => {
    expect(JSON.parse(environment(build().pod).CERTIFICATE as string)).toMatchObject({
      kind: "Certificate",
      spec: { dnsNames: expect.arrayContaining(["*.ws.gitpod.example.com"]) },
    });
    const config = (stack: TerraformStack) => ({
      certificate: GitpodCertificate.fromSecretName(stack, "x", "tls"),
    });
    expect(environment(build({ config }).pod).CERTIFICATE).toBe("");
  });

  test("renders experimental fields if there are any", () => {
    const { pod } = build({ config: () => ({ values: { experimental: { workspace: {} } } }) });
    expect(pod.init_container[1].args).toContain("--use-experimental-config");
    expect(build().pod.init_container[1].args).not.toContain("--use-experimental-config");
  });

  test("has the cluster permissions of its version only", () => {
    const rules = (version: GitpodVersion) =>
      build({ version })
        .resource("kubernetes_cluster_role_v1")
        .rule.map(({ resources }: Json) => resources);
    const roles = ["clusterroles", "clusterrolebindings"];
    expect(rules(GitpodVersion.V2022_11)).toEqual([roles]);
    expect(rules(GitpodVersion.HEAD)).toEqual([
      roles,
      ["roles", "rolebindings"],
      ["namespaces"],
      ["customresourcedefinitions"],
    ]);
    const all = JSON.stringify(build().resources("kubernetes_role_v1"));
    expect(all).not.toContain('"*"');
  });

  test("construct tree is frozen", () => {
    const { stack } = build();
    expect(treeOf(stack.node.findChild("installer") as never)).toBe(
      ["ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Resource", ""].join(
        "\n",
      ),
    );
  });

  test.each<[string, Partial<GitpodInstallerJobProps>, string]>([
    [
      "no tag",
      { image: "registry.example.com/installer" },
      'GITPOD-INSTALLER-IMAGE: image must be an image with an exact tag or digest, because latest changes over time (got "registry.example.com/installer")',
    ],
    [
      "latest",
      { image: "registry.example.com/installer:latest" },
      'GITPOD-INSTALLER-IMAGE: image must be an image with an exact tag or digest, because latest changes over time (got "registry.example.com/installer:latest")',
    ],
    ["Helm's latest", { helmImage: "alpine/helm:latest" }, "helmImage"],
    [
      "no name",
      { jobName: "The Job" },
      'GITPOD-INSTALLER-JOB-NAME: jobName must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "The Job")',
    ],
    [
      "no time",
      { timeoutSeconds: 10 },
      "timeoutSeconds must be a whole number from 300 to 43200 seconds (got 10)",
    ],
    [
      "no release",
      { releaseName: "G" },
      'GITPOD-INSTALLER-RELEASE-NAME: releaseName must be 1 to 53 lower-case letters, digits and hyphens, without a hyphen at the beginning or end (got "G")',
    ],
    [
      "no number",
      { generation: 0 },
      "GITPOD-INSTALLER-GENERATION: generation must be a whole number from 1 to 1000000 (got 0)",
    ],
  ])("%s is refused", (_, props, message) => {
    expect(
      problemsOf((stack) => {
        add(stack, { props });
      }).join("\n"),
    ).toContain(message);
  });
});

describe("script of the last container, with a recording helm", () => {
  const OBJECT = 'kind: ConfigMap\ndata:\n  a: "{{ .Values.x }} `b` $HOME"\n';
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "gitpod-"));
    for (const name of ["bin", "objects", "work"]) mkdirSync(join(root, name));
    writeFileSync(join(root, "objects", "000_ConfigMap_a.yaml"), OBJECT);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function run(state: string, certificate = ""): string[] {
    const listed = state && `[{"name":"gitpod","revision":"2","status":"${state}","chart":"gitpod-1.0.0"}]`;
    const helm = `#!/bin/sh\necho "$1" >> ${root}/calls\nif [ "$1" = list ]; then echo '${listed || "[]"}'; fi\n`;
    writeFileSync(join(root, "bin", "helm"), helm);
    chmodSync(join(root, "bin", "helm"), 0o755);
    const mounts = { config: join(root, "config"), objects: join(root, "objects"), work: join(root, "work") };
    execFileSync("sh", ["-c", applyScript(mounts)], {
      env: {
        PATH: `${join(root, "bin")}:${process.env.PATH}`,
        ...{
          RELEASE: "gitpod",
          NAMESPACE: "gitpod",
          VERSION: "2022.11",
          TIMEOUT: "60",
          CERTIFICATE: certificate,
        },
      },
      stdio: "pipe",
    });
    return readFileSync(join(root, "calls"), "utf8").trim().split("\n");
  }

  test.each([
    ["", ["list", "upgrade"]],
    ["pending-install", ["list", "uninstall", "upgrade"]],
    ["pending-upgrade", ["list", "rollback", "upgrade"]],
    ["pending-rollback", ["list", "rollback", "upgrade"]],
  ])("after %p", (state, calls) => {
    expect(run(state)).toEqual(calls);
  });

  test("objects are files of the chart and not templates", () => {
    run("", '{"kind":"Certificate"}');
    const chart = join(root, "work", "chart");
    expect(readdirSync(join(chart, "objects")).sort()).toEqual(["000_ConfigMap_a.yaml", "certificate.yaml"]);
    expect(readFileSync(join(chart, "objects", "000_ConfigMap_a.yaml"), "utf8")).toBe(OBJECT);
    expect(readFileSync(join(chart, "templates", "gitpod.yaml"), "utf8")).toContain(
      '.Files.Glob "objects/*"',
    );
  });
});

describe("GitpodRelease", () => {
  const release = (props: Partial<GitpodReleaseProps> = {}) =>
    synthesize((stack) => {
      new GitpodRelease(stack, "gitpod", {
        config: new GitpodInstallerConfig(stack, "config", everything(stack)),
        chart: "oci://registry.example.com/charts/gitpod",
        chartVersion: "2022.11.3",
        ...props,
      });
    });

  test("gets the configuration at the given paths, and depends on all resources", () => {
    const { resource, warnings } = release({
      configPath: "gitpod.config",
      configMapPath: "gitpod.configMapName",
      checksumPath: "podAnnotations.checksum",
    });
    const made = resource("helm_release");
    expect(made.values[0]).toContain("configMapName: gitpod-installer-config");
    expect(made.values[0]).toContain("domain: gitpod.example.com");
    expect(made.values.join("\n")).not.toContain("ephemeral");
    expect(made).toMatchObject({
      name: "gitpod",
      namespace: "gitpod",
      version: "2022.11.3",
      timeout: 3600,
      atomic: true,
    });
    for (const name of ["database_Secret", "storage_Secret", "registry_Secret", "license_Secret"]) {
      expect(made.depends_on.join(" ")).toContain(`kubernetes_secret_v1.${name}`);
    }
    expect(made.depends_on.join(" ")).toContain("kubernetes_config_map_v1.config_");
    expect(warnings.map(({ message }) => message).join("\n")).not.toContain("is not told");
  });

  test("without a path has a warning", () => {
    expect(
      release()
        .warnings.map(({ message }) => message)
        .join("\n"),
    ).toContain(
      "configPath: the chart does not get the configuration; set configPath or configMapPath if it supports one",
    );
  });

  test.each<[string, Partial<GitpodReleaseProps>, string]>([
    [
      "no path",
      { configPath: "gitpod..config" },
      'GITPOD-CONFIG-PATH: configPath must be keys separated by dots, such as gitpod.config (got "gitpod..config")',
    ],
    [
      "a path in a path",
      { configPath: "gitpod", checksumPath: "gitpod.sum" },
      "GITPOD-CONFIG-PATH-NESTED: configPath must not be a prefix or suffix path of configMapPath or checksumPath",
    ],
    ["no exact version", { chartVersion: "^1" }, "chartVersion"],
  ])("%s is refused", (_, props, message) => {
    expect(() => release(props)).toThrow(message);
  });
});
