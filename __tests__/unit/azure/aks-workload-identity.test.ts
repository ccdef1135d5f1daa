import { TerraformOutput, TerraformVariable } from "cdktf";
import { AksWorkloadIdentity, type AksWorkloadIdentityProps } from "../../../lib/azure";
import { Cloud } from "../../../lib/database";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const props: AksWorkloadIdentityProps = {
  oidcIssuerUrl: "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
  namespace: "coder",
  serviceAccountName: "coder",
  resourceGroupName: "platform",
  location: "westeurope",
};

test("has a federated credential for exactly one service account", () => {
  const { resource, stack, json } = synthesize((s) => {
    const identity = new AksWorkloadIdentity(s, "identity", props);
    expect(identity.cloud).toBe(Cloud.AZURE);
    expect(identity.podLabels).toEqual({ "azure.workload.identity/use": "true" });
    new TerraformOutput(s, "annotations", { value: identity.serviceAccountAnnotations });
    expect(identity.dependables).toEqual([identity.credential]);
  });
  expect(json.output.annotations.value).toEqual({
    "azure.workload.identity/client-id": expect.stringMatching(
      /^\$\{azurerm_user_assigned_identity\.\w+\.client_id\}$/,
    ),
  });
  expect(resource("azurerm_federated_identity_credential")).toEqual({
    name: "kubernetes",
    resource_group_name: "platform",
    parent_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\./),
    issuer: props.oidcIssuerUrl,
    subject: "system:serviceaccount:coder:coder",
    audience: ["api://AzureADTokenExchange"],
  });
  expect(treeOf(stack.node.findChild("identity"))).toBe("Resource\nCredential\n");
});

test("accepts tokens", () => {
  const { resource } = synthesize((stack) => {
    const value = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
    new AksWorkloadIdentity(stack, "identity", {
      ...props,
      oidcIssuerUrl: value("issuer"),
      namespace: value("ns"),
    });
  });
  expect(resource("azurerm_federated_identity_credential")).toMatchObject({
    issuer: "${var.issuer}",
    subject: "system:serviceaccount:${var.ns}:coder",
  });
});

test.each([
  [
    "a wildcard namespace",
    { namespace: "*" },
    /AKS-IDENTITY-NAMESPACE: namespace must be .*\(got "\*"\).*wildcard/,
  ],
  ["a wildcard account", { serviceAccountName: "coder-*" }, /serviceAccountName must be .*"coder-\*"/],
  [
    "an issuer without TLS",
    { oidcIssuerUrl: "http://issuer" },
    /oidcIssuerUrl must begin with https:.*"http:\/\/issuer"/,
  ],
  ["a short name", { identityName: "id" }, /identityName must be .*"id"/],
])("refuses %s", (_, change, rule) => {
  const found = problemsOf(
    (stack) => void new AksWorkloadIdentity(stack, "identity", { ...props, ...change }),
  );
  expect(found).toEqual([expect.stringMatching(rule)]);
});
