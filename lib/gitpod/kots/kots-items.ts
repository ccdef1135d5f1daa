// Config items of KOTS, from the same properties as the installer's configuration.

import type { SecretValue } from "../../database";
import { terraformCall } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { isMap } from "../../kubernetes/private";
import { portText } from "../../sql/private";
import { ObjectStoreKind } from "../../storage";
import { GitpodDatabaseMode } from "../database/gitpod-connection";
import { documentText } from "../installer/gitpod-installer-config";
import { installerDocument } from "../installer/installer-document";
import { joinedText } from "../secrets/gitpod-http-proxy";
import { KOTS_TIMEOUTS } from "./data/kots-items";
import type { KotsConfigValuesProps } from "./kots-config-values";

/** Config item with its value: a plain text or a secret. */
export interface KotsItem {
  readonly name: string;
  readonly text?: string;
  readonly secret?: SecretValue;
  /** Public parts of a secret, so that their change updates it. */
  readonly describedBy?: string;
}

/** Config items, in the order of KOTS's page. */
export function kotsItems(props: KotsConfigValuesProps): KotsItem[] {
  return [
    text("domain", props.domain),
    text("openVsxUrl", props.openVsxUrl),
    ...registryItems(props),
    ...databaseItems(props),
    ...storageItems(props),
    ...certificateItems(props),
    flag("ssh_gateway", props.sshHostKey !== undefined),
    flag("user_management_block_enabled", props.allowedUserDomains !== undefined),
    // The installer splits the list at spaces (pkg/config/v1/envvars.go).
    text(
      "user_management_block_passlist",
      props.allowedUserDomains && joinedText(" ", props.allowedUserDomains),
    ),
    ...advancedItems(props),
  ].filter((item) => item.text !== undefined || item.secret !== undefined);
}

function databaseItems(props: KotsConfigValuesProps): KotsItem[] {
  const { database } = props;
  const proxied = database.mode === GitpodDatabaseMode.CLOUD_SQL;
  return [
    flag("db_incluster", false),
    flag("db_cloudsql_enabled", proxied),
    text("db_cloudsql_instance", database.cloudSqlInstance),
    {
      name: "db_encryption_keys",
      secret: database.encryptionKeys.json,
      describedBy: database.encryptionKeys.description,
    },
    text("db_host", database.host),
    text("db_username", database.username),
    { name: "db_password", secret: database.password },
    text("db_port", database.port === undefined ? undefined : portText(database.port)),
    { name: "db_gcp_credentials", secret: proxied ? props.cloudSqlCredentials : undefined },
  ];
}

function storageItems({ storage, region }: KotsConfigValuesProps): KotsItem[] {
  const { store, key } = storage;
  const at = text("store_region", region ?? storage.region);
  switch (store.kind) {
    case ObjectStoreKind.GCS:
      return [
        text("store_provider", "gcp"),
        at,
        text("store_gcp_project", store.projectId),
        { name: "store_gcp_credentials", secret: key?.secret },
      ];
    case ObjectStoreKind.AZURE_BLOB:
      return [
        text("store_provider", "azure"),
        at,
        text("store_azure_account_name", key?.name),
        { name: "store_azure_access_key", secret: key?.secret },
      ];
    default:
      return [
        text("store_provider", "s3"),
        at,
        text("store_s3_endpoint", store.endpoint),
        text("store_s3_bucket", store.bucketName),
        text("store_s3_access_key_id", key?.name),
        { name: "store_s3_secret_access_key", secret: key?.secret },
      ];
  }
}

function registryItems({ registry: of }: KotsConfigValuesProps): KotsItem[] {
  const { registry, login, store, key } = of;
  if (registry) {
    return [
      flag("reg_incluster", false),
      text("reg_url", registry.url),
      text("reg_server", registry.server),
      text("reg_username", login?.username),
      { name: "reg_password", secret: login?.password },
    ];
  }
  return [
    flag("reg_incluster", true),
    text("reg_incluster_storage", store ? "s3" : "none"),
    text("reg_incluster_storage_s3_region", store?.region),
    text("reg_incluster_storage_s3_endpoint", store?.endpoint),
    text("reg_incluster_storage_s3_bucketname", store?.bucketName),
    text("reg_incluster_storage_s3_accesskey", key?.name),
    { name: "reg_incluster_storage_s3_secretkey", secret: store && key?.secret },
  ];
}

function certificateItems(props: KotsConfigValuesProps): KotsItem[] {
  const { certificate } = props;
  const { isSelfSigned, issuerName, certificatePem } = certificate;
  const issued = issuerName !== undefined && !isSelfSigned;
  return [
    flag("tls_self_signed_enabled", isSelfSigned),
    flag("cert_manager_enabled", issued),
    text("cert_manager_issuer_name", issued ? issuerName : undefined),
    text("cert_manager_issuer", issued ? certificate.issuerKind : undefined),
    text("tls_crt", certificatePem),
    { name: "tls_key", secret: certificate.privateKey },
    text("tls_ca_crt", ownAuthorities(props)),
  ];
}

// KOTS has an item for certificate authorities only with a given certificate, and creates their secret.
function ownAuthorities({ certificate, customCa }: KotsConfigValuesProps): string | undefined {
  return certificate.issuerName === undefined ? customCa?.publicText : undefined;
}

function advancedItems(props: KotsConfigValuesProps): KotsItem[] {
  const patch = configPatch(props);
  const timeout = KOTS_TIMEOUTS.find(([seconds]) => seconds === props.timeoutSeconds)?.[1];
  const serviceType = proxyServiceType(props);
  return [
    flag("advanced_mode_enabled", patch !== undefined || timeout !== undefined || serviceType !== undefined),
    text("installer_timeout", timeout),
    text("config_patch", patch && documentText(patch)),
    text("component_proxy_service_serviceType", serviceType),
  ];
}

// KOTS offers these two service types; others are set by the patch.
function proxyServiceType(props: KotsConfigValuesProps): string | undefined {
  const proxy = member(member(props.values, "components"), "proxy");
  const type = member(proxy, "service")?.serviceType;
  return type === "ClusterIP" || type === "NodePort" ? type : undefined;
}

/**
 * Configuration without a config item, above all `database.ssl`. KOTS merges it into the configuration from the items, including
 * all experimental fields (kots-install.sh renders with them).
 */
export function configPatch(props: KotsConfigValuesProps): HelmValues | undefined {
  const document = installerDocument(props);
  const {
    apiVersion: _,
    domain: _domain,
    openVSX: _open,
    blockNewUsers: _users,
    certificate: _cert,
    ...rest
  } = document;
  const { metadata, database, objectStorage, containerRegistry, customCACert, sshGatewayHostKey, ...more } =
    rest;
  const patch: { [name: string]: unknown } = {
    ...more,
    metadata: only(metadata, ["shortname"]),
    database: only(database, ["ssl"]),
    objectStorage: only(objectStorage, ["blobQuota", "resources", "maximumBackupCount"]),
    containerRegistry: only(containerRegistry, ["privateBaseImageAllowList"]),
    // KOTS generates a host key for the gateway, so a given one must be named here.
    sshGatewayHostKey,
    // The installer sets it for a self-signed certificate.
    customCACert:
      props.certificate.isSelfSigned || ownAuthorities(props) !== undefined ? undefined : customCACert,
  };
  const kept = Object.entries(patch).filter(([, value]) => value !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function only(map: unknown, names: string[]): HelmValues | undefined {
  if (!isMap(map)) return undefined;
  const kept = Object.entries(map).filter(([name]) => names.includes(name));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function member(map: HelmValues | undefined, name: string): HelmValues | undefined {
  const value = map?.[name];
  return isMap(value) ? value : undefined;
}

function text(name: string, value: string | undefined): KotsItem {
  return { name, text: value };
}

function flag(name: string, on: boolean): KotsItem {
  return { name, text: on ? "1" : "0" };
}

/** Secret without leading and trailing white space, in base64 if it is a file. */
export function secretExpression(item: KotsItem, isFile: boolean): string {
  const value = terraformCall("trimspace", item.secret?.writeOnly() ?? "");
  return isFile ? terraformCall("base64encode", terraformCall("format", "%s\n", value)) : value;
}
