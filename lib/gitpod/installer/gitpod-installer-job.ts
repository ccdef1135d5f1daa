import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  checkUniqueName,
  escapeTemplate,
  isResolved,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";
import { type GitpodInstallerConfig, INSTALLER_CONFIG_KEY } from "./gitpod-installer-config";
import { installerAccess } from "./installer-rbac";
import { applyScript, INSTALLER_MOUNTS } from "./scripts/apply-script";

/** An image by an exact tag or digest: another day's image must not be another Gitpod. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** Helm's own project publishes no image; this one is what Gitpod's own installer image takes Helm from. */
const HELM_IMAGE = "docker.io/alpine/helm:3.18.4";

/** Any id but root's does. */
const USER_ID = "65532";

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Properties of a `GitpodInstallerJob`. */
export interface GitpodInstallerJobProps {
  /** The configuration. */
  readonly config: GitpodInstallerConfig;
  /** The installer's image by an exact tag or digest, of the same version as the configuration: `<registry>/installer:release-2022.11.3`. */
  readonly image: string;
  /** An image with a shell and Helm 3, by an exact tag or digest. @default - alpine/helm; HEAD's own image has no shell */
  readonly helmImage?: string;
  /** The job's name, and that of its service account and roles. @default "gitpod-installer" */
  readonly jobName?: string;
  /** The Helm release's name. @default "gitpod" */
  readonly releaseName?: string;
  /** How long Helm waits, in seconds, 300 or more. @default 3600 - as long as Gitpod's own installation waits for a certificate */
  readonly timeoutSeconds?: number;
  /** A number to raise to install again without another change. @default 1 */
  readonly generation?: number;
  /** Labels. @default - `app` and `component` as Gitpod's own */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, beside what the configuration speaks of. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A job that installs Gitpod the way Gitpod's own script does: validate the configuration, render it, and apply it as a Helm
 * release that is waited for and rolled back when it fails. It comes after the database, the secrets, the store and the
 * registry, and is made again, so that it runs again, when the configuration, a secret or the image changes.
 *
 * Unlike KOTS it does not look at the nodes for containerd's place (`workspaces.containerdSocket` says it), and it does not
 * stop running workspaces before an upgrade: do that first, with `gpctl workspaces stop`. Log and pod stay until the next run.
 *
 * Destroying the job takes its account away and leaves Gitpod: `helm uninstall` takes that away.
 *
 * @example
 * new GitpodInstallerJob(this, "installer", {
 *   config,
 *   image: "registry.example.com/gitpod/installer:release-2022.11.3",
 * });
 */
export class GitpodInstallerJob extends Construct {
  /** The job. */
  public readonly resource: JobV1;
  /** What has to exist before anybody uses Gitpod. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodInstallerJobProps) {
    super(scope, id);
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
        // A failed upgrade is rolled back; to try the same once more is for somebody who has read why.
        backoffLimit: 0,
        // Room for the images, and for a rollback after the time is over.
        activeDeadlineSeconds: 2 * timeoutSeconds + 600,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            serviceAccountName: jobName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            // Gitpod's images are made for this architecture alone.
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
                  // Not read by anybody: a changed environment makes Terraform replace the job, so that it runs again.
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
                // The same that Kubernetes mounts by itself, but in one container.
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
    const checks = new SynthChecks(this);
    const rule = "allowed is an image with an exact tag or digest; latest would be another Gitpod tomorrow";
    checks.matches("image", props.image, IMAGE, rule);
    checks.matches("helmImage", props.helmImage, IMAGE, rule);
    checkLabelName(checks, "jobName", jobName);
    checks.check("jobName", jobName, () => jobName.length <= 52, "allowed are at most 52 characters");
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
      "allowed are 1 to 53 lower-case letters, digits and hyphens, with no hyphen first or last",
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
    // The last lines say why an installation failed, also to those who may not read logs.
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
