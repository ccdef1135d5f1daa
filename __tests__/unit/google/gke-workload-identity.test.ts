import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import { Cloud } from "../../../lib/database";
import { GkeWorkloadIdentity, type GkeWorkloadIdentityProps } from "../../../lib/google";
import { problemsOf, rendered, synthesize, treeOf } from "../../support/synth";

const props: GkeWorkloadIdentityProps = {
  namespace: "coder",
  serviceAccountName: "coder",
  project: "platform",
};

test("has the two roles that Cloud SQL needs, and one Kubernetes service account that impersonates it", () => {
  let identity: GkeWorkloadIdentity | undefined;
  const { resource, resources, stack } = synthesize((stack) => {
    identity = new GkeWorkloadIdentity(stack, "identity", { ...props, clusterProject: "clusters" });
  });
  expect(resource("google_service_account")).toMatchObject({
    account_id: "test-identity",
    project: "platform",
  });
  expect(resources("google_project_iam_member")).toEqual(
    ["roles/cloudsql.client", "roles/cloudsql.instanceUser"].map((role) => ({
      project: "platform",
      role,
      member: "${google_service_account.identity_0C5EE28D.member}",
    })),
  );
  expect(resource("google_service_account_iam_member")).toMatchObject({
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:clusters.svc.id.goog[coder/coder]",
  });
  expect(Object.keys(identity!.serviceAccountAnnotations)).toEqual(["iam.gke.io/gcp-service-account"]);
  expect(identity).toMatchObject({
    cloud: Cloud.GOOGLE,
    namespace: "coder",
    serviceAccountName: "coder",
    podLabels: {},
  });
  expect(rendered(identity!.dependables)).toHaveLength(3);
  expect(treeOf(stack.node.findChild("identity"))).toBe(
    "Resource\nRole-client\nRole-instanceUser\nBinding\n",
  );
  expect(resources("google_service_account_key")).toEqual([]);
});

test("has no role in the project with cloudSql false", () => {
  const { resources } = synthesize((stack) => {
    const identity = new GkeWorkloadIdentity(stack, "identity", { ...props, cloudSql: false });
    expect(rendered(identity.dependables)).toHaveLength(1);
  });
  expect(resources("google_project_iam_member")).toEqual([]);
});

test("has a key only on request, which is recorded once", () => {
  const { resource, infos } = synthesize((stack) => {
    const identity = new GkeWorkloadIdentity(stack, "identity", props);
    // The version follows from the key, which may be made anew under the same number.
    expect(Token.isUnresolved(identity.createKeyFile(2).version)).toBe(true);
    expect(identity.createKeyFile(2).dependables).toEqual(identity.createKeyFile(2).dependables);
  });
  expect(resource("google_service_account_key")).toMatchObject({
    keepers: { version: "2" },
    lifecycle: { create_before_destroy: true },
  });
  expect(infos.map((note) => note.message)).toEqual([
    "opt-out: GKE-IDENTITY-KEY-FILE: keyFile: Terraform's state contains a key of the service account; protect the state",
  ]);
});

test.each([
  ["identity", "test-identity"],
  ["x", "test-x"],
  ["an-identity-with-a-very-long-name-indeed", /^test-an-identity-with-[0-9a-f]{8}$/],
])("%s: the account id is legal for any construct id", (id, expected) => {
  const { resource } = synthesize((stack) => void new GkeWorkloadIdentity(stack, id, props));
  const accountId = resource("google_service_account").account_id;
  expect(accountId).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  expect(accountId).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
});

test.each([
  [
    { accountId: "short" },
    /^\[identity\] GKE-IDENTITY-ACCOUNT-ID: accountId must be 6 to 30 lower-case letters/,
  ],
  [{ accountId: "a".repeat(31) }, /^\[identity\] GKE-IDENTITY-ACCOUNT-ID: accountId must/],
  [{ accountId: "Coder-database" }, /^\[identity\] GKE-IDENTITY-ACCOUNT-ID: accountId must/],
  [{ accountId: "coder-database-" }, /^\[identity\] GKE-IDENTITY-ACCOUNT-ID: accountId must/],
  [{ project: "My Project" }, /^\[identity\] GKE-IDENTITY-PROJECT: project must be a project id/],
  [{ clusterProject: "x" }, /^\[identity\] GKE-IDENTITY-CLUSTER-PROJECT: clusterProject must/],
  [{ namespace: "Coder" }, /^\[identity\] GKE-IDENTITY-NAMESPACE: namespace must/],
  [
    { serviceAccountName: "-coder" },
    /^\[identity\] GKE-IDENTITY-SERVICE-ACCOUNT-NAME: serviceAccountName must/,
  ],
  [
    { displayName: "x".repeat(101) },
    /^\[identity\] GKE-IDENTITY-DISPLAY-NAME: displayName must have at most 100 characters/,
  ],
])("refuses %j", (wrong, message) => {
  expect(
    problemsOf((stack) => void new GkeWorkloadIdentity(stack, "identity", { ...props, ...wrong })),
  ).toEqual([expect.stringMatching(message)]);
});

test("warns if the account name is too long for a PostgreSQL user", () => {
  const { warnings } = synthesize(
    (stack) =>
      void new GkeWorkloadIdentity(stack, "identity", {
        ...props,
        project: "a-project-of-thirty-characters",
        accountId: "an-account-of-thirty-charactrs",
      }),
  );
  expect(warnings.map((note) => note.message)).toEqual([
    expect.stringMatching(/has more than 63 characters/),
  ]);
});

test("accepts a project that is not known at synth", () => {
  expect(
    problemsOf((stack) => {
      const project = new TerraformVariable(stack, "project", { type: "string" }).stringValue;
      new GkeWorkloadIdentity(stack, "identity", { ...props, project });
    }),
  ).toEqual([]);
});

describe("an existing account that signs blobs", () => {
  const existing = (email: string, project?: string) => (stack: TerraformStack) => {
    const { namespace, serviceAccountName } = props;
    const attributes = { namespace, serviceAccountName, email, project };
    const identity = GkeWorkloadIdentity.fromServiceAccountAttributes(stack, "identity", attributes);
    expect(identity.grantSignBlob()).toEqual(identity.grantSignBlob());
  };

  test("gets only that permission, on itself, in the project of its address", () => {
    const { resource } = synthesize(existing("gitlab@platform.iam.gserviceaccount.com"));
    expect(resource("google_project_iam_custom_role")).toMatchObject({
      project: "platform",
      permissions: ["iam.serviceAccounts.signBlob"],
    });
    expect(resource("google_service_account_iam_member")).toMatchObject({
      service_account_id: "projects/platform/serviceAccounts/gitlab@platform.iam.gserviceaccount.com",
      member: "serviceAccount:gitlab@platform.iam.gserviceaccount.com",
    });
  });

  test("may have an address that is not known at synth", () => {
    const { resource } = synthesize((stack) => {
      existing(new TerraformVariable(stack, "email", { type: "string" }).stringValue)(stack);
    });
    expect(resource("google_project_iam_custom_role").project).toBe(
      '${trimsuffix(element(split("@", var.email), 1), ".iam.gserviceaccount.com")}',
    );
  });

  test("needs its project if the address does not include it", () => {
    const email = "123-compute@developer.gserviceaccount.com";
    expect(problemsOf(existing(email))).toEqual([
      expect.stringMatching(
        /GKE-IDENTITY-PROJECT: project must be set for grantSignBlob, .*\(got not set\)$/,
      ),
    ]);
    expect(problemsOf(existing(email, "platform"))).toEqual([]);
  });
});
