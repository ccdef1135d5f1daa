// Content of the three secrets that configure object storage: Rails' connection, the registry's driver and the backup tool. Source:
// the chart's doc/advanced/external-object-storage and examples/objectstorage (8.3.0 and the 10.x line, read 2026-11).
//
// The registry's text is pasted below `storage:` of a YAML file by sed, so it has to be block YAML; JSON in one line would break the
// file. Every value in it is a JSON string, which YAML reads unchanged.

import { SecretValue } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import { SecretEntry } from "../../kubernetes";
import type { ObjectStoreKey } from "../../storage";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";

/** Values of a secret's text; Terraform inserts secret values. */
interface Values {
  readonly [key: string]: string | boolean | SecretValue | undefined;
}

/** First version whose only driver for Azure is `azure_v2`, the one that supports identities. */
const AZURE_V2 = { major: 19 };
const AZURE_DOMAIN = "blob.core.windows.net";

/** Rails' connection, in the consolidated form. */
export function railsConnection(store: IObjectStore, key: ObjectStoreKey | undefined): SecretEntry {
  return entry("connection", [["", railsValues(store, key)]], key);
}

function railsValues(store: IObjectStore, key: ObjectStoreKey | undefined): Values {
  switch (store.kind) {
    case ObjectStoreKind.S3:
      return {
        provider: "AWS",
        region: store.region,
        ...(key
          ? { aws_access_key_id: key.name, aws_secret_access_key: key.secret }
          : // No endpoint with an identity: GitLab would request the identity's token from it (charts#3148).
            { use_iam_profile: true }),
        ...(key && isCompatible(store)
          ? {
              aws_signature_version: "4",
              host: store.endpoint,
              endpoint: `https://${store.endpoint}`,
              path_style: true,
            }
          : {}),
      };
    case ObjectStoreKind.GCS:
      return {
        provider: "Google",
        google_project: store.projectId,
        ...(key ? { google_json_key_string: key.secret } : { google_application_default: true }),
      };
    default:
      return { provider: "AzureRM", ...azureValues(store, key) };
  }
}

/** Configuration of the registry's storage driver. */
export function registryStorage(
  store: IObjectStore,
  key: ObjectStoreKey | undefined,
  version: GitlabVersion,
): SecretEntry[] {
  switch (store.kind) {
    case ObjectStoreKind.S3: {
      const values: Values = {
        bucket: store.bucketName,
        region: store.region,
        v4auth: true,
        ...(key ? { accesskey: key.name, secretkey: key.secret } : {}),
        ...(key && isCompatible(store)
          ? { regionendpoint: `https://${store.endpoint}`, pathstyle: true }
          : {}),
      };
      // Since GitLab 19.0 this name selects the driver s3_v2 (gitlab-environment-toolkit#1051).
      return [entry("config", [["s3", values]], key)];
    }
    case ObjectStoreKind.GCS: {
      const keyfile = key ? `/etc/docker/registry/storage/${REGISTRY_KEY_FILE}` : undefined;
      const config = entry("config", [["gcs", { bucket: store.bucketName, keyfile }]], undefined);
      return key ? [config, SecretEntry.secret(REGISTRY_KEY_FILE, key.secret)] : [config];
    }
    default: {
      const v2 = !key || version.atLeast(AZURE_V2.major);
      const values: Values = {
        accountname: key?.name ?? store.accountName,
        container: store.bucketName,
        ...(key ? { accountkey: key.secret } : {}),
        ...(v2 ? { credentialstype: key ? "shared_key" : "default_credentials" } : {}),
        realm: azureRealm(store),
      };
      return [entry("config", [[v2 ? "azure_v2" : "azure", values]], key)];
    }
  }
}

/** Key of Google's key file in the registry's secret. */
export const REGISTRY_KEY_FILE = "gcs.json";
/** Key of the database's certificate authorities in the registry's secret. */
export const REGISTRY_CA_FILE = "database-ca.pem";

/** Configuration of the backup tool; undefined if it uses the pod's credentials without one. */
export function backupConfiguration(
  store: IObjectStore,
  key: ObjectStoreKey | undefined,
): SecretEntry | undefined {
  switch (store.kind) {
    case ObjectStoreKind.S3: {
      const text = (secret: string) =>
        [
          "[default]",
          ...(key ? [`access_key = ${key.name}`, `secret_key = ${secret}`] : []),
          `bucket_location = ${store.region}`,
          ...(key && isCompatible(store)
            ? [`host_base = ${store.endpoint}`, `host_bucket = ${store.endpoint}`]
            : []),
          "use_https = True",
          "multipart_chunk_size_mb = 128",
        ].join("\n");
      if (!key) return SecretEntry.plain("config", text(""));
      return secretText("config", text(terraformCall("trimspace", key.secret.writeOnly())), key, text(""));
    }
    case ObjectStoreKind.GCS:
      // Without a secret the tool uses the pod's credentials.
      return key ? SecretEntry.secret("config", key.secret) : undefined;
    default:
      return entry("config", [["", azureValues(store, key)]], key);
  }
}

function azureValues(store: IObjectStore, key: ObjectStoreKey | undefined): Values {
  return {
    azure_storage_account_name: key?.name ?? store.accountName,
    ...(key ? { azure_storage_access_key: key.secret } : {}),
    azure_storage_domain: azureDomain(store),
  };
}

/** Part of an endpoint after the account's name; differs in the sovereign clouds. */
function azureDomain({ endpoint, accountName }: IObjectStore): string {
  if (!isResolved(endpoint) || !isResolved(accountName)) return AZURE_DOMAIN;
  const host = endpoint.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return accountName && host.startsWith(`${accountName}.`) ? host.slice(accountName.length + 1) : host;
}

function azureRealm(store: IObjectStore): string {
  return azureDomain(store).replace(/^blob\./, "");
}

/** True for an S3-compatible store that is not Amazon S3, to judge by its endpoint. */
export function isCompatible(store: IObjectStore): boolean {
  return (
    store.kind === ObjectStoreKind.S3 &&
    isResolved(store.endpoint) &&
    !/(^|\.)amazonaws\.com(\.cn)?$/.test(store.endpoint)
  );
}

/** A text of YAML blocks: each with a name, empty for the top level, and its values. */
function entry(name: string, blocks: [string, Values][], key: ObjectStoreKey | undefined): SecretEntry {
  const text = (secrets: boolean) =>
    blocks
      .flatMap(([block, values]) => [
        ...(block ? [`${block}:`] : []),
        ...Object.entries(values).flatMap(([field, value]) => {
          if (value === undefined || value === null) return [];
          if (value instanceof SecretValue && !secrets) return [];
          return [`${block ? "  " : ""}${field}: ${scalar(value)}`];
        }),
      ])
      .join("\n");
  const holdsSecret = blocks.some(([, values]) =>
    Object.values(values).some((value) => value instanceof SecretValue),
  );
  return holdsSecret && key
    ? secretText(name, text(true), key, text(false))
    : SecretEntry.plain(name, text(false));
}

function secretText(name: string, text: string, key: ObjectStoreKey, describedBy: string): SecretEntry {
  const { version, dependables } = key.secret;
  return SecretEntry.secret(name, SecretValue.fromEphemeral(text, { version, dependables }), describedBy);
}

/** A scalar that YAML reads as exactly this text. Values that are known to Terraform only are quoted by jsonencode. */
function scalar(value: string | boolean | SecretValue): string {
  if (typeof value === "boolean") return String(value);
  if (value instanceof SecretValue) {
    return terraformCall("jsonencode", terraformCall("trimspace", value.writeOnly()));
  }
  return isResolved(value) ? JSON.stringify(value) : terraformCall("jsonencode", value);
}
