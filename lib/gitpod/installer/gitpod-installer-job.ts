import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  checkUniqueName,
  escapeTemplate,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";
import { HELM_IMAGE } from "./data/helm-image";
import { type GitpodInstallerConfig, INSTALLER_CONFIG_KEY } from "./gitpod-installer-config";
import { installerAccess } from "./installer-rbac";
import { applyScript, INSTALLER_MOUNTS } from "./scripts/apply-script";

/** Image with an exact tag or digest, so that the same stack always installs the same Gitpod. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** Any id other than root's. */
const USER_ID = "65532";

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Properties of a `GitpodInstallerJob`. */
export interface GitpodInstallerJobProps {
  /**
   * Configuration of the installer.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#config
   */
  readonly config: GitpodInstallerConfig;
  /**
   * Image of the installer with an exact tag or digest, in the version of the configuration: `<registry>/installer:release-2022.11.3`.
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer
   */
  readonly image: string;
  /**
   * Image with a shell and Helm 3, with an exact tag or digest. @default - alpine/helm; the installer image of HEAD has no shell
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly helmImage?: string;
  /**
   * Name of the job, its service account and its roles. @default "gitpod-installer"
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
   */
  readonly jobName?: string;
  /**
   * Name of the Helm release. @default "gitpod"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /**
   * Timeout of the Helm release, in seconds, 300 or more. @default 3600 - like Gitpod's installation, which waits for a certificate
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /** Generation of the job; increment to run it again without another change. @default 1 */
  readonly generation?: number;
  /**
   * Labels of the Kubernetes objects. @default - `app` and `component` like those of Gitpod's objects
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, in addition to those of the configuration. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Kubernetes job that installs Gitpod like Gitpod's own script: it validates and renders the configuration, and applies the
 * objects as a Helm release, which it waits for and rolls back on failure. It depends on the database, the secrets, the store and
 * the registry. A change of the configuration, a secret or the image replaces the job, so that it runs again.
 *
 * Unlike KOTS, the job does not detect containerd's paths on the nodes (see `workspaces.containerdSocket`), and it does not stop
 * running workspaces before an upgrade: stop them first with `gpctl workspaces stop`. Log and pod are kept until the next run.
 *
 * Destroying the job removes its service account and keeps Gitpod, which `helm uninstall` removes.
 *
 * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 *
 * @example
 * new GitpodInstallerJob(this, "installer", {
 *   config,
 *   image: "registry.example.com/gitpod/installer:release-2022.11.3",
 * });
 */
export class GitpodInstallerJob extends Construct {
  /** Kubernetes job. */
  public readonly resource: JobV1;
  /** Resources that must exist before Gitpod is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodInstallerJobProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD-INSTALLER", props, { config: true, image: true });
    const { config, kubernetesProvider: provider } = props;
    const { namespace, version } = config;
    const jobName = props.jobName ?? "gitpod-installer";
    const timeoutSeconds = props.timeoutSeconds ?? 3600;
    const labels = props.labels ?? { app: "gitpod", component: "gitpod-installer" };
    this.check(props, jobName);
    const access = installerAccess(this, {
      name: jobName,
      namespace,
      version: version.name,
      labels,
      provider,
      dependsOn: props.dependsOn ?? [],
    });
    const { config: configPath, objects, work } = INSTALLER_MOUNTS;
    const file = `${configPath}/${INSTALLER_CONFIG_KEY}`;
    const installer = { image: props.image, command: ["/app/installer"] };
    const ownMounts = [
      { name: "config", mountPath: configPath, readOnly: true },
      { name: "objects", mountPath: objects },
    ];
    const experimental = config.document.experimental === undefined ? [] : ["--use-experimental-config"];
    const certificate = config.certificate.manifest;
    const resource = new JobV1(this, "Resource", {
      metadata: { name: jobName, namespace, labels },
      spec: {
        // A failed upgrade is rolled back. Whether to retry it is a decision after reading the log.
        backoffLimit: 0,
        // Time to pull the images, and for a rollback after the timeout.
        activeDeadlineSeconds: 2 * timeoutSeconds + 600,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            serviceAccountName: jobName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            // Gitpod's images only exist for this architecture.
            nodeSelector: { "kubernetes.io/arch": "amd64" },
            securityContext: {
              runAsNonRoot: true,
              runAsUser: USER_ID,
              runAsGroup: USER_ID,
              fsGroup: USER_ID,
              seccompProfile: { type: "RuntimeDefault" },
            },
            initContainer: [
              container({
                ...installer,
                name: "validate",
                args: ["validate", "config", "--config", file],
                volumeMount: ownMounts,
              }),
              container({
                ...installer,
                name: "render",
                args: [
                  "render",
                  "--config",
                  file,
                  "--namespace",
                  namespace,
                  "--output-split-files",
                  objects,
                  ...experimental,
                ],
                volumeMount: ownMounts,
              }),
            ],
            container: [
              container({
                name: "apply",
                image: props.helmImage ?? HELM_IMAGE,
                command: ["sh", "-c"],
                args: [escapeTemplate(applyScript(INSTALLER_MOUNTS))],
                env: [
                  { name: "RELEASE", value: props.releaseName ?? "gitpod" },
                  { name: "NAMESPACE", value: namespace },
                  { name: "VERSION", value: version.name },
                  { name: "TIMEOUT", value: `${timeoutSeconds}` },
                  { name: "CERTIFICATE", value: certificate === undefined ? "" : jsonText(certificate) },
                  // The script does not read this: a changed environment makes Terraform replace the job, so that it runs again.
                  { name: "FINGERPRINT", value: config.fingerprint },
                  { name: "GENERATION", value: `${props.generation ?? 1}` },
                ],
                volumeMount: [
                  { name: "objects", mountPath: objects, readOnly: true },
                  { name: "work", mountPath: work },
                  { name: "token", mountPath: TOKEN_PATH, readOnly: true },
                ],
              }),
            ],
            volume: [
              { name: "config", configMap: { name: config.configMapName } },
              { name: "objects", emptyDir: {} },
              { name: "work", emptyDir: {} },
              { name: "tmp", emptyDir: {} },
              {
                name: "token",
                // The volume that Kubernetes mounts by default, but in one container only.
                projected: [
                  {
                    sources: [
                      { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
                      {
                        configMap: [{ name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] }],
                      },
                    ],
                  },
                ],
              },
            ],
          },
        },
      },
      waitForCompletion: true,
      timeouts: { create: `${2 * timeoutSeconds + 900}s`, update: `${2 * timeoutSeconds + 900}s` },
      provider,
      dependsOn: [...config.dependables, ...access, ...(props.dependsOn ?? [])],
    });
    this.resource = resource;
    this.dependables = [resource];
  }

  private check(props: GitpodInstallerJobProps, jobName: string): void {
    const checks = new SynthChecks(this, "GITPOD-INSTALLER");
    const rule = "must be an image with an exact tag or digest, because latest changes over time";
    checks.matches("image", props.image, IMAGE, rule);
    checks.matches("helmImage", props.helmImage, IMAGE, rule);
    checkLabelName(checks, "jobName", jobName);
    checks.check("jobName", jobName, () => jobName.length <= 52, "must have at most 52 characters");
    checkUniqueName(checks, this, {
      kind: "job",
      place: props.config.namespace,
      name: jobName,
      property: "jobName",
      provider: props.kubernetesProvider,
    });
    checks.matches(
      "releaseName",
      props.releaseName,
      /^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/,
      "must be 1 to 53 lower-case letters, digits and hyphens, without a hyphen at the beginning or end",
    );
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, 300, 43_200, "seconds");
    checks.wholeNumber("generation", props.generation, 1, 1_000_000);
  }
}

interface ContainerParts {
  readonly name: string;
  readonly image: string;
  readonly command: string[];
  readonly args: string[];
  readonly env?: { name: string; value: string }[];
  readonly volumeMount: { name: string; mountPath: string; readOnly?: boolean }[];
}

function container({ env = [], volumeMount, ...parts }: ContainerParts) {
  return {
    ...parts,
    imagePullPolicy: "IfNotPresent",
    env: [...env, { name: "HOME", value: "/tmp" }],
    // The pod's status then contains the end of the log, for users who may not read logs.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    securityContext: {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMount: [...volumeMount, { name: "tmp", mountPath: "/tmp" }],
  };
}

function jsonText(value: unknown): string {
  return isResolved(value) ? JSON.stringify(value) : terraformCall("jsonencode", value);
}
