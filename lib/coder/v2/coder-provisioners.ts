// Provisioners run Terraform for workspaces. They talk to Coder, never to the database. Beyond about a hundred users they
// get pods of their own (docs/install/plan/sizing).

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../../database";
import { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import {
  checkDataKey,
  checkEnvironmentName,
  checkObjectName,
  checkSince,
  DatabaseSecret,
  EnvironmentVariable,
  HelmRelease,
  SecretEntry,
} from "../../kubernetes";
import type { CoderResources } from "../coder-size";
import { CODER_SINCE } from "../data/chart-versions";

/** The chart wants this name for a pre-shared key. */
const PSK_KEY = "psk";
const KEY_KEY = "key";

/** How provisioners prove who they are. */
export class ProvisionerKey {
  /** A key made by `coder provisioner keys create`; it carries the organisation and tags. */
  public static fromSecretValue(key: SecretValue): ProvisionerKey {
    return new ProvisionerKey(key, undefined, undefined, false);
  }

  /**
   * The same key in a secret that is in the namespace already.
   *
   * @param secretName the secret.
   * @param key the key in it.
   */
  public static fromSecret(secretName: string, key: string): ProvisionerKey {
    return new ProvisionerKey(undefined, secretName, key, false);
  }

  /** A secret that Coder and its provisioners share, so that both can be installed in one go. Coder prefers keys. */
  public static preShared(secret: SecretValue): ProvisionerKey {
    return new ProvisionerKey(secret, undefined, undefined, true);
  }

  /** A secret that Coder and its provisioners share, under the key `psk` of a secret that is in the namespace already. */
  public static preSharedFromSecret(secretName: string): ProvisionerKey {
    return new ProvisionerKey(undefined, secretName, PSK_KEY, true);
  }

  /** The secret, when the library stores it. */
  public readonly value?: SecretValue;
  /** The name of an existing secret. */
  public readonly secretName?: string;
  /** The key in an existing secret. */
  public readonly secretKey?: string;
  /** Whether Coder itself has to know the same secret. */
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

/** Provisioners in pods of their own. */
export interface CoderProvisionerOptions {
  /** How they prove who they are. */
  readonly key: ProvisionerKey;
  /** Pods, one build at a time each. @default - the size's, else 1 */
  readonly replicas?: number;
  /** What each pod gets. @default - 1 CPU and 1 GiB */
  readonly resources?: CoderResources;
  /** Tags of the builds they take; with a pre-shared key only, since a key has its own. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** Further environment variables. @default - none */
  readonly env?: EnvironmentVariable[];
  /** The chart's values, for what has no property here. @default - none */
  readonly values?: HelmValues;
}

/** Properties of `CoderProvisioners`. */
export interface CoderProvisionersProps extends CoderProvisionerOptions {
  /** The chart's exact version, the same as Coder's. */
  readonly chartVersion: string;
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** The URL at which they reach Coder. */
  readonly url: string;
  /** The release's name. @default "coder-provisioner" */
  readonly releaseName?: string;
  /** A text that changes with a secret that is not made here, to start the pods anew. @default - none */
  readonly checksum?: string;
  /** The chart repository. @default "https://helm.coder.com/v2" */
  readonly repository?: string;
  /** How long Helm waits, in seconds, 900 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as Coder's release. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * External provisioners for Coder, a licensed feature.
 *
 * @example
 * new CoderProvisioners(this, "provisioners", {
 *   key: ProvisionerKey.fromSecret("coder-provisioner-key", "key"),
 *   chartVersion: "2.33.6",
 *   namespace: "coder",
 *   url: "https://coder.example.com",
 *   replicas: 60,
 * });
 */
export class CoderProvisioners extends Construct {
  /** The release. */
  public readonly release: HelmRelease;
  /** The secret with the key; not set when it exists already. */
  public readonly secret?: DatabaseSecret;
  /** What has to exist before builds run. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CoderProvisionersProps) {
    super(scope, id);
    this.check(props);
    const releaseName = props.releaseName ?? "coder-provisioner";
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
      chart: "coder-provisioner",
      repository: props.repository ?? "https://helm.coder.com/v2",
      chartVersion: props.chartVersion,
      namespace: props.namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: {
        coder: {
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
          : // An empty pskSecretName takes away the chart's default, which older charts refuse beside a key.
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
    const checks = new SynthChecks(this);
    checkObjectName(checks, "key.secretName", key.secretName);
    checkDataKey(checks, "key.secretKey", key.secretKey);
    checks.wholeNumber("replicas", props.replicas, 1, 10_000);
    checks.matches(
      "url",
      props.url,
      /^https?:\/\/[^\s/]+/,
      "allowed is a URL that begins with http:// or https://",
    );
    if (!key.isPreShared) {
      checkSince(checks, "key", "a provisioner key", props.chartVersion, CODER_SINCE.provisionerKey);
      checks.check(
        "tags",
        props.tags,
        () => Object.keys(props.tags ?? {}).length === 0,
        "a provisioner key carries its own tags, and the pods do not start with both; leave the tags out",
      );
    }
    const seen = new Set<string>();
    for (const { name, secretValue } of props.env ?? []) {
      checkEnvironmentName(checks, "env.name", name);
      if (seen.has(name)) checks.fail("env", name, "each variable may be there once; the last one would win");
      seen.add(name);
      if (/^CODER_(URL|PROVISIONER_DAEMON_(KEY|PSK)|PROVISIONERD_TAGS|PROMETHEUS_ADDRESS)$/.test(name)) {
        checks.fail("env", name, "the chart or the construct sets this variable");
      }
      if (/^CODER_PG|^PG[A-Z]/.test(name)) {
        checks.fail("env", name, "provisioners never reach the database");
      }
      if (secretValue) checks.fail("env", name, "provisioners take secrets by reference; use fromSecret");
    }
  }
}
