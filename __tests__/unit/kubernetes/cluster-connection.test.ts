import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { EksConnection, type EksConnectionProps, EksTokenSource } from "../../../lib/aws/eks/eks-connection";
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

test("environment variables of an exec plugin keep their names, in both providers", () => {
  const { kubernetes, helm } = connect(() =>
    ClusterConnection.fromAddress({
      host: "https://cluster.example.com",
      clusterCaCertificate: "PEM",
      tokenCommand: { command: "login", env: { AWS_PROFILE: "deploy", noProxy: "*" } },
    }),
  );
  const env = { AWS_PROFILE: "deploy", noProxy: "*" };
  expect([kubernetes.exec[0].env, helm.exec.env]).toEqual([env, env]);
});

describe("EKS", () => {
  const address = {
    host: expect.stringMatching(/^\$\{data\.aws_eks_cluster\.\w+\.endpoint\}$/),
    cluster_ca_certificate: expect.stringMatching(
      /^\$\{base64decode\(data\.aws_eks_cluster\.\w+\.certificate_authority\[0\]\.data\)\}$/,
    ),
  };
  const eks = (props: Partial<EksConnectionProps> = {}, settings: AwsProviderConfig = {}) =>
    connect((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1", ...settings });
      return new EksConnection(stack, "cluster", { clusterName: "platform", ...props });
    });
  const command = ["eks", "get-token", "--cluster-name", "platform", "--output", "json"];

  test("the providers ask for a token whenever one expires, in the region of the AWS provider", () => {
    const { kubernetes, helm, data, json, infos, warnings } = eks();
    expect(data("aws_eks_cluster")).toEqual({ name: "platform" });
    const exec = {
      api_version: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: [...command, "--region", "eu-central-1"],
    };
    expect(kubernetes).toEqual({ ...address, exec: [exec] });
    expect(helm).toEqual({ ...address, exec });
    expect(json).not.toHaveProperty("ephemeral");
    expect([infos, warnings]).toEqual([[], []]);
  });

  test("the token is for the region, the role and the profile that are given", () => {
    const roleArn = "arn:aws:iam::123456789012:role/deploy";
    const { helm, warnings } = eks(
      { region: "eu-west-1", roleArn, profile: "deploy" },
      { profile: "deploy", assumeRole: [{ roleArn }] },
    );
    expect(helm.exec).toMatchObject({
      args: [...command, "--region", "eu-west-1", "--role-arn", roleArn, "--profile", "deploy"],
    });
    expect(warnings).toEqual([]);
  });

  test("warns of credentials of the AWS provider that the AWS CLI does not know", () => {
    const { warnings } = eks({}, { profile: "deploy", assumeRole: [{ roleArn: "arn:aws:iam::1:role/a" }] });
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^EKS-PROFILE: profile is not set, while the AWS provider has a profile/),
      expect.stringMatching(/^EKS-ROLE-ARN: roleArn is not set, while the AWS provider assumes a role/),
    ]);
  });

  test("a token that is not renewed is an opt-out, and needs no program", () => {
    const { kubernetes, helm, ephemeral, infos } = eks({ tokenSource: EksTokenSource.EPHEMERAL_RESOURCE });
    expect(ephemeral("aws_eks_cluster_auth")).toEqual({ name: "platform" });
    const token = expect.stringMatching(/^\$\{ephemeral\.aws_eks_cluster_auth\.\w+\.token\}$/);
    expect(kubernetes).toEqual({ ...address, token });
    expect(helm).toEqual({ ...address, token });
    expect(infos.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^opt-out: EKS-TOKEN-SOURCE: tokenSource: .*15 minutes/),
    ]);
  });

  test("refuses a role and a profile beside a token of the AWS provider", () => {
    const problems = problemsOf((stack) => {
      const tokenSource = EksTokenSource.EPHEMERAL_RESOURCE;
      new EksConnection(stack, "a", { clusterName: "a", tokenSource, roleArn: "deploy", profile: "deploy" });
    });
    expect(problems).toEqual([
      expect.stringMatching(/EKS-ROLE-ARN: roleArn must be the ARN of an IAM role.*\(got "deploy"\)/),
      expect.stringMatching(/roleArn must not be set with EksTokenSource.EPHEMERAL_RESOURCE/),
      expect.stringMatching(/profile must not be set with EksTokenSource.EPHEMERAL_RESOURCE/),
    ]);
  });
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
