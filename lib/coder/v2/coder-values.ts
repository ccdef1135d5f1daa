// Values of the Helm chart `coder` (v2), structured as helm/coder/values.yaml of coder/coder. The chart has no schema and
// ignores unknown values, so tests freeze this structure, which was also compared with rendered pods.

import type { IWorkloadIdentity } from "../../database";
import type { EnvironmentVariable, HelmValues } from "../../kubernetes";
import { isMap } from "../../kubernetes/private";
import type { DatabaseAccess } from "../database/database-access";
import type { CoderResources } from "../sizing/coder-size";

/** Key of a secret that holds certificate authorities as PEM text. */
export interface CoderCertificateAuthorities {
  /** Name of the secret. The chart derives a volume name from it: at most 55 characters, no dots. */
  readonly name: string;
  /** Key in the secret. */
  readonly key: string;
}

/** Inputs of the chart's values. */
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

/** User and group id of Coder in its image. */
const CODER_ID = 1000;

/** Default values, which the user's values may override. */
export function coderDefaults(input: CoderValuesInput): HelmValues {
  const { resources } = input;
  return {
    // The chart names its objects after the chart, not the release: two releases in a namespace would collide.
    nameOverride: input.releaseName === "coder" ? undefined : input.releaseName,
    coder: {
      resources: resources && { requests: { ...resources }, limits: { ...resources } },
      // The chart sets the other fields that the Pod Security Standard "restricted" requires.
      securityContext: { capabilities: { drop: ["ALL"] } },
      // The probe must not kill a long migration (coder/coder#21309). The chart disables it by default since 2026-02; older
      // charts always have the probe and only accept the delay. Coder's docs expect 4 to 7 minutes for large upgrades.
      livenessProbe: { enabled: false, initialDelaySeconds: 600 },
      affinity: input.releaseName === "coder" ? undefined : spread(input.releaseName),
    },
  };
}

/** Required values, which the user's values must not override. */
export function coderRequired(input: CoderValuesInput): HelmValues {
  const { access, identity, surge } = input;
  return {
    coder: {
      env: input.environment.map((variable) => variable.toContainer(input.environmentSecretName)),
      replicaCount: input.replicas,
      // Only if set: the default of Kubernetes is the same 25 %, and older charts have no such value.
      strategy: surge === undefined ? undefined : strategy(surge),
      podAnnotations: { "checksum/secrets": input.checksum },
      podLabels:
        identity && Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
      serviceAccount: {
        name: input.serviceAccountName,
        annotations: identity && { ...identity.serviceAccountAnnotations },
      },
      // Only with a client key, which the container's user can read through this group.
      podSecurityContext: access.clientEntries.length > 0 ? { fsGroup: CODER_ID } : undefined,
      volumes: joined(access.volumes, listAt(input.userValues, "volumes")),
      volumeMounts: joined(access.volumeMounts, listAt(input.userValues, "volumeMounts")),
      // An init container with restartPolicy Always is a native sidecar: it starts first and keeps running beside Coder.
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
 * The user's values without the lists that the construct appends to its own: Helm replaces lists as a whole, which would
 * remove the volume of the certificate authorities.
 */
export function withoutJoinedLists(values: HelmValues | undefined, sidecars = false): HelmValues | undefined {
  const coder = values?.coder;
  if (!isMap(coder)) return values;
  const { volumes, volumeMounts, initContainers, ...rest } = coder;
  return {
    ...values,
    coder: {
      ...rest,
      // A value that is not a list stays, so that the construct's check reports it.
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
    // Kubernetes rejects zero for both fields.
    rollingUpdate: { maxSurge: `${Math.round(surge * 100)}%`, maxUnavailable: surge === 0 ? 1 : "25%" },
  };
}

// The chart's anti-affinity selects the instance "coder", so pods of another release name could all run on one node.
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
