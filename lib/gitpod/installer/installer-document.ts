// The installer's configuration as data, before it becomes text: names as in config.go, secrets by their names alone.

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
import { checkInstallerConfig } from "./installer-rules";

/** The configuration: what the properties set, and what `extra` adds to it. */
export function installerDocument(props: GitpodInstallerConfigProps): HelmValues {
  return mergeValues(ownDocument(props), withoutCustomization(props.extra), customization(props));
}

/**
 * Reports what is wrong with a configuration, by the installer's rules and by ours.
 *
 * @param checks where to report.
 * @param props the properties.
 */
export function checkInstallerDocument(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const version = props.version ?? props.database.version;
  checkInstallerConfig(checks, installerDocument(props), version.name);
  for (const path of conflicts(props.extra ?? {}, ownDocument(props))) {
    checks.fail(`extra.${path}`, "set", "a property sets this field already; use that one");
  }
  for (const name of ["database", "objectStorage"]) {
    const section = props.extra?.[name];
    const modes = ["inCluster", "external", "cloudSQL", "s3", "cloudStorage", "azure"];
    for (const mode of isMap(section) ? modes.filter((each) => section[each] !== undefined) : []) {
      checks.fail(
        `extra.${name}.${mode}`,
        "set",
        `there is one ${name} already, and a second would leave Gitpod with half of each`,
      );
    }
  }
  const list = props.extra?.customization;
  if (list !== undefined && !Array.isArray(list)) {
    checks.fail(
      "extra.customization",
      list,
      "allowed is a list known at synth, since it is joined to the storage's own",
    );
  }
  checkRegion(checks, props);
  checkTogether(checks, props, version);
}

function checkRegion(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const { region, storage } = props;
  checks.check(
    "region",
    region,
    () => region === storage.region || !isResolved(storage.region),
    `it has to be the store's, which is ${storage.region}`,
  );
}

// Each part was made for a version, a domain and a namespace of its own.
function checkTogether(checks: SynthChecks, props: GitpodInstallerConfigProps, version: GitpodVersion): void {
  for (const part of ["database", "storage"] as const) {
    if (props[part].version.name !== version.name) {
      checks.fail(`${part}.version`, props[part].version.name, `the configuration is for ${version.name}`);
    }
  }
  const { namespace } = props.database;
  for (const [name, part] of partsOf(props)) {
    checks.check(
      `${name}.namespace`,
      part.namespace,
      () => part.namespace === namespace || !isResolved(namespace),
      `Gitpod's database has its secrets in ${namespace}, and Gitpod reads those of one namespace only`,
    );
  }
  checkSecrets(checks, props);
  const { certificate, domain } = props;
  checks.check(
    "certificate.domain",
    certificate.domain,
    () => certificate.domain === domain || !isResolved(domain),
    `Gitpod is at ${domain}`,
  );
  if (version.name !== GitpodVersion.V2022_11.name) {
    for (const property of ["license"] as const) {
      if (props[property]) checks.fail(property, props[property], `Gitpod ${version.name} knows no licence`);
    }
    for (const property of ["volume", "prebuildVolume"] as const) {
      if (props.workspaces?.[property]) {
        checks.fail(`workspaces.${property}`, "set", `Gitpod ${version.name} gives workspaces no volumes`);
      }
    }
  }
  if (certificate.secret === undefined) {
    const made = [props.database, props.storage, props.registry, ...secretsOf(props).map(([, each]) => each)];
    const names = [...made.flatMap(({ secret }) => secret?.secretName ?? []), props.database.caSecretName];
    checks.check(
      "certificate.secretName",
      certificate.secretName,
      () => !names.includes(certificate.secretName),
      "another secret of Gitpod has this name, and the certificate would overwrite it; give one of them another name",
    );
  }
  if (certificate.isSelfSigned && props.customCa) {
    checks.fail("customCa", props.customCa, "a self-signed certificate has an authority of its own there");
  }
}

/** The factory of `GitpodSecret` whose secrets have the keys that a property is for. */
const FACTORIES: { readonly [property: string]: string } = {
  customCa: "customCa",
  license: "license",
  sshHostKey: "sshHostKey",
  httpProxy: "httpProxy",
  authProviders: "authProvider",
  imagePullSecrets: "pullCredentials",
};

// The installer of the job looks at the configuration alone, so pods would wait for a key of a secret that has others.
function checkSecrets(checks: SynthChecks, props: GitpodInstallerConfigProps): void {
  const { domain } = props;
  for (const [property, { _purpose: made, _domain: of }] of secretsOf(props)) {
    const factory = FACTORIES[property];
    if (made !== undefined && made !== factory) {
      checks.fail(property, `a secret by GitpodSecret.${made}`, `allowed is one by GitpodSecret.${factory}`);
    }
    checks.check(
      `${property}.domain`,
      of,
      () => of === domain || !isResolved(domain),
      `Gitpod is at ${domain}, and the log-in would end elsewhere`,
    );
  }
}

/** The parts with secrets, by the names of their properties. */
function partsOf(props: GitpodInstallerConfigProps): [string, { readonly namespace?: string }][] {
  const single = { storage: props.storage, registry: props.registry, certificate: props.certificate };
  const secrets: [string, GitpodSecret][] = secretsOf(props);
  return [...Object.entries(single), ...secrets];
}

/** The secrets that the configuration names beside those of database, storage, registry and certificate. */
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
  const users = props.extra?.customization;
  const all = [...props.storage._customization(), ...(Array.isArray(users) ? users : [])];
  return { customization: all.length > 0 ? all : undefined };
}

function withoutCustomization(extra: HelmValues | undefined): HelmValues | undefined {
  if (!Array.isArray(extra?.customization)) return extra;
  const { customization: _, ...rest } = extra;
  return rest;
}

// Nothing but what is set: a map whose members are all left out is left out too.
function withoutEmpty(values: HelmValues): HelmValues {
  const kept = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, isMap(value) ? withoutEmpty(value) : value] as const)
    .filter(([, value]) => !isMap(value) || Object.keys(value).length > 0);
  return Object.fromEntries(kept);
}
