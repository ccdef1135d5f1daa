// Provisioners run Terraform for workspaces. They connect to Coder and never to its database. Coder's sizing guide recommends
// external provisioners from about a hundred users on (docs/install/plan/sizing).

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../../database";
import { type Rule, requireProps, SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { DatabaseSecret, EnvironmentVariable, HelmRelease, SecretEntry } from "../../kubernetes";
import {
  checkDataKey,
  checkEnvironmentName,
  checkObjectName,
  checkSince,
  holdsSecret,
} from "../../kubernetes/private";
import { CODER_SINCE } from "../data/chart-versions";
import type { CoderResources } from "../sizing/coder-size";

/** Key of the pre-shared key in its secret, fixed by the chart. */
const PSK_KEY = "psk";
const KEY_KEY = "key";
const CHART = "coder-provisioner";

/**
 * Authentication of external provisioners against Coder: a provisioner key, or a pre-shared key.
 *
 * @see https://coder.com/docs/admin/provisioners#authentication
 */
export class CoderProvisionerKey {
  /**
   * A provisioner key from `coder provisioner keys create`, which carries an organization and tags.
   *
   * @param key the key; it is stored in a secret.
   */
  public static fromSecretValue(key: SecretValue): CoderProvisionerKey {
    return new CoderProvisionerKey(key, undefined, undefined, false);
  }

  /**
   * A provisioner key in an existing secret of the namespace.
   *
   * @param secretName name of the secret.
   * @param key key in the secret.
   */
  public static fromSecretName(secretName: string, key: string): CoderProvisionerKey {
    return new CoderProvisionerKey(undefined, secretName, key, false);
  }

  /**
   * A pre-shared key of Coder and its provisioners, which allows to install both in one apply. Coder recommends provisioner keys.
   *
   * @param secret the pre-shared key; it is stored in a secret.
   */
  public static preShared(secret: SecretValue): CoderProvisionerKey {
    return new CoderProvisionerKey(secret, undefined, undefined, true);
  }

  /**
   * A pre-shared key under the key `psk` of an existing secret of the namespace.
   *
   * @param secretName name of the secret.
   */
  public static preSharedFromSecretName(secretName: string): CoderProvisionerKey {
    return new CoderProvisionerKey(undefined, secretName, PSK_KEY, true);
  }

  /** Value to store in a secret; not set for an existing secret. */
  public readonly value?: SecretValue;
  /** Name of the existing secret. */
  public readonly secretName?: string;
  /** Key in the existing secret. */
  public readonly secretKey?: string;
  /** True if Coder itself must have the same key. */
  public readonly isPreShared: boolean;

  private constructor(
    value: SecretValue | undefined,
    secretName: string | undefined,
    secretKey: string | undefined,
    isPreShared: boolean,
  ) {
    this.value = value;
    this.secretName = secretName;
    this.secretKey = secretKey;
    this.isPreShared = isPreShared;
  }
}

/** Options of external provisioners. */
export interface CoderProvisionerOptions {
  /**
   * Authentication of the provisioners.
   *
   * @see https://coder.com/docs/admin/provisioners#authentication
   */
  readonly key: CoderProvisionerKey;
  /**
   * Number of replicas; each runs one build at a time. @default - from the release's `size`, else 1
   *
   * @see https://github.com/coder/coder/blob/main/helm/provisioner/values.yaml
   */
  readonly replicas?: number;
  /**
   * CPU and memory of each replica. @default - 1 CPU and 1 GiB
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly resources?: CoderResources;
  /**
   * Provisioner tags, which select the builds. Only with a pre-shared key, because a provisioner key carries its tags.
   * @default - none
   * @see https://coder.com/docs/admin/provisioners#provisioner-tags
   */
  readonly tags?: { readonly [name: string]: string };
  /**
   * Additional environment variables. @default - none
   *
   * @see https://github.com/coder/coder/blob/main/helm/provisioner/values.yaml
   */
  readonly env?: EnvironmentVariable[];
  /**
   * Helm values for settings that have no property here.
   * @default - none
   * @see https://github.com/coder/coder/blob/main/helm/provisioner/values.yaml
   */
  readonly values?: HelmValues;
}

/** Properties of `CoderProvisioners`. */
export interface CoderProvisionersProps extends CoderProvisionerOptions {
  /**
   * Exact version of the Helm chart; it must be the version of Coder.
   *
   * @see https://coder.com/docs/admin/provisioners#example-running-an-external-provisioner-with-helm
   */
  readonly chartVersion: string;
  /**
   * Kubernetes namespace, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * URL at which the provisioners reach Coder (`CODER_URL`).
   *
   * @see https://coder.com/docs/reference/cli
   */
  readonly url: string;
  /**
   * Name of the Helm release; its objects have the same name, so that several fit into a namespace. @default "coder-provisioner"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /** Text that changes with a secret that is not created here; a change restarts the pods. @default - none */
  readonly checksum?: string;
  /**
   * Helm chart repository. @default "https://helm.coder.com/v2"
   *
   * @see https://coder.com/docs/admin/provisioners#example-running-an-external-provisioner-with-helm
   */
  readonly repository?: string;
  /**
   * Timeout of the Helm release, in seconds, 900 or more. @default 900
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /** Helm provider. @default - the default provider of the stack */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as Coder's release. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * External provisioners of Coder, in a Helm release. They require a license.
 *
 * @see https://coder.com/docs/admin/provisioners
 *
 * @example
 * new CoderProvisioners(this, "provisioners", {
 *   key: CoderProvisionerKey.fromSecretName("coder-provisioner-key", "key"),
 *   chartVersion: "2.33.6",
 *   namespace: "coder",
 *   url: "https://coder.example.com",
 *   replicas: 60,
 * });
 */
export class CoderProvisioners extends Construct {
  /** Helm release. */
  public readonly release: HelmRelease;
  /** Secret that holds the key; not set if the key is in an existing secret. */
  public readonly secret?: DatabaseSecret;
  /** Resources that must exist before builds run. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CoderProvisionersProps) {
    super(scope, id);
    requireProps(this.node.path, "CODER-PROVISIONERS", props, {
      chartVersion: true,
      namespace: true,
      url: true,
      key: true,
    });
    this.check(props);
    const releaseName = props.releaseName ?? CHART;
    const { value, isPreShared } = props.key;
    if (value) {
      this.secret = new DatabaseSecret(this, "Key", {
        namespace: props.namespace,
        secretName: `${releaseName}-${isPreShared ? PSK_KEY : KEY_KEY}`,
        entries: [SecretEntry.secret(isPreShared ? PSK_KEY : KEY_KEY, value)],
        provider: props.kubernetesProvider,
        dependsOn: props.dependsOn,
      });
    }
    const checksum = props.checksum ?? this.secret?.fingerprint;
    const secretName = this.secret?.secretName ?? props.key.secretName;
    const resources = props.resources ?? { cpu: "1000m", memory: "1Gi" };
    this.release = new HelmRelease(this, "Release", {
      chart: CHART,
      repository: props.repository ?? "https://helm.coder.com/v2",
      chartVersion: props.chartVersion,
      namespace: props.namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: {
        // The chart names its objects after the chart, not the release: two releases in a namespace would collide.
        nameOverride: releaseName === CHART ? undefined : releaseName,
        coder: {
          serviceAccount: releaseName === CHART ? undefined : { name: releaseName },
          resources: { requests: { ...resources }, limits: { ...resources } },
          securityContext: { capabilities: { drop: ["ALL"] } },
        },
      },
      values: props.values,
      required: {
        coder: {
          env: [
            ...[EnvironmentVariable.plain("CODER_URL", props.url), ...(props.env ?? [])].map((variable) =>
              variable.toContainer(""),
            ),
          ],
          replicaCount: props.replicas ?? 1,
          podAnnotations: checksum ? { "checksum/provisioner-key": checksum } : undefined,
        },
        provisionerDaemon: isPreShared
          ? { pskSecretName: secretName, tags: props.tags && { ...props.tags } }
          : // An empty pskSecretName removes the chart's default, which older charts reject together with a key.
            { keySecretName: secretName, keySecretKey: props.key.secretKey ?? KEY_KEY, pskSecretName: "" },
      },
      helmProvider: props.helmProvider,
      kubernetesProvider: props.kubernetesProvider,
      dependsOn: [...(this.secret?.dependables ?? []), ...(props.dependsOn ?? [])],
    });
    this.dependables = this.release.dependables;
  }

  private check(props: CoderProvisionersProps): void {
    const { key } = props;
    const checks = new SynthChecks(this, "CODER-PROVISIONERS");
    checkObjectName(checks, "key.secretName", key.secretName);
    checkDataKey(checks, "key.secretKey", key.secretKey);
    checks.wholeNumber("replicas", props.replicas, 1, 10_000);
    checks.matches(
      "url",
      props.url,
      /^https?:\/\/[^\s/]+/,
      "must be a URL that begins with http:// or https://",
    );
    if (!key.isPreShared) {
      checkSince(checks, "key", "a provisioner key", props.chartVersion, CODER_SINCE.provisionerKey);
      checks.check(
        "tags",
        props.tags,
        () => Object.keys(props.tags ?? {}).length === 0,
        "must not be set with a provisioner key, which carries its tags; the pods do not start with both",
      );
    }
    const seen = new Set<string>();
    const refuse = (name: string, rule: Rule, code: string) => checks.fail("env", name, rule, `env.${code}`);
    for (const { name, secretValue, plainText } of props.env ?? []) {
      checkEnvironmentName(checks, "env.name", name);
      if (seen.has(name)) {
        refuse(name, "must not set a variable twice, since the last one would win", "duplicate");
      }
      seen.add(name);
      if (/^CODER_(URL|PROVISIONER_DAEMON_(KEY|PSK)|PROVISIONERD_TAGS|PROMETHEUS_ADDRESS)$/.test(name)) {
        refuse(name, "must not set a variable of the chart or the construct", "owned");
      }
      if (/^CODER_PG|^PG[A-Z]/.test(name)) {
        refuse(name, "must not set a database variable, which provisioners never use", "pg");
      }
      if (holdsSecret(name, plainText)) {
        refuse(
          name,
          "must not hold a secret as a plain value, which the output, the state and the release would show; use EnvironmentVariable.fromSecret",
          "plainSecret",
        );
      }
      if (secretValue) {
        refuse(
          name,
          "must not hold a secret value, which is not stored here; use EnvironmentVariable.fromSecret",
          "secret",
        );
      }
    }
  }
}
