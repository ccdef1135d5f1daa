import type { AdoptedConstruct, Found } from "../adopted-construct";
import type { Statement } from "../program/expression";
import type { Names } from "../program/names";
import type { StateResource } from "../state/state-resource";
import { bucketConstruct } from "./buckets";
import { rdsConstruct, refusalOf, sourceOf } from "./rds";
import { AwsSurroundings } from "./surroundings";

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
    constructs.set(String(instance.values.identifier), rdsConstruct(instance, around, names, source));
  const accepted = instances.filter((instance) => {
    const reason = refusalOf(instance);
    if (reason !== undefined) refused.push(reason);
    return reason === undefined;
  });
  for (const instance of accepted) if (sourceOf(instance) === undefined) add(instance);
  for (const instance of accepted) {
    const identifier = sourceOf(instance);
    if (identifier === undefined) continue;
    const source = constructs.get(identifier);
    if (source) add(instance, source);
    else
      refused.push(
        `${instance.address} (${String(instance.values.identifier)}): its source ${identifier} is not adopted; adopt both, since RdsReadReplica takes a server.`,
      );
  }
  const buckets = identifiers === undefined ? resources.filter(({ type }) => type === "aws_s3_bucket") : [];
  for (const bucket of buckets)
    constructs.set(`bucket ${bucket.address}`, bucketConstruct(bucket, resources, around, names));
  return {
    constructs: [...constructs.values()],
    left: [...around.left],
    refused,
    providers: around.providerStatements,
  };
}
