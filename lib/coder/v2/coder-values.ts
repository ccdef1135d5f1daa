// The values of the chart `coder` (v2), in the shape that helm/coder/values.yaml of coder/coder has. The chart has no
// schema and ignores what it does not know, so this shape is frozen by tests and was compared with rendered pods.

import type { IWorkloadIdentity } from "../../database";
import type { EnvironmentVariable } from "../../kubernetes";
import { type HelmValues, isMap } from "../../kubernetes";
import type { DatabaseAccess } from "../coder-database-access";
import type { CoderResources } from "../coder-size";

/** A key of a secret that holds certificate authorities. */
export interface CoderCertificateAuthorities {
  /** The secret's name; the chart makes a volume name of it, so no dots and at most 55 characters. */
  readonly name: string;
  /** The key. */
  readonly key: string;
}

/** What the values are made of. */
export interface CoderValuesInput {
  readonly releaseName: string;
  readonly serviceAccountName: string;
  readonly replicas: number;
  readonly surge?: number;
  readonly resources?: CoderResources;
  readonly environment: EnvironmentVariable[];
  readonly environmentSecretName: string;
  readonly access: DatabaseAccess;
  readonly checksum: string;
  readonly identity?: IWorkloadIdentity;
  readonly certificateAuthorities?: CoderCertificateAuthorities[];
  readonly tlsSecretNames?: string[];
  readonly preSharedKeySecretName?: string;
  readonly sidecars?: HelmValues[];
  readonly userValues?: HelmValues;
}

/** Coder's user and group in its image. */
const CODER_ID = 1000;

/** What a user may change. */
export function coderDefaults(input: CoderValuesInput): HelmValues {
  const { resources } = input;
  return {
    coder: {
      resources: resources && { requests: { ...resources }, limits: { ...resources } },
      // The chart sets the rest of what Pod Security "restricted" wants.
      securityContext: { capabilities: { drop: ["ALL"] } },
      // A long migration must not be killed half-way (coder/coder#21309). Off is the chart's own default since 2026-02; older
      // charts always have the probe and know the delay only, and large upgrades take 4 to 7 minutes by Coder's docs.
      livenessProbe: { enabled: false, initialDelaySeconds: 600 },
      affinity: input.releaseName === "coder" ? undefined : spread(input.releaseName),
    },
  };
}

/** What the release has to have to be what it says it is. */
export function coderRequired(input: CoderValuesInput): HelmValues {
  const { access, identity, surge } = input;
  return {
    coder: {
      env: input.environment.map((variable) => variable.toContainer(input.environmentSecretName)),
      replicaCount: input.replicas,
      // Only when asked for: the cluster's own default is the same 25 %, and older charts have no such value.
      strategy: surge === undefined ? undefined : strategy(surge),
      podAnnotations: { "checksum/secrets": input.checksum },
      podLabels:
        identity && Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
      serviceAccount: {
        name: input.serviceAccountName,
        annotations: identity && { ...identity.serviceAccountAnnotations },
      },
      // Only with a client key, which the container's user reads through this group.
      podSecurityContext: access.clientEntries.length > 0 ? { fsGroup: CODER_ID } : undefined,
      volumes: joined(access.volumes, listAt(input.userValues, "volumes")),
      volumeMounts: joined(access.volumeMounts, listAt(input.userValues, "volumeMounts")),
      // A container with restartPolicy Always among these starts first and goes on beside Coder.
      initContainers: input.sidecars && joined(input.sidecars, listAt(input.userValues, "initContainers")),
      certs: input.certificateAuthorities && {
        secrets: input.certificateAuthorities.map(({ name, key }) => ({ name, key })),
      },
      tls: input.tlsSecretNames && { secretNames: input.tlsSecretNames },
    },
    provisionerDaemon: input.preSharedKeySecretName
      ? { pskSecretName: input.preSharedKeySecretName }
      : undefined,
  };
}

/**
 * The user's values without the lists that the construct joins to its own: Helm would replace one by the other, and with it the
 * volume of the certificate authorities.
 */
export function withoutJoinedLists(values: HelmValues | undefined, sidecars = false): HelmValues | undefined {
  const coder = values?.coder;
  if (!isMap(coder)) return values;
  const { volumes, volumeMounts, initContainers, ...rest } = coder;
  return {
    ...values,
    coder: {
      ...rest,
      // What is no list is left for the construct's check.
      ...(Array.isArray(volumes) ? {} : { volumes }),
      ...(Array.isArray(volumeMounts) ? {} : { volumeMounts }),
      ...(Array.isArray(initContainers) && sidecars ? {} : { initContainers }),
    },
  };
}

function joined(own: unknown[], users: unknown[]): unknown[] | undefined {
  const all = [...own, ...users];
  return all.length > 0 ? all : undefined;
}

function listAt(values: HelmValues | undefined, key: string): unknown[] {
  const list = isMap(values?.coder) ? values.coder[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function strategy(surge: number): HelmValues {
  return {
    type: "RollingUpdate",
    // Kubernetes refuses zero for both.
    rollingUpdate: { maxSurge: `${Math.round(surge * 100)}%`, maxUnavailable: surge === 0 ? 1 : "25%" },
  };
}

// The chart's own rule looks for the instance "coder", so another release name would put all pods on one node.
function spread(releaseName: string): HelmValues {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1,
          podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: {
              matchExpressions: [
                { key: "app.kubernetes.io/instance", operator: "In", values: [releaseName] },
              ],
            },
          },
        },
      ],
    },
  };
}
