// The installer's configuration as data: names as in config.go, secrets by reference.

import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { conflicts, isMap, mergeValues } from "../../kubernetes/private";
import { GitpodDatabaseMode } from "../database/gitpod-connection";
import type { GitpodDatabase } from "../database/gitpod-database";
import type { GitpodSecret } from "../secrets/gitpod-secret";
import { secretReference } from "../secrets/gitpod-secret";
import { GitpodVersion } from "../version/gitpod-version";
import type { GitpodInstallerConfigProps, GitpodWorkspaces } from "./gitpod-installer-config";
import { propertyAt } from "./installer-properties";
import { checkInstallerConfig } from "./installer-rules";

/** Configuration from the properties, merged with `values`. */
export function installerDocument(props: GitpodInstallerConfigProps): HelmValues {
  return mergeValues(ownDocument(props), withoutCustomization(props.values), customization(props));
}

/**
 * Reports an invalid configuration, by the rules of the installer and of this library.
 *
 * @param checks reports the mistakes.
 * @param props properties of the configuration.
 */
export function checkInstallerDocument(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const version = props.version ?? props.database.version;
  const told: string[] = [];
  const own = ownDocument(props);
  for (const path of conflicts(props.values ?? {}, own)) {
    told.push(path);
    checks.fail(
      `values.${path}`,
      "set",
      `must not be set, because a property sets this field; use the property`,
      "values.property",
    );
  }
  for (const name of ["database", "objectStorage"]) {
    const section = props.values?.[name];
    const modes = ["inCluster", "external", "cloudSQL", "s3", "cloudStorage", "azure"];
    for (const mode of isMap(section) ? modes.filter((each) => section[each] !== undefined) : []) {
      told.push(`${name}.${mode}`);
      checks.fail(
        `values.${name}.${mode}`,
        "set",
        `must not be set, because the properties set the ${name}, and Gitpod would mix both; leave it out`,
        "values.mode",
      );
    }
  }
  const list = props.values?.customization;
  if (list !== undefined && !Array.isArray(list)) {
    told.push("customization");
    checks.fail(
      "values.customization",
      list,
      "must be a list known at synth, because it is appended to that of the storage",
    );
  }
  const isTold = (path: string) =>
    told.some((other) => path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`));
  checkInstallerConfig(
    {
      fail: (path, value, rule, code) => {
        const property = propertyAt(path, props.values, own);
        if (!isTold(path)) checks.fail(property, value, rule, code ?? property);
      },
      warn: (path, text, code) => checks.warn(`${propertyAt(path, props.values, own)} ${text}`, code),
      optOut: (what) => checks.optOut(what),
    },
    installerDocument(props),
    version.name,
  );
  checkRegion(checks, props);
  checkTogether(checks, props, version);
}

function checkRegion(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const { region, storage } = props;
  checks.check(
    "region",
    region,
    () => region === storage.region || !isResolved(storage.region),
    `must be the region of the store, ${storage.region}`,
  );
}

// Each part has its own version, domain and namespace, which must be the same.
function checkTogether(checks: SynthChecks, props: GitpodInstallerConfigProps, version: GitpodVersion): void {
  for (const part of ["database", "storage"] as const) {
    if (props[part].version.name !== version.name) {
      checks.fail(
        `${part}.version`,
        props[part].version.name,
        `must be that of the configuration, ${version.name}`,
      );
    }
  }
  const { namespace } = props.database;
  for (const [name, part] of partsOf(props)) {
    checks.check(
      `${name}.namespace`,
      part.namespace,
      () => part.namespace === namespace || !isResolved(namespace),
      `must be the namespace of the database, ${namespace}, because Gitpod reads secrets of one namespace`,
    );
  }
  checkSecrets(checks, props);
  const { certificate, domain } = props;
  checks.check(
    "certificate.domain",
    certificate.domain,
    () => certificate.domain === domain || !isResolved(domain),
    `must be the domain of Gitpod, ${domain}`,
  );
  if (certificate.secret === undefined) {
    const made = [props.database, props.storage, props.registry, ...secretsOf(props).map(([, each]) => each)];
    const names = [...made.flatMap(({ secret }) => secret?.secretName ?? []), props.database.caSecretName];
    checks.check(
      "certificate.secretName",
      certificate.secretName,
      () => !names.includes(certificate.secretName),
      "must not be the name of another secret of Gitpod, which the certificate would overwrite",
    );
  }
  if (certificate.isSelfSigned && props.customCa) {
    checks.fail(
      "customCa",
      props.customCa,
      "must not be set with a self-signed certificate, which sets its own certificate authority",
    );
  }
}

/** Factory of `GitpodSecret` for each property, whose secrets have the required keys. */
const FACTORIES: { readonly [property: string]: string } = {
  customCa: "customCa",
  license: "license",
  sshHostKey: "sshHostKey",
  httpProxy: "httpProxy",
  authProviders: "authProvider",
  imagePullSecrets: "pullCredentials",
};

// The installer's validation of the job does not read secrets, so pods would wait for a missing key of a wrong secret.
function checkSecrets(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const { domain } = props;
  for (const [property, { _purpose: made, _domain: of }] of secretsOf(props)) {
    const factory = FACTORIES[property];
    if (made !== undefined && made !== factory) {
      checks.fail(property, `GitpodSecret.${made}`, `must be a secret by GitpodSecret.${factory}`);
    }
    checks.check(
      `${property}.domain`,
      of,
      () => of === domain || !isResolved(domain),
      `must be the domain of Gitpod, ${domain}, because the login redirects to it`,
    );
  }
}

/** Parts with secrets, by the names of their properties. */
function partsOf(props: GitpodInstallerConfigProps): [string, { readonly namespace?: string }][] {
  const single = { storage: props.storage, registry: props.registry, certificate: props.certificate };
  const secrets: [string, GitpodSecret][] = secretsOf(props);
  return [...Object.entries(single), ...secrets];
}

/** Secrets of the configuration in addition to those of database, storage, registry and certificate. */
export function secretsOf(props: GitpodInstallerConfigProps): [string, GitpodSecret][] {
  const named: [string, GitpodSecret | undefined][] = [
    ["customCa", props.customCa],
    ["license", props.license],
    ["sshHostKey", props.sshHostKey],
    ["httpProxy", props.httpProxy],
  ];
  return [
    ...named.filter((each): each is [string, GitpodSecret] => each[1] !== undefined),
    ...(props.authProviders ?? []).map((each): [string, GitpodSecret] => ["authProviders", each]),
    ...(props.imagePullSecrets ?? []).map((each): [string, GitpodSecret] => ["imagePullSecrets", each]),
  ];
}

function ownDocument(props: GitpodInstallerConfigProps): HelmValues {
  const { certificate, storage } = props;
  const version = props.version ?? props.database.version;
  const reference = (secret: GitpodSecret | undefined) => secret && secretReference(secret.secretName);
  const references = (secrets: GitpodSecret[] | undefined) =>
    secrets?.map((secret) => secretReference(secret.secretName));
  return withoutEmpty({
    apiVersion: "v1",
    kind: props.kind,
    domain: props.domain,
    metadata: { region: props.region ?? storage.region, shortname: props.shortname },
    repository: props.repository,
    database: database(props.database),
    objectStorage: { ...storage._objectStorage(), blobQuota: props.blobQuotaBytes },
    containerRegistry: {
      ...props.registry._containerRegistry(),
      privateBaseImageAllowList: props.privateBaseImages,
    },
    certificate: secretReference(certificate.secretName),
    httpProxy: reference(props.httpProxy),
    imagePullSecrets: references(props.imagePullSecrets),
    workspace: props.workspaces && workspace(props.workspaces, version),
    openVSX: props.openVsxUrl === undefined ? undefined : { url: props.openVsxUrl },
    authProviders: references(props.authProviders),
    blockNewUsers: props.allowedUserDomains && { enabled: true, passlist: props.allowedUserDomains },
    license: reference(props.license),
    sshGatewayHostKey: reference(props.sshHostKey),
    customCACert:
      certificate.authoritySecretName === undefined
        ? reference(props.customCa)
        : secretReference(certificate.authoritySecretName),
  });
}

function database(of: GitpodDatabase): HelmValues {
  const secret = secretReference(of.secretName);
  return {
    inCluster: false,
    external: of.mode === GitpodDatabaseMode.EXTERNAL ? { certificate: secret } : undefined,
    cloudSQL:
      of.mode === GitpodDatabaseMode.CLOUD_SQL
        ? { serviceAccount: secret, instance: of.cloudSqlInstance }
        : undefined,
    ssl: of.caSecretName === undefined ? undefined : { caCert: secretReference(of.caSecretName) },
  };
}

function workspace(of: GitpodWorkspaces, version: GitpodVersion): HelmValues {
  const { cpu, memory } = of;
  const socket = version.name === GitpodVersion.HEAD.name ? "containerdSocketDir" : "containerdSocket";
  return {
    resources:
      cpu === undefined && memory === undefined
        ? undefined
        : { requests: { cpu: cpu ?? "1000m", memory: memory ?? "2Gi" } },
    runtime: {
      fsShiftMethod: of.fsShiftMethod,
      containerdRuntimeDir: of.containerdRuntimeDirectory,
      [socket]: of.containerdSocket,
    },
    maxLifetime: of.maxLifetime,
    timeoutDefault: of.timeout,
    timeoutExtended: of.extendedTimeout,
    timeoutAfterClose: of.timeoutAfterClose,
    workspaceImage: of.image,
    pvc: of.volume && { ...of.volume },
    prebuildPVC: of.prebuildVolume && { ...of.prebuildVolume },
  };
}

function customization(props: GitpodInstallerConfigProps): HelmValues {
  const users = props.values?.customization;
  const all = [...props.storage._customization(), ...(Array.isArray(users) ? users : [])];
  return { customization: all.length > 0 ? all : undefined };
}

function withoutCustomization(values: HelmValues | undefined): HelmValues | undefined {
  if (!Array.isArray(values?.customization)) return values;
  const { customization: _, ...rest } = values;
  return rest;
}

// Removes undefined values, and maps that are then empty.
function withoutEmpty(values: HelmValues): HelmValues {
  const kept = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, isMap(value) ? withoutEmpty(value) : value] as const)
    .filter(([, value]) => !isMap(value) || Object.keys(value).length > 0);
  return Object.fromEntries(kept);
}
