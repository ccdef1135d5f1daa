// Parts of an application's declaration that all applications need.

import { type Protection, RecoveryScenario, type RestoreStep } from "../../database";

/** Pods of an application that are stopped during a restore. */
export interface StoppedWorkloads {
  /** Steps that note the replicas and scale the workloads to zero. */
  readonly stop: readonly RestoreStep[];
  /** Steps that scale them back. */
  readonly start: readonly RestoreStep[];
}

/** Building blocks of `ApplicationRecovery`. */
export class RecoveryParts {
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

  /**
   * Steps that scale Deployments to zero and back. Their replicas are noted in a file beside the program.
   *
   * @param namespace namespace of the Deployments; may be a token.
   * @param selector label selector of the Deployments. @default - all of the namespace
   */
  public static scaledToZero(namespace: string, selector?: string): StoppedWorkloads {
    const labels = selector === undefined ? "" : ` --selector="${selector}"`;
    const file = '"$PROGRAM/replicas-before-restore.txt"';
    const target = selector === undefined ? " --all" : labels;
    return {
      stop: [
        {
          title: "Note the replicas and scale the workloads to zero",
          commands: [
            `kubectl get deployments --namespace="${namespace}"${labels} --no-headers --output=custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas > ${file}`,
            `kubectl scale deployment --namespace="${namespace}"${target} --replicas=0`,
            // Without a selector, pods of DaemonSets and Jobs would be waited for, too.
            ...(selector === undefined
              ? []
              : [`kubectl wait pods --namespace="${namespace}"${labels} --for=delete --timeout=10m || true`]),
          ],
          permissions: ["get, list, patch deployments/scale in the namespace"],
          verify: [`kubectl get deployments --namespace="${namespace}"${labels}`],
          source: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_scale/",
        },
      ],
      start: [
        {
          title: "Scale the workloads back",
          commands: [
            `while read -r name replicas; do\n  kubectl scale deployment "$name" --namespace="${namespace}" --replicas="$replicas"\ndone < ${file}`,
          ],
          permissions: ["patch deployments/scale in the namespace"],
          verify: [`kubectl get deployments --namespace="${namespace}"${labels}`],
          source: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_scale/",
        },
      ],
    };
  }

  /** Step of a lost cluster: the cluster is created again by the program that created it. */
  public static clusterProtection(): Protection {
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
              ],
              verify: ["kubectl get nodes"],
            },
          ],
        },
      ],
      source: "https://kubernetes.io/docs/concepts/cluster-administration/",
    };
  }

  private constructor() {}
}
