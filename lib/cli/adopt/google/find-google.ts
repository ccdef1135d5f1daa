import type { AdoptedConstruct, Found } from "../adopted-construct";
import {
  call,
  create,
  imported,
  literal,
  object,
  optional,
  type Statement,
  variable,
} from "../program/expression";
import type { Names } from "../program/names";
import { block, flag, hasTexts, type StateResource, tagsOf, text } from "../state/state-resource";
import { cloudSqlConstruct, refusalOf } from "./cloud-sql";

const GOOGLE = "cdktf-devplatforms/google";

/** Resources around an instance, which stay where they are managed. */
const AROUND = ["google_sql_database", "google_sql_user", "google_service_networking_connection"];

/** Cloud SQL instances, read replicas and buckets of a state. */
export function findGoogle(
  resources: readonly StateResource[],
  names: Names,
): Found & { readonly providers: readonly Statement[] } {
  const refused: string[] = [];
  const instances = resources.filter((each) => {
    if (each.type !== "google_sql_database_instance") return false;
    if (!hasTexts(each, ["name", "region"], refused)) return false;
    const reason = refusalOf(each);
    if (reason !== undefined) refused.push(reason);
    return reason === undefined;
  });
  const networks = new Map<string, string>();
  const constructs = new Map<string, AdoptedConstruct>();
  for (const instance of instances)
    if (text(instance, "master_instance_name") === undefined)
      constructs.set(nameOf(instance), cloudSqlConstruct(instance, names, networks));
  for (const instance of instances) {
    const [master, ofProject] = (text(instance, "master_instance_name") ?? "").split(":").reverse();
    if (!master) continue;
    const source = constructs.get(`${ofProject ?? text(instance, "project") ?? ""}:${master}`);
    if (source) constructs.set(nameOf(instance), cloudSqlConstruct(instance, names, networks, source));
    else
      refused.push(
        `${instance.address} (${String(instance.values.name)}): its source ${master} is not adopted; adopt both, since CloudSqlReadReplica takes a server.`,
      );
  }
  const buckets = resources
    .filter((each) => each.type === "google_storage_bucket" && hasTexts(each, ["name", "location"], refused))
    .map((bucket) => bucketConstruct(bucket, names));
  const all = [...constructs.values(), ...buckets];
  const project =
    text(instances[0], "project") ??
    text(
      resources.find(({ type }) => type === "google_storage_bucket"),
      "project",
    );
  const provider: Statement = {
    constant: "google",
    expression: create(
      imported("@cdktf/provider-google/lib/provider", "GoogleProvider"),
      variable("this"),
      literal("google"),
      object({ project: optional(project) }),
    ),
  };
  return {
    constructs: all,
    left: resources.filter(({ type }) => AROUND.includes(type)).map(({ address }) => address),
    refused,
    providers: all.length === 0 ? [] : [provider],
  };
}

/** Names are unique in a project only. */
function nameOf(instance: StateResource): string {
  return `${text(instance, "project") ?? ""}:${String(instance.values.name)}`;
}

function bucketConstruct(bucket: StateResource, names: Names): AdoptedConstruct {
  const { values } = bucket;
  const name = String(values.name);
  const { id, constant } = names.of(name);
  const versioned = block(values, "versioning").enabled === true;
  const key = block(values, "encryption").default_kms_key_name;
  const seconds = Number(block(values, "soft_delete_policy").retention_duration_seconds ?? 0);
  const log = block(values, "logging").log_bucket;
  return {
    constant,
    id,
    comment: [bucket.address],
    type: imported(GOOGLE, "GcsBucket"),
    before: [],
    props: {
      bucketName: literal(name),
      location: literal(String(values.location)),
      project: optional(text(bucket, "project")),
      encryptionKey:
        typeof key === "string" && key !== ""
          ? call(imported(GOOGLE, "CryptoKey.fromKeyName"), literal(key))
          : undefined,
      grantEncryptionKey: typeof key === "string" && key !== "" ? literal(false) : undefined,
      logBucket: typeof log === "string" && log !== "" ? literal(log) : undefined,
      softDeleteDays: seconds >= 604_800 ? literal(Math.round(seconds / 86_400)) : undefined,
      tags: optional(tagsOf(bucket, "labels")),
      versioned: versioned ? undefined : literal(false),
    },
    hardened: { versioned: undefined },
    properties: { "versioning.enabled": "versioned", versioning: "versioned" },
    resources: [
      {
        path: "Resource",
        id: name,
        state: bucket,
        harmless: ["force_destroy"],
      },
    ],
    absent: {},
    notes: flag(bucket, "uniform_bucket_level_access")
      ? []
      : [
          "uniform_bucket_level_access false: held; with true, ACLs of objects stop working at once, and after 90 days for good.",
        ],
  };
}
