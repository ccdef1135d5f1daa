// The parts that the kinds of a `GitpodSecret` have in common.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { SynthChecks } from "../../database/private";
import type { SecretEntry } from "../../kubernetes";

/** Options of every secret. */
export interface GitpodSecretOptions {
  /**
   * Kubernetes namespace of Gitpod, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Name of the secret. @default - as in KOTS
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/
   */
  readonly secretName?: string;
  /**
   * Labels of the secret. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Content of a kind of secret. @internal */
export interface GitpodSecretContent {
  readonly purpose?: string;
  readonly domain?: string;
  readonly defaultName: string;
  readonly entries?: SecretEntry[];
  readonly type?: string;
  readonly check?: (checks: SynthChecks) => void;
  readonly publicText?: string;
}
