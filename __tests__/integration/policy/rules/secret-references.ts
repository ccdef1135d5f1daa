/** A pod that names a Secret or key that nobody makes waits for ever, and Terraform only says that it took too long. */
import { holders, references } from "../../../support/kubernetes/secret-references";
import type { Rule } from "./rule";

/** What Kubernetes itself puts into each namespace since 1.20, and its keys: the authority of its API server. */
const BY_KUBERNETES: Readonly<Record<string, readonly string[]>> = { "kube-root-ca.crt": ["ca.crt"] };

const ID = "DEVPLATFORMS_SECRET_REFERENCE";

export const secretReferences: Rule = ({ stack, plan }) => {
  const made = holders(stack, plan);
  const named = references(plan);
  const findings = named.flatMap(({ from, kind, namespace, name, key }) => {
    const found =
      made.find((each) => each.kind === kind && each.namespace === namespace && each.name === name) ??
      (kind === "ConfigMap" && name in BY_KUBERNETES ? { keys: BY_KUBERNETES[name] } : undefined);
    const finding = (message: string) => [{ id: ID, resource: from, message }];
    if (found === undefined) {
      return finding(`names the ${kind} ${namespace}/${name}, which this stack does not make`);
    }
    if (key === undefined) {
      return [];
    }
    if (found.keys === undefined) {
      return finding(`names a key of the ${kind} ${namespace}/${name}, whose keys the stack does not tell`);
    }
    return found.keys.includes(key)
      ? []
      : finding(
          `names the key ${key} of the ${kind} ${namespace}/${name}, which has: ${found.keys.join(", ")}`,
        );
  });
  return { scanned: named.length, findings };
};
