/** Terraform, which resolves a stack's values, and the API server that judges the objects. */

import { type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { type KubeApiserverTools, kubeApiserverTools } from "../servers/kube-apiserver";

export interface KubernetesTools {
  readonly terraform: TerraformTools;
  readonly kubernetes: KubeApiserverTools;
}

export function kubernetesTools(): KubernetesTools | Unavailable {
  const terraform = terraformWithMirror();
  if (terraform instanceof Unavailable) {
    return terraform;
  }
  const kubernetes = kubeApiserverTools();
  return kubernetes instanceof Unavailable ? kubernetes : { terraform, kubernetes };
}
