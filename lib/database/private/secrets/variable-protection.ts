import { type Protection, RecoveryScenario } from "../../protection";

/**
 * Protection of a secret that is a Terraform variable: its value is given at each apply, so the store from which it is exported has it.
 *
 * @param name name of the variable.
 */
export function variableProtection(name: string): Protection {
  return {
    mechanism: "Terraform variable, given at each apply",
    location: `the store from which TF_VAR_${name} is exported`,
    lossMinutes: 0,
    procedures: [{ scenarios: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION], steps: [] }],
    limits: [
      `Terraform does not know the store of TF_VAR_${name}: keep a copy outside the cluster and the region.`,
    ],
    source: "https://developer.hashicorp.com/terraform/language/values/variables",
  };
}
