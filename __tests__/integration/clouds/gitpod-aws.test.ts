import { DeletionPolicy } from "../../../lib/database";
import { gitpodAws } from "../../../stacks/inputs/aws";
import { describeWith } from "../../support/describe-with";
import { callIam, callRds, getS3, secretValues } from "../../support/servers/moto";
import { sightings } from "../../support/terraform/canary";
import { type Attributes, changes } from "../../support/terraform/plan";
import { GIVEN_PASSWORD, REGION } from "../../support/terraform/variable-values";
import { AppliedAwsStack, awsTools } from "./applied-aws-stack";
import { databaseGaps, replicationGaps } from "./emulator-gaps";

const COPIES_REGION = "eu-west-1";

// The emulator has one host for all buckets. Terraform merges by alias.
const provider = {
  aws: [{ s3_use_path_style: true }, { alias: "copies", s3_use_path_style: true }],
};

describeWith("gitpod-aws on an emulated AWS", awsTools, (tools) => {
  let stack: AppliedAwsStack;
  beforeAll(async () => {
    stack = await AppliedAwsStack.start(tools, "gitpod-aws", {
      gaps: [...databaseGaps, ...replicationGaps],
      variables: ({ cluster, subnets, topic, oidcProvider, users: [workspaces, images] }) => ({
        oidc_provider_arn: oidcProvider,
        cluster_name: cluster,
        subnet_ids: subnets,
        alarm_topic_arn: topic,
        copies_region: COPIES_REGION,
        workspaces_user_name: workspaces,
        images_user_name: images,
      }),
      override: { provider },
    });
  });
  afterAll(() => stack?.stop());

  /** The full name of the bucket whose name begins like this; the longest is cut and gets a hash. */
  const bucket = async (begin: string): Promise<string> => {
    const all = await getS3(stack.url, REGION, "");
    const [, name] = new RegExp(`<Name>(${begin}-[0-9a-z-]+)</Name>`).exec(all) ?? [];
    if (name === undefined) throw new Error(`no bucket begins with ${begin}: ${all}`);
    return name;
  };
  const BUCKETS: readonly [string, string][] = [
    ["gitpod-aws-workspaces", REGION],
    ["gitpod-aws-images", REGION],
    ["gitpod-aws-copies-of", COPIES_REGION],
    ["gitpod-aws-protection-velero-store", REGION],
    ["gitpod-aws-protection-dumps-store", REGION],
  ];

  test("creates everything", async () => {
    const found = await stack.plan();
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await stack.copy.apply();
    const managed = stack.copy.addresses().filter((address) => !address.startsWith("data."));
    expect(managed.sort()).toEqual(found.map(({ address }) => address).sort());
    const server = await callRds(stack.url, REGION, "DescribeDBInstances");
    for (const fact of [
      "<Engine>mysql</Engine>",
      "<MultiAZ>true</MultiAZ>",
      "<StorageEncrypted>true</StorageEncrypted>",
      "<PubliclyAccessible>false</PubliclyAccessible>",
      "<DeletionProtection>true</DeletionProtection>",
    ]) {
      expect(server).toContain(fact);
    }
  });

  test.each(BUCKETS)("%s is versioned, encrypted and closed", async (begin, region) => {
    const name = await bucket(begin);
    expect(name.length).toBeLessThanOrEqual(63);
    const ask = (setting: string) => getS3(stack.url, region, `${name}?${setting}`);
    expect(await ask("location")).toContain(region);
    expect(await ask("versioning")).toContain("<Status>Enabled</Status>");
    expect(await ask("encryption")).toMatch(/aws:kms.*<BucketKeyEnabled>true/s);
    expect(await ask("policy")).toContain("RefusePlainHttp");
    expect(await ask("ownershipControls")).toContain("BucketOwnerEnforced");
    expect(await ask("publicAccessBlock")).toMatch(
      /<BlockPublicAcls>true.*<IgnorePublicAcls>true.*<BlockPublicPolicy>true.*<RestrictPublicBuckets>true/s,
    );
  });

  test("copies workspaces to the second region", async () => {
    const replication = await getS3(
      stack.url,
      REGION,
      `${await bucket("gitpod-aws-workspaces")}?replication`,
    );
    const destination = await bucket("gitpod-aws-copies-of");
    expect(replication).toContain("<Status>Enabled</Status>");
    expect(replication).toContain(`arn:aws:s3:::${destination}`);
    await expect(
      getS3(stack.url, REGION, `${await bucket("gitpod-aws-images")}?replication`),
    ).rejects.toThrow(/404/);
  });

  test.each(["workspaces", "images"])("the user for %s opens that bucket alone", async (which) => {
    const user = `gitpod-${which}`;
    const listed = await callIam(stack.url, "ListUserPolicies", { UserName: user });
    const policies = [...listed.matchAll(/<member>([^<]+)<\/member>/g)].map(([, name]) => name as string);
    expect(policies).toHaveLength(1);
    const answer = await callIam(stack.url, "GetUserPolicy", {
      UserName: user,
      PolicyName: policies[0] as string,
    });
    const text = /<PolicyDocument>([\s\S]*)<\/PolicyDocument>/.exec(answer)?.[1] as string;
    const document: { Statement: { Action: string | string[]; Resource: string | string[] }[] } = JSON.parse(
      decodeURIComponent(text.replace(/&quot;/g, '"')),
    );
    const name = await bucket(`gitpod-aws-${which}`);
    const flat = (values: (string | string[])[]) => values.flat();
    const resources = flat(document.Statement.map(({ Resource }) => Resource)).filter((arn) =>
      arn.includes(":s3:"),
    );
    expect(new Set(resources)).toEqual(new Set([`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]));
    const actions = flat(document.Statement.map(({ Action }) => Action));
    expect(actions).toEqual(expect.arrayContaining(["s3:GetObject", "s3:PutObject"]));
    expect(actions.filter((action) => action.includes("*") && action.startsWith("s3"))).toEqual([]);
    expect(await callIam(stack.url, "ListAttachedUserPolicies", { UserName: user })).not.toContain(
      "<PolicyArn>",
    );
  });

  test("has nothing to change then, beyond the emulator's gaps", async () => {
    expect(stack.unexpected(await stack.plan())).toEqual([]);
    expect(stack.unmetGaps).toEqual([]);
  });

  test("keeps passwords, Gitpod's key and the users' keys out of stack, plans and state", async () => {
    const values = await secretValues(stack.url, REGION);
    // The administrator's, that of Gitpod's login, that of Velero's repositories, and Gitpod's key, whose 32 characters are its bytes.
    expect(values).toHaveLength(4);
    expect(new Set(values.map((value) => value.length))).toEqual(new Set([32]));
    const documents = stack.documents();
    expect(documents.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cdk.tf.json", "terraform.tfstate", "plan 0", "plan 1"]),
    );
    const inBase64 = values.map((value) => Buffer.from(value).toString("base64"));
    expect(sightings(documents, [...values, ...inBase64, GIVEN_PASSWORD])).toEqual([]);
    // The search finds what is there.
    expect(sightings(documents, [stack.zone.vpc])).not.toEqual([]);
  });

  test("refuses to destroy the database, the buckets and the keys", () => {
    const said = stack.copy.planFails("-destroy");
    expect(said).toMatch(/Instance cannot be destroyed/);
    const holders = ["aws_db_instance", "aws_s3_bucket", "aws_kms_key", "aws_secretsmanager_secret"];
    const held = holders.flatMap((type) =>
      Object.entries(stack.json.resource?.[type] ?? {})
        .filter(([, { lifecycle }]) => (lifecycle as Attributes | undefined)?.prevent_destroy === true)
        .map(([name]) => `${type}.${name.replace(/_[0-9A-F]{8}$/, "")}`),
    );
    expect(held.sort()).toEqual([
      "aws_db_instance.mysql",
      "aws_kms_key.copies-of-workspaces_Destination_Key",
      "aws_kms_key.images_Key",
      "aws_kms_key.mysql_Key",
      "aws_kms_key.protection_key",
      "aws_kms_key.workspaces_Key",
      "aws_s3_bucket.copies-of-workspaces_Destination",
      "aws_s3_bucket.images",
      "aws_s3_bucket.protection_dumps-store",
      "aws_s3_bucket.protection_velero-store",
      "aws_s3_bucket.workspaces",
      "aws_secretsmanager_secret.encryption-key",
      "aws_secretsmanager_secret.protection_velero-password",
    ]);
    const refused = [...said.matchAll(/Resource\s+(\w+\.[\w-]+)_[0-9A-F]{8}(?:\[[^\]]+\])?\s+has/g)].map(
      ([, name]) => name,
    );
    // Terraform does not come to what is behind something that it may not destroy: the database's key, Gitpod's encryption key, and the
    // password of Velero's repositories with its key.
    const behind = [
      "aws_kms_key.mysql_Key",
      "aws_kms_key.protection_key",
      "aws_secretsmanager_secret.encryption-key",
      "aws_secretsmanager_secret.protection_velero-password",
    ];
    const first = [
      ...held.filter((name) => !behind.includes(name)),
      "terraform_data.database_Keys",
      "terraform_data.protection_velero_RepositoryPassword",
    ];
    expect(refused).toEqual(expect.arrayContaining(first));
  });

  // That it then goes is shown for the same constructs in coder-aws.test.ts and object-storage.test.ts, which takes minutes.
  test("would change the deletion policy in place, and could be destroyed then", async () => {
    stack.change((app) => gitpodAws(app, { deletionPolicy: DeletionPolicy.DELETE }));
    const found = await stack.plan();
    const gone = found.filter(({ actions }) => actions.join() !== "update");
    expect(gone.map(({ address, actions }) => `${actions.join()} ${address.split(".")[0]}`)).toEqual([
      "delete terraform_data",
    ]);
    const destroyed = changes(await stack.copy.planAsync("-destroy"));
    expect(new Set(destroyed.map(({ actions }) => actions.join()))).toEqual(new Set(["delete"]));
  });
});
