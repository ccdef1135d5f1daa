// All values of the chart `gitlab`. Helm ignores values that a chart does not know, so their structure is frozen by tests and was
// rendered with chart 8.3.0.

import type { HelmValues } from "../../kubernetes";
import { isMap, mergeValues } from "../../kubernetes/private";
import type { ResolvedReleaseProps } from "./gitlab-release-props";
import {
  geoValues,
  openbaoValues,
  praefectValues,
  registryAuthorities,
  registryValues,
  sslMap,
} from "./release-component-values";
import { DIRECT_COMPONENTS, databaseValues } from "./release-database-values";
import { podValues, type ResolvedPods } from "./release-pods";
import type { ReleaseNames } from "./release-secrets";
import { CA_FILE, CA_KEY, type LibpqEnvironment } from "./release-tls";

/** Facts from which the values follow. @internal */
export interface ReleaseValuesInput {
  readonly props: ResolvedReleaseProps;
  readonly names: ReleaseNames;
  readonly pods: ResolvedPods;
  /** The chart's major version. */
  readonly chartMajor: number;
  /** libpq's environment in pods that connect through poolers. */
  readonly pooled: LibpqEnvironment;
  /** libpq's environment in migrations and the toolbox. */
  readonly direct: LibpqEnvironment;
  /** True if Rails uses a client certificate. */
  readonly mutualTls: boolean;
  /** True if there is a secret with certificate authorities. */
  readonly ownAuthorities: boolean;
  /** A text that changes whenever a secret does. */
  readonly checksum: string;
}

const LOG_CURSOR_FOLDER = "/etc/gitlab-database";
const CHECKED = ["webservice", "sidekiq", "toolbox", "gitlab-exporter"];

/** Values that a user may change. @internal */
export function releaseDefaults(input: ReleaseValuesInput): HelmValues {
  const { backups } = input.props;
  return {
    gitlab: {
      toolbox: {
        backups: {
          cron: backups && {
            enabled: true,
            schedule: backups.cron,
            persistence:
              backups.diskGiB === undefined
                ? undefined
                : { enabled: true, size: `${backups.diskGiB}Gi`, useGenericEphemeralVolume: true },
          },
        },
      },
    },
    registry: {
      database: input.props.topology.registry
        ? { migrations: { enabled: true } }
        : // Later charts have "prefer" here, which they reject beside an external PostgreSQL (charts!4671).
          { enabled: false },
    },
  };
}

/** Values that the properties require; a user's values must not set them. @internal */
export function releaseRequired(input: ReleaseValuesInput): HelmValues {
  const { props, names, pods } = input;
  const { topology } = props;
  return mergeValues(
    {
      global: {
        hosts: { domain: props.domain },
        railsSecrets:
          props.secrets?.isGeneratedByChart === false ? { secret: railsSecretName(input) } : undefined,
        certificates: input.ownAuthorities ? { customCAs: authorities(input) } : undefined,
      },
      "certmanager-issuer":
        props.certificateEmail === undefined ? undefined : { email: props.certificateEmail },
    },
    bundled(input),
    redisValues(input),
    databaseValues(topology, names.rails, input.mutualTls ? sslMap(names.railsClient) : undefined),
    environment(input),
    geoValues(topology, props, names),
    registryValues(topology, props, names),
    praefectValues(topology, names),
    openbaoValues(topology, names),
    props.objectStorage.values(
      {
        connection: names.connection,
        registry: names.registryStorage,
        backups: names.backups,
      },
      registryAuthorities(topology) !== undefined,
      props.backups?.utilityArguments,
    ),
    podValues(pods),
    annotations(input),
  );
}

function railsSecretName({ props, names }: ReleaseValuesInput): string {
  return props.secrets?.secretName ?? names.railsKeys;
}

/** Chart 10 bundles none of them and would ignore the switches. */
function bundled({ props, chartMajor }: ReleaseValuesInput): HelmValues {
  if (chartMajor >= 10) return {};
  return {
    postgresql: { install: false },
    redis: { install: props.redis.endpoint === undefined },
    global: { minio: { enabled: false } },
  };
}

function redisValues({ props, names }: ReleaseValuesInput): HelmValues {
  const { endpoint } = props.redis;
  if (!endpoint) return {};
  return {
    global: {
      redis: {
        host: endpoint.host,
        port: endpoint.port ?? 6379,
        scheme: (endpoint.tls ?? true) ? "rediss" : "redis",
        user: endpoint.user,
        auth: endpoint.password
          ? { enabled: true, secret: names.redis, key: "password" }
          : { enabled: false },
      },
    },
  };
}

/** Set for each component separately, so that a file is named only where it is mounted. */
function environment(input: ReleaseValuesInput): HelmValues {
  const { props, pooled, direct } = input;
  const through = ["webservice", "sidekiq", "gitlab-exporter"];
  return {
    gitlab: {
      ...Object.fromEntries(through.map((name) => [name, { extraEnv: { ...pooled } }])),
      ...(props.topology.geo ? { "geo-logcursor": logCursor(input) } : {}),
      ...Object.fromEntries(DIRECT_COMPONENTS.map((name) => [name, { extraEnv: { ...direct } }])),
    },
  };
}

/**
 * The log cursor's container that waits for migrations does not mount the chart's folder of certificate authorities (8.3.0 and the
 * 10.x line), so the secret is mounted in another folder.
 */
function logCursor({ names, pooled, ownAuthorities }: ReleaseValuesInput): HelmValues {
  if (!ownAuthorities || pooled.PGSSLROOTCERT !== CA_FILE) return { extraEnv: { ...pooled } };
  return {
    extraEnv: { ...pooled, PGSSLROOTCERT: `${LOG_CURSOR_FOLDER}/${CA_KEY}` },
    // Texts, since the chart passes them through its template engine.
    extraVolumes: `- name: database-ca\n  secret:\n    secretName: ${names.ca}\n`,
    extraVolumeMounts: `- name: database-ca\n  mountPath: ${LOG_CURSOR_FOLDER}\n  readOnly: true\n`,
  };
}

/** Passwords are copied when a pod starts, so new passwords need new pods. */
function annotations({ props, checksum }: ReleaseValuesInput): HelmValues {
  const own = { annotations: { "checksum/secrets": checksum } };
  const components = props.topology.geo ? [...CHECKED, "geo-logcursor"] : CHECKED;
  return { gitlab: Object.fromEntries(components.map((name) => [name, own])), registry: own };
}

/** Helm replaces lists, so the user's list is joined to this one. */
function authorities({ props, names }: ReleaseValuesInput): unknown[] {
  return [{ secret: names.ca, keys: [CA_KEY] }, ...userAuthorities(props.values)];
}

/** The user's `global.certificates.customCAs`. @internal */
export function userAuthorities(values: HelmValues | undefined): unknown[] {
  const list = certificatesOf(values)?.customCAs;
  return Array.isArray(list) ? list : [];
}

/** The user's values without the list that is joined to that of the construct. @internal */
export function withoutAuthorities(values: HelmValues | undefined): HelmValues | undefined {
  const certificates = certificatesOf(values);
  if (!values || !certificates || !Array.isArray(certificates.customCAs)) return values;
  const { customCAs: _, ...rest } = certificates;
  return { ...values, global: { ...(values.global as HelmValues), certificates: rest } };
}

function certificatesOf(values: HelmValues | undefined): HelmValues | undefined {
  const global = isMap(values?.global) ? values.global : undefined;
  return isMap(global?.certificates) ? global.certificates : undefined;
}
