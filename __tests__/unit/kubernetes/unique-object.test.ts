import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { CaSecret, DatabaseSecret, SecretEntry } from "../../../lib/kubernetes";
import { problemsOf } from "../../support/synth";

const entries = [SecretEntry.plain("username", "gitpod")];
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

describe("two Secrets with the same name in a namespace", () => {
  test("are refused, also when one has CA certificates", () => {
    const said = problemsOf((stack) => {
      const common = { namespace: "gitpod", secretName: "database" };
      new DatabaseSecret(stack, "login", { ...common, entries });
      new CaSecret(stack, "authorities", { ...common, caCertificatesPem: PEM });
      new DatabaseSecret(stack, "again", { ...common, entries });
    });
    const rule = "test/login is another Secret of this name in gitpod: choose another name for one of them";
    expect(said).toEqual([
      `[authorities] K8S-SECRET-NAME: secretName must be unique (got "database"); ${rule}`,
      `[again] K8S-SECRET-NAME: secretName must be unique (got "database"); ${rule}`,
    ]);
  });

  test("are refused in a namespace that only Terraform knows, if it is the same variable", () => {
    const said = problemsOf((stack) => {
      const variable = new TerraformVariable(stack, "namespace", {});
      for (const id of ["a", "b"]) {
        const namespace = variable.stringValue;
        new DatabaseSecret(stack, id, { namespace, secretName: "database", entries });
      }
    });
    expect(said).toEqual([
      '[b] K8S-SECRET-NAME: secretName must be unique (got "database"); test/a is another Secret of this name in the same place: choose another name for one of them',
    ]);
  });

  const cluster = (stack: TerraformStack, alias: string) => new KubernetesProvider(stack, alias, { alias });
  const token = (stack: TerraformStack, name: string) => new TerraformVariable(stack, name, {}).stringValue;
  test.each<[string, (stack: TerraformStack) => void]>([
    [
      "another namespace",
      (stack) => {
        for (const namespace of ["a", "b"]) {
          new DatabaseSecret(stack, namespace, { namespace, secretName: "database", entries });
        }
      },
    ],
    [
      "another cluster",
      (stack) => {
        for (const id of ["blue", "green"]) {
          const provider = cluster(stack, `cluster-${id}`);
          new DatabaseSecret(stack, id, { namespace: "gitpod", secretName: "database", entries, provider });
        }
      },
    ],
    [
      "names known only at apply",
      (stack) => {
        for (const id of ["a", "b"]) {
          const secretName = token(stack, `name_${id}`);
          new DatabaseSecret(stack, id, { namespace: "gitpod", secretName, entries });
        }
      },
    ],
  ])("%s is accepted", (_, build) => {
    expect(problemsOf(build)).toEqual([]);
  });
});
