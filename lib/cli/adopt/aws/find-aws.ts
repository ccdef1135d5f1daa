import type { AdoptedConstruct, Found } from "../adopted-construct";
import type { Statement } from "../program/expression";
import type { Names } from "../program/names";
import { hasTexts, type StateResource, text } from "../state/state-resource";
import { bucketConstruct } from "./buckets";
import { rdsConstruct, refusalOf, sourceOf } from "./rds";
import { AwsSurroundings, regionOf } from "./surroundings";

/** Types of databases that RDS has and this package does not adopt, in words. */
const OTHER_TYPES: { readonly [type: string]: string | undefined } = {
  aws_rds_cluster: "a cluster of Aurora or a Multi-AZ DB cluster; this package has DB instances only",
  aws_rds_cluster_instance: "an instance of Aurora; this package has no construct for it",
  aws_docdb_cluster: "DocumentDB; this package has no construct for it",
};

/**
 * RDS instances, read replicas and S3 buckets of a state.
 *
 * @param resources the resources of the state, or of the output of describe calls.
 * @param identifiers the instances that are adopted. @default - all
 */
export function findAws(
  resources: readonly StateResource[],
  names: Names,
  identifiers?: readonly string[],
): Found & { readonly providers: readonly Statement[] } {
  const around = new AwsSurroundings(resources);
  const refused = resources.flatMap(({ type, address }) =>
    OTHER_TYPES[type] === undefined ? [] : [`${address}: ${OTHER_TYPES[type]}.`],
  );
  const instances = resources.filter(
    ({ type, values }) =>
      type === "aws_db_instance" &&
      (identifiers === undefined || identifiers.includes(String(values.identifier))),
  );
  const constructs = new Map<string, AdoptedConstruct>();
  const add = (instance: StateResource, source?: AdoptedConstruct) =>
    constructs.set(nameOf(instance), rdsConstruct(instance, around, names, source));
  const [account] = instances.map(accountOf).filter((each) => each !== "");
  const refusalOfAccount = (instance: StateResource) =>
    ["", account].includes(accountOf(instance))
      ? undefined
      : `${instance.address} (${String(instance.values.identifier)}): it is in account ${accountOf(instance)}, and the program has the credentials of one account (${account}); adopt it by a second run with --rds.`;
  const accepted = instances.filter((instance) => {
    const reason = refusalOf(instance) ?? refusalOfAccount(instance);
    if (reason !== undefined) refused.push(reason);
    return reason === undefined;
  });
  for (const instance of accepted) if (sourceOf(instance) === undefined) add(instance);
  for (const instance of accepted) {
    const identifier = sourceOf(instance);
    if (identifier === undefined) continue;
    const source = constructs.get(sourceNameOf(instance, identifier));
    if (source) add(instance, source);
    else
      refused.push(
        `${instance.address} (${String(instance.values.identifier)}): its source ${identifier} is not adopted; adopt both, since RdsReadReplica takes a server.`,
      );
  }
  const buckets =
    identifiers === undefined
      ? resources.filter((each) => each.type === "aws_s3_bucket" && hasTexts(each, ["id"], refused))
      : [];
  for (const bucket of buckets)
    constructs.set(`bucket ${bucket.address}`, bucketConstruct(bucket, resources, around, names));
  return {
    constructs: [...constructs.values()],
    left: [...around.left],
    refused,
    providers: around.providerStatements,
  };
}

/** Identifiers are unique in a region of an account only. */
function nameOf(instance: StateResource): string {
  return [accountOf(instance), regionOf(instance), String(instance.values.identifier)].join(":");
}

/** The name of a replica's source: its ARN, or its identifier in the replica's region and account. */
function sourceNameOf(replica: StateResource, identifier: string): string {
  const [, , , region, account] = text(replica, "replicate_source_db")?.split(":") ?? [];
  return [account ?? accountOf(replica), region ?? regionOf(replica), identifier].join(":");
}

function accountOf(instance: StateResource): string {
  return text(instance, "arn")?.split(":")[4] ?? "";
}
