// Read 2026-11. When a cloud applies changes: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html

import { entry, member } from "../plan/values";
import type { When } from "../rules/rule";

/** Types whose changes wait for the maintenance window unless an argument says otherwise. */
const IMMEDIATE_BY: { readonly [type: string]: string | undefined } = {
  aws_db_instance: "apply_immediately",
  aws_rds_cluster: "apply_immediately",
  aws_rds_cluster_instance: "apply_immediately",
};

/** The time of an effect for the planned values of a resource. */
export function timeOf(type: string, when: When, values: unknown): When {
  const argument = entry(IMMEDIATE_BY, type);
  const isImmediate = argument !== undefined && member(values, argument) === true;
  return when === "maintenance window" && isImmediate ? "now" : when;
}
