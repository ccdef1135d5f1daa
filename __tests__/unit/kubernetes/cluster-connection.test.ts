import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { EksConnection } from "../../../lib/aws/eks/eks-connection";
import { AksConnection } from "../../../lib/azure/aks/aks-connection";
import { GkeConnection } from "../../../lib/google/gke/gke-connection";
import { ClusterConnection, type IClusterConnection } from "../../../lib/kubernetes";
import { problemsOf, synthesize } from "../../support/synth";

function connect(make: (stack: TerraformStack) => IClusterConnection) {
  const built = synthesize((stack) => {
    const cluster = make(stack);
    new KubernetesProvider(stack, "kubernetes", cluster.kubernetes);
    new HelmProvider(stack, "helm", { kubernetes: cluster.helm });
  });
  return {
    ...built,
    kubernetes: built.json.provider.kubernetes[0],
    helm: built.json.provider.helm[0].kubernetes,
  };
}

test("a kubeconfig connection has an explicit context", () => {
  const { kubernetes, helm } = connect(() => ClusterConnection.fromKubeconfig({ context: "production" }));
  expect(kubernetes).toEqual({ config_path: "~/.kube/config", config_context: "production" });
  expect(helm).toEqual(kubernetes);
});

test("EKS: the token is ephemeral, and no program is needed", () => {
  const { kubernetes, helm, data, ephemeral } = connect(
    (stack) => new EksConnection(stack, "cluster", { clusterName: "platform", region: "eu-central-1" }),
  );
  expect(data("aws_eks_cluster")).toEqual({ name: "platform", region: "eu-central-1" });
  expect(ephemeral("aws_eks_cluster_auth")).toEqual({ name: "platform", region: "eu-central-1" });
  const expected = {
    host: expect.stringMatching(/^\$\{data\.aws_eks_cluster\.\w+\.endpoint\}$/),
    cluster_ca_certificate: expect.stringMatching(
      /^\$\{base64decode\(data\.aws_eks_cluster\.\w+\.certificate_authority\[0\]\.data\)\}$/,
    ),
    token: expect.stringMatching(/^\$\{ephemeral\.aws_eks_cluster_auth\.\w+\.token\}$/),
  };
  expect(kubernetes).toEqual(expected);
  expect(helm).toEqual(expected);
});

test("EKS: VPC and OIDC issuer of the cluster", () => {
  const { json } = synthesize((stack) => {
    const cluster = new EksConnection(stack, "cluster", { clusterName: "platform" });
    stack.addOverride("locals", {
      vpc: cluster.vpcId,
      group: cluster.securityGroup.securityGroupId,
      issuer: cluster.oidcIssuerUrl,
    });
  });
  expect(json.locals).toEqual({
    vpc: expect.stringContaining(".vpc_config[0].vpc_id"),
    group: expect.stringContaining(".vpc_config[0].cluster_security_group_id"),
    issuer: expect.stringContaining(".identity[0].oidc[0].issuer"),
  });
});

test("GKE: Google's exec plugin by default, an ephemeral token for an impersonated service account", () => {
  const plugin = connect(
    (stack) => new GkeConnection(stack, "cluster", { clusterName: "platform", location: "europe-west1" }),
  );
  const exec = {
    api_version: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
  };
  expect(plugin.kubernetes.exec).toEqual([exec]);
  expect(plugin.helm.exec).toEqual(exec);
  expect(plugin.kubernetes.host).toMatch(/^https:\/\/\$\{data\.google_container_cluster\.\w+\.endpoint\}$/);

  const acting = connect(
    (stack) =>
      new GkeConnection(stack, "cluster", {
        clusterName: "platform",
        location: "europe-west1",
        impersonateServiceAccount: "deployer@project.iam.gserviceaccount.com",
      }),
  );
  expect(acting.kubernetes.exec).toBeUndefined();
  expect(acting.kubernetes.token).toMatch(
    /^\$\{ephemeral\.google_service_account_access_token\.\w+\.access_token\}$/,
  );
  expect(acting.ephemeral("google_service_account_access_token").target_service_account).toBe(
    "deployer@project.iam.gserviceaccount.com",
  );
});

test("AKS: kubelogin, and no credentials in the state", () => {
  const { kubernetes, json } = connect(
    (stack) =>
      new AksConnection(stack, "cluster", {
        clusterFqdn: "platform.hcp.westeurope.azmk8s.io",
        clusterCaCertificateBase64: "Q0E=",
      }),
  );
  expect(json.data).toBeUndefined();
  expect(kubernetes).toEqual({
    host: "https://platform.hcp.westeurope.azmk8s.io:443",
    cluster_ca_certificate: '${base64decode("Q0E=")}',
    exec: [
      {
        api_version: "client.authentication.k8s.io/v1beta1",
        command: "kubelogin",
        args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
      },
    ],
  });
});

test("invalid names are reported, tokens are accepted", () => {
  expect(
    problemsOf((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
      new EksConnection(stack, "eks", { clusterName: "no such/name" });
      new GkeConnection(stack, "gke", {
        clusterName: "Upper",
        location: "x",
        impersonateServiceAccount: "me",
      });
      new AksConnection(stack, "aks", {
        clusterFqdn: "https://x:443",
        clusterCaCertificateBase64: "-----BEGIN",
        loginMethod: "password",
      });
      new EksConnection(stack, "eks2", { clusterName: text("a") });
      new GkeConnection(stack, "gke2", { clusterName: text("b"), location: text("c") });
      new AksConnection(stack, "aks2", { clusterFqdn: text("d"), clusterCaCertificateBase64: text("e") });
    }),
  ).toEqual([
    expect.stringMatching(/^\[eks\] EKS-CLUSTER-NAME: clusterName must/),
    expect.stringMatching(/^\[gke\] GKE-CLUSTER-NAME: clusterName must/),
    expect.stringMatching(/^\[gke\] GKE-IMPERSONATE-SERVICE-ACCOUNT: impersonateServiceAccount must/),
    expect.stringMatching(/^\[aks\] AKS-CLUSTER-FQDN: clusterFqdn must/),
    expect.stringMatching(/^\[aks\] AKS-CLUSTER-CA-CERTIFICATE-BASE64: clusterCaCertificateBase64 must/),
    expect.stringMatching(/^\[aks\] AKS-LOGIN-METHOD: loginMethod must be azurecli/),
  ]);
});
