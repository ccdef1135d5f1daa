import { DeletionPolicy } from "../../../lib/database";
import { GitlabLayout } from "../../../stacks/gitlab-stack";
import { gitlabAws } from "../../../stacks/inputs/aws";
import { describeWith } from "../../support/describe-with";
import { callIam, callRds, getS3, secretValues } from "../../support/servers/moto";
import { sightings } from "../../support/terraform/canary";
import { changes } from "../../support/terraform/plan";
import { GIVEN_PASSWORD, REGION } from "../../support/terraform/variable-values";
import { AppliedAwsStack, awsTools } from "./applied-aws-stack";
import { databaseGaps } from "./emulator-gaps";

/** What IAM lets the inline policies of one role have together, spaces not counted. */
const INLINE_POLICIES = 10_240;

/** The provider waits after each change of a bucket until S3 answers the same for a while; all may wait at once. */
const AT_ONCE = "-parallelism=64";

describeWith("gitlab-aws on an emulated AWS", awsTools, (tools) => {
  let stack: AppliedAwsStack;
  beforeAll(async () => {
    stack = await AppliedAwsStack.start(tools, "gitlab-aws", {
      gaps: databaseGaps,
      variables: ({ cluster, subnets, topic, oidcProvider }) => ({
        cluster_name: cluster,
        subnet_ids: subnets,
        alarm_topic_arn: topic,
        oidc_provider_arn: oidcProvider,
      }),
      // The emulator has one host for all buckets.
      override: { provider: { aws: [{ s3_use_path_style: true }] } },
    });
  });
  afterAll(() => stack?.stop());

  /** The texts of the inline policies of the role that GitLab's pods have, by name. */
  const policies = async (): Promise<Map<string, string>> => {
    const roles = await callIam(stack.url, "ListRoles", {});
    const [, RoleName] = /<RoleName>(gitlab-aws-identity-[^<]+)<\/RoleName>/.exec(roles) ?? [];
    if (RoleName === undefined) throw new Error(`no role of an identity: ${roles}`);
    const listed = await callIam(stack.url, "ListRolePolicies", { RoleName });
    const names = [...listed.matchAll(/<member>([^<]+)<\/member>/g)].map(([, name]) => name as string);
    const texts = await Promise.all(
      names.map(async (PolicyName) => {
        const answer = await callIam(stack.url, "GetRolePolicy", {
          RoleName,
          PolicyName,
        });
        const text = /<PolicyDocument>([\s\S]*)<\/PolicyDocument>/.exec(answer)?.[1] as string;
        return [PolicyName, decodeURIComponent(text.replace(/&quot;/g, '"'))] as const;
      }),
    );
    return new Map(texts);
  };
  const characters = (texts: Iterable<string>): number =>
    [...texts].reduce((sum, text) => sum + text.replace(/\s/g, "").length, 0);

  test("creates everything", async () => {
    const found = await stack.plan();
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await stack.copy.apply(AT_ONCE);
    const managed = stack.copy.addresses().filter((address) => !address.startsWith("data."));
    expect(managed.sort()).toEqual(found.map(({ address }) => address).sort());
    const server = await callRds(stack.url, REGION, "DescribeDBInstances");
    for (const fact of [
      "<Engine>postgres</Engine>",
      "<MultiAZ>true</MultiAZ>",
      "<StorageEncrypted>true</StorageEncrypted>",
      "<PubliclyAccessible>false</PubliclyAccessible>",
      "<DeletionProtection>true</DeletionProtection>",
    ]) {
      expect(server).toContain(fact);
    }
    const buckets = (await getS3(stack.url, REGION, "")).match(/<Name>gitlab-aws-/g);
    // GitLab's eleven, and those of Velero and of the dumps.
    expect(buckets).toHaveLength(13);
  });

  test("a second plan has no changes, beyond the emulator's gaps", async () => {
    expect(stack.unexpected(await stack.plan())).toEqual([]);
    expect(stack.unmetGaps).toEqual([]);
  });

  test("the role of the pods has access to the eleven buckets only, and IAM accepts its policies", async () => {
    const texts = await policies();
    const documents = [...texts.values()].map(
      (text) =>
        JSON.parse(text) as {
          Statement: { Action: string[]; Resource: string }[];
        },
    );
    expect(documents).toHaveLength(11);
    const statements = documents.flatMap(({ Statement }) => Statement);
    const buckets = new Set(
      statements
        .map(({ Resource }) => Resource)
        .filter((arn) => arn.startsWith("arn:aws:s3:::gitlab-aws-"))
        .map((arn) => arn.replace(/\/\*$/, "")),
    );
    expect(buckets.size).toBe(11);
    const others = new Set(
      statements.map(({ Resource }) => Resource).filter((arn) => !arn.startsWith("arn:aws:s3:::gitlab-aws-")),
    );
    // One key for all.
    expect([...others]).toEqual([expect.stringMatching(/^arn:aws:kms:[^*]+:key\/[0-9a-f-]+$/)]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    // A store for Pages would be the twelfth; its policy is at most as long as the longest.
    const longest = Math.max(...[...texts.values()].map((text) => characters([text])));
    expect(longest).toBeGreaterThan(500);
    expect(characters(texts.values()) + longest).toBeLessThan(INLINE_POLICIES);
  });

  test("keeps passwords, GitLab's keys and Redis' password out of stack, plans and state", async () => {
    const values = await secretValues(stack.url, REGION);
    // The administrator's, that of GitLab's login, that of the registry's, and that of Velero's repositories.
    expect(values).toHaveLength(4);
    expect(new Set(values).size).toBe(4);
    expect(new Set(values.map((value) => value.length))).toEqual(new Set([32]));
    const documents = stack.documents();
    expect(documents.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cdk.tf.json", "terraform.tfstate", "plan 0", "plan 1"]),
    );
    const inBase64 = [...values, GIVEN_PASSWORD].map((value) => Buffer.from(value).toString("base64"));
    expect(sightings(documents, [...values, GIVEN_PASSWORD, ...inBase64])).toEqual([]);
    // The search finds what is there.
    expect(sightings(documents, [stack.zone.vpc])).not.toEqual([]);
  });

  test("refuses to destroy the database, the buckets and the keys", () => {
    // Terraform breaks its lines.
    const said = stack.copy.planFails("-destroy").replace(/\s+/g, " ");
    const held = stack.copy
      .addresses()
      .filter((address) => /^(aws_db_instance|aws_s3_bucket|aws_kms_key)\./.test(address))
      // Terraform does not come to the key behind a database or a secret that it may not destroy.
      .filter((address) => !/^aws_kms_key\.(postgres-main|protection_key)_/.test(address));
    // The server, eleven buckets with one key, and two buckets of backups.
    expect(held).toHaveLength(15);
    expect(held.filter((address) => !said.includes(`Resource ${address} has`))).toEqual([]);
  });

  test("another layout changes values of GitLab and no resources of AWS", async () => {
    stack.change((app) => gitlabAws(app, { layout: GitlabLayout.ONE_DATABASE }));
    const found = await stack.plan();
    const unexpected = stack.unexpected(found);
    expect(unexpected.filter(({ address }) => address.startsWith("aws_"))).toEqual([]);
    const types = new Set(unexpected.map(({ address }) => address.split(".")[0]));
    // The database of ci stays on its server, unused and not dumped.
    expect([...types].sort()).toEqual([
      "helm_release",
      "kubernetes_config_map_v1",
      "kubernetes_cron_job_v1",
      "kubernetes_job_v1",
    ]);
  });

  // That it then goes is shown for the same constructs in coder-aws.test.ts and object-storage.test.ts, which takes minutes.
  test("can be destroyed with another deletion policy", async () => {
    stack.change((app) => gitlabAws(app, { deletionPolicy: DeletionPolicy.DELETE }));
    const gone = changes(await stack.copy.planAsync("-destroy"));
    expect(new Set(gone.map(({ actions }) => actions.join()))).toEqual(new Set(["delete"]));
    const managed = stack.copy.addresses().filter((address) => !address.startsWith("data."));
    expect(gone.map(({ address }) => address).sort()).toEqual(managed.sort());
  });
});
