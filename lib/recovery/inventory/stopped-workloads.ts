// Workloads that are stopped while their data is restored.

import type { RestoreStep } from "../../database";

/** Pods of an application that are stopped during a restore. */
export interface StoppedWorkloadSteps {
  /** Steps that note the replicas and scale the workloads to zero. */
  readonly stop: readonly RestoreStep[];
  /** Steps that scale them back. */
  readonly start: readonly RestoreStep[];
}

/** Steps that stop the workloads of an application for a restore, and start them again. */
export class StoppedWorkloads {
  /**
   * Steps that scale Deployments to zero and back. Their replicas are noted in a file beside the program.
   *
   * @param namespace namespace of the Deployments; may be a token.
   * @param selector label selector of the Deployments. @default - all of the namespace
   */
  public static scaledToZero(namespace: string, selector?: string): StoppedWorkloadSteps {
    const labels = selector === undefined ? "" : ` --selector="${selector}"`;
    const file = '"$PROGRAM/replicas-before-restore.txt"';
    return {
      stop: [
        {
          title: "Note the replicas and scale the workloads to zero",
          commands: [
            // Added and without zeros: a second run must not forget the replicas that the first one noted.
            `kubectl get deployments --namespace="${namespace}"${labels} --no-headers --output=custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas | awk '$2 > 0' >> ${file}`,
            // A rebuilt cluster may have none yet, for which kubectl scale would fail.
            `kubectl get deployments --namespace="${namespace}"${labels} --output=name | xargs -r kubectl scale --namespace="${namespace}" --replicas=0`,
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
            // The next restore notes its own replicas.
            `mv ${file} "$PROGRAM/replicas-restored.txt"`,
          ],
          permissions: ["patch deployments/scale in the namespace"],
          verify: [`kubectl get deployments --namespace="${namespace}"${labels}`],
          source: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_scale/",
        },
      ],
    };
  }

  private constructor() {}
}
