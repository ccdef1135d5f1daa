/** Terraform with the true schemas takes what a pooler makes; passwords are in no plan and no state; changes stay in place. */
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { PoolMode, SecretValue } from "../../../lib/database";
import { ConsulLeaderSource, LeaderWatch, type PgBouncerProps, type PoolEntry } from "../../../lib/pooling";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";
import { CA, database, login, pooler, server } from "../../unit/pooling/fixture";

const PASSWORD = 'canary "pass" \\ ${word}';

interface Change {
  readonly version?: number;
  readonly host?: string;
  readonly poolSize?: number;
  readonly props?: Partial<PgBouncerProps>;
}

/** A pooler with everything on it. */
function full(change: Change = {}): string {
  return writtenStack((stack: TerraformStack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    const cluster = server(stack, "cluster", {
      ...(change.host && { host: change.host }),
      tls: {
        enforced: true,
        hostnameVerifiable: true,
        caCertificatesPem: CA,
        clientCertificate: {
          certificatePem: CA,
          privateKeyPem: SecretValue.fromEphemeral("${var.password-main_owner}", { version: 1 }),
        },
      },
    });
    const watch = new LeaderWatch(stack, "watch", {
      server: cluster,
      image: "registry.example.com/watch:1",
      source: ConsulLeaderSource.fromPatroni("gitlab-main", {
        url: "https://consul.example.com:8501",
        caCertificatesPem: CA,
        token: login(stack, "main_owner").password,
      }),
    });
    const entries: PoolEntry[] = [
      { database: database(stack, "main", cluster, change.version), poolSize: change.poolSize },
      { database: database(stack, "Reg_istry", cluster), mode: PoolMode.SESSION, poolSize: 5 },
    ];
    pooler(stack, { entries, leaderWatches: [watch], ...change.props });
  });
}

describeWith("a pooler", terraformWithMirror, (terraform) => {
  const variables = { "password-main_owner": PASSWORD, "password-Reg_istry_owner": "another" };
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, full(), { variables });
    copy.init();
  });
  afterAll(() => copy?.remove());

  const between = async (change: Change) => {
    copy.use(full(change));
    const plan = copy.plan();
    copy.use(full());
    return changes(plan).map((c) => `${c.address.replace(/^.*\.pooler_/, "")} ${c.actions} ${c.attributes}`);
  };

  test("is valid, applies, and the second plan is empty", async () => {
    expect(copy.validate()).toMatchObject({ valid: true });
    await copy.apply();
    expect(changes(copy.plan())).toEqual([]);
  });

  test("no password is in the stack, the plan or the state", () => {
    const texts = [...copy.written(), { name: "plan", text: JSON.stringify(copy.plan()) }];
    expect(texts.length).toBeGreaterThan(2);
    for (const { name, text } of texts) {
      expect([name, text.includes("canary")]).toEqual([name, false]);
    }
  });

  test("a new password, host or size changes files in place and never the pods", async () => {
    expect(await between({ version: 2 })).toEqual([
      expect.stringMatching(/^Secret_.* update data_wo_revision$/),
    ]);
    expect(await between({ host: "restored.example.com" })).toEqual([
      expect.stringMatching(/^Config_.* update data$/),
    ]);
    expect(await between({ poolSize: 3 })).toEqual([expect.stringMatching(/^Config_.* update data$/)]);
  });

  test("more pods are an update in place", async () => {
    const changed = await between({ props: { replicas: 3 } });
    expect(changed.filter((c) => !c.includes(" update "))).toEqual([]);
    expect(changed.some((c) => c.includes("spec"))).toBe(true);
  });
});
