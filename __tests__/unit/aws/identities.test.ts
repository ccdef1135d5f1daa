import { ref, Token } from "cdktf";
import { IrsaIdentity, PodIdentity } from "../../../lib/aws";
import { Cloud, DatabaseLogin, type IWorkloadIdentity, LoginAuthentication } from "../../../lib/database";
import { problemsOf, rendered, synthesize } from "../../support/synth";
import { server } from "./fixture";

const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";
const IRSA = {
  oidcProviderArn: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}`,
  oidcIssuerUrl: `https://${ISSUER}`,
  namespace: "coder",
  serviceAccountName: "coder",
};
const POD = { clusterName: "platform", namespace: "coder", serviceAccountName: "coder" };

const trustOf = (out: ReturnType<typeof synthesize>, role = out.resource("aws_iam_role")) =>
  JSON.parse(role.assume_role_policy).Statement[0];

describe("IRSA", () => {
  test("trusts one service account, with exact sub and aud", () => {
    const out = synthesize((stack) => {
      const identity = new IrsaIdentity(stack, "identity", IRSA);
      expect(identity.serviceAccountAnnotations).toEqual({ "eks.amazonaws.com/role-arn": identity.roleArn });
      expect(identity.cloud).toBe(Cloud.AWS);
    });
    expect(trustOf(out)).toEqual({
      Sid: "ServiceAccount",
      Effect: "Allow",
      Principal: { Federated: IRSA.oidcProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${ISSUER}:sub`]: "system:serviceaccount:coder:coder",
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
        },
      },
    });
    expect(out.resource("aws_iam_role").name_prefix.length).toBeLessThanOrEqual(38);
  });

  test("has Terraform remove the scheme of an issuer that is known to Terraform only", () => {
    for (const issuer of ["${data.x.y.issuer}", Token.asString(ref("data.x.y.issuer"))]) {
      const out = synthesize((stack) => {
        new IrsaIdentity(stack, "identity", { ...IRSA, oidcIssuerUrl: issuer });
      });
      // Not parsed: the quotes inside the expression are Terraform's.
      expect(out.resource("aws_iam_role").assume_role_policy).toContain(
        '"StringEquals":{"${trimsuffix(trimprefix(data.x.y.issuer, "https://"), "/")}:sub":"system:serviceaccount:coder:coder"',
      );
    }
  });

  test.each([
    [
      "a wildcard",
      { serviceAccountName: "*" },
      /IRSA-SERVICE-ACCOUNT-NAME: serviceAccountName must .*\(got "\*"\)/,
    ],
    ["a namespace that Kubernetes refuses", { namespace: "Coder" }, /namespace must .*\(got "Coder"\)/],
    [
      "a cluster's ARN",
      { oidcProviderArn: "arn:aws:eks:eu-central-1:123456789012:cluster/a" },
      /oidcProviderArn/,
    ],
    [
      "another cluster's issuer",
      { oidcIssuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com/id/OTHER" },
      /oidcIssuerUrl/,
    ],
  ])("refuses %s", (_, props, message) => {
    const problems = problemsOf((stack) => void new IrsaIdentity(stack, "identity", { ...IRSA, ...props }));
    expect(problems.join("\n")).toMatch(message);
  });
});

describe("Pod Identity", () => {
  test("associates the role with one service account of one cluster", () => {
    const out = synthesize((stack) => {
      const identity = new PodIdentity(stack, "identity", POD);
      expect(identity.serviceAccountAnnotations).toEqual({});
      expect(rendered(identity.dependables)).toEqual([identity.association]);
    });
    expect(out.resource("aws_eks_pod_identity_association")).toMatchObject({
      cluster_name: "platform",
      namespace: "coder",
      service_account: "coder",
    });
    expect(trustOf(out)).toMatchObject({
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": "platform",
          "aws:RequestTag/kubernetes-namespace": "coder",
          "aws:RequestTag/kubernetes-service-account": "coder",
        },
      },
    });
  });

  test("refuses names that Kubernetes or EKS refuse", () => {
    const problems = problemsOf(
      (stack) =>
        void new PodIdentity(stack, "identity", {
          clusterName: "a b",
          namespace: "-",
          serviceAccountName: "A",
        }),
    );
    expect(problems).toHaveLength(3);
  });
});

describe("grantConnect", () => {
  const login = DatabaseLogin.withCloudIdentity("coder");

  test("allows one user on one server, with partition, region, account and resource ID of the server", () => {
    const out = synthesize((stack) => {
      const identity = new IrsaIdentity(stack, "identity", IRSA);
      server(stack).grantConnect(identity, login);
      expect(rendered(identity.dependables)).toHaveLength(2);
    });
    const arn = "aws_db_instance.postgres_6BBC2FA4.arn";
    const part = (n: number) => `\${element(split(":", ${arn}), ${n})}`;
    expect(out.resource("aws_iam_role_policy").policy).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"ConnectToDatabase","Effect":"Allow","Action":"rds-db:connect",' +
        `"Resource":"arn:${part(1)}:rds-db:${part(3)}:${part(4)}:dbuser:\${aws_db_instance.postgres_6BBC2FA4.resource_id}/coder"}]}`,
    );
  });

  test("takes a user that is known to Terraform only", () => {
    const out = synthesize((stack) => {
      const identity = new PodIdentity(stack, "identity", POD);
      server(stack).grantConnect(identity, DatabaseLogin.withCloudIdentity("${var.user}"));
    });
    expect(out.resource("aws_iam_role_policy").policy).toContain("/${var.user}");
  });

  const failing = (change: { iam?: boolean; login?: DatabaseLogin; identity?: Partial<IWorkloadIdentity> }) =>
    problemsOf((stack) => {
      const identity = change.identity
        ? ({ namespace: "coder", serviceAccountName: "coder", ...change.identity } as IWorkloadIdentity)
        : new PodIdentity(stack, "identity", POD);
      server(stack, { iamAuthentication: change.iam }).grantConnect(identity, change.login ?? login);
    });

  test("refuses disabled IAM authentication, the master user, another cloud, a missing role and a user with a password", () => {
    expect(failing({ iam: false })).toEqual([
      expect.stringMatching(
        /RDS-GRANT-CONNECT-IAM-AUTHENTICATION: grantConnect\("coder"\): iamAuthentication must be true .*\(got false\)/,
      ),
    ]);
    expect(failing({ login: DatabaseLogin.withCloudIdentity("dbadmin") })).toEqual([
      expect.stringMatching(/username must not be the master user/),
    ]);
    expect(failing({ identity: { cloud: Cloud.GOOGLE } })).toEqual([
      expect.stringMatching(/identity\.cloud must be aws \(got "google"\)/),
    ]);
    expect(failing({ identity: { cloud: Cloud.AWS } })).toEqual([
      expect.stringMatching(/identity must have an IAM role/),
    ]);
    expect(
      problemsOf((stack) => {
        const made = server(stack);
        const identity = new PodIdentity(stack, "identity", POD);
        const { owner } = made.database("coder", { ownerAuthentication: LoginAuthentication.PASSWORD });
        made.grantConnect(identity, owner);
      }),
    ).toEqual([expect.stringMatching(/username must be a user without a password \(got "coder"\)/)]);
  });

  test("creates no policy for a refused grant", () => {
    expect(() =>
      synthesize((stack) => {
        server(stack, { iamAuthentication: false }).grantConnect(
          new PodIdentity(stack, "identity", POD),
          login,
        );
      }),
    ).toThrow(/iamAuthentication/);
  });
});
