// Protection of data that a program creates: it comes back with the next apply.

import { type Protection, RecoveryScenario } from "../../database";

/** Protections by a program in version control. */
export class ProgramProtection {
  /**
   * Protection of objects that the program writes at each apply: secrets, configuration, permissions, releases. They come back with the
   * apply of the program in a new cluster or region.
   *
   * @param source place of the program and its state, or of the secrets that it reads.
   */
  public static writtenByTerraform(source: string): Protection {
    return {
      mechanism: "Terraform program",
      location: source,
      lossMinutes: 0,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION],
          // The runbook applies the program in its phase "Release".
          steps: [],
        },
      ],
      limits: ["The state and the variables of the program have to be outside the cluster and the region."],
      source: "https://developer.hashicorp.com/terraform/language/state/remote",
    };
  }

  /** Step of a lost cluster: the cluster is created again by the program that created it. */
  public static clusterByProgram(): Protection {
    return {
      mechanism: "Program of the cluster",
      location: "version control",
      lossMinutes: 0,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION],
          steps: [
            {
              title: "Create the cluster again with the program that created it",
              notes: [
                "In the same region under the same name; in another region with that region's network. Add-ons of the old cluster that the application needs (ingress controller, cert-manager, CSI drivers) come first.",
                "Write its kubeconfig (`aws eks update-kubeconfig`, `gcloud container clusters get-credentials`, `az aks get-credentials`): the context of before leads to the lost cluster.",
              ],
              verify: ["kubectl config current-context", "kubectl get nodes"],
            },
          ],
        },
      ],
      source: "https://kubernetes.io/docs/concepts/cluster-administration/",
    };
  }

  private constructor() {}
}
