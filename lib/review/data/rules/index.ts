import type { Rule } from "../../rules/rule";
import { RDS_RULES } from "./database-aws";

/** All rules, in one order. */
export const RULES: readonly Rule[] = [...RDS_RULES];
