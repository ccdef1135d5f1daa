/**
 * A server, its network, key, secrets and bucket that plain Terraform resources made, taken over by a program of this library, applied by the
 * real aws provider to an emulated AWS: nothing is replaced, renamed or restarted, no password changes, and Coder runs on it with the old one.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket as PlainBucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { SecurityGroup as PlainSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  DatabaseNetwork,
  EncryptionKey,
  RdsAdminLogin,
  RdsServer,
  S3Bucket,
  SecurityGroup,
  StoredSecret,
} from "../../../lib/aws";
import { EksConnection } from "../../../lib/aws/eks";
import { CoderRelease } from "../../../lib/coder";
import {
  adoptConstruct,
  DatabaseEngine,
  DatabaseLogin,
  MachineSize,
  PostgresVersion,
  type SecretValue,
} from "../../../lib/database";
import { renderText, reviewPlan } from "../../../lib/review";
import { describeWith } from "../../support/describe-with";
import {
  callJson,
  callRds,
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import { sightings } from "../../support/terraform/canary";
import { type Change, changes, type PlanJson } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";
import { databaseGaps } from "./emulator-gaps";

const PASSWORDS = {
  postgres: "Password-of-the-administrator-1",
  coder: "Password-of-coder-known-to-coder-1",
};

/** What of the server changes with the import: all of it without a restart. */
const IN_PLACE = [
  "apply_immediately",
  "copy_tags_to_snapshot",
  "delete_automated_backups",
  "deletion_protection",
  "enabled_cloudwatch_logs_exports",
  "final_snapshot_identifier",
  "iam_database_authentication_enabled",
  "monitoring_interval",
  "monitoring_role_arn",
  "performance_insights_enabled",
  "performance_insights_retention_period",
  "skip_final_snapshot",
  "timeouts",
];

describeWith("a server that others made, on an emulated AWS", awsTools, (tools) => {
  let folder: string;
  let moto: Moto;
  let zone: LandingZone;
  let before: StackCopy;
  let adopted: StackCopy;
  let first: PlanJson;
  let ids: { readonly [address: string]: string };

  const synth = (name: string, build: (stack: TerraformStack) => void): string => {
    const outdir = mkdtempSync(join(folder, "synth-"));
    const app = new App({ outdir, stackTraces: false });
    const stack = new TerraformStack(app, name);
    new AwsProvider(stack, "aws", { region: REGION });
    build(stack);
    app.synth();
    return join(outdir, "stacks", name);
  };

  /** As people write it: names of their own, other settings than our defaults, and a password in Secrets Manager. */
  const plain = (stack: TerraformStack) => {
    const key = new KmsKey(stack, "key", { description: "databases", enableKeyRotation: true });
    const subnets = new DbSubnetGroup(stack, "subnets", { name: "prod", subnetIds: [...zone.subnets] });
    const group = new PlainSecurityGroup(stack, "group", {
      name: "prod",
      description: "prod",
      vpcId: zone.vpc,
    });
    new VpcSecurityGroupIngressRule(stack, "rule", {
      securityGroupId: group.id,
      referencedSecurityGroupId: zone.nodeSecurityGroup,
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
    });
    const parameters = new DbParameterGroup(stack, "parameters", {
      name: "prod",
      family: "postgres17",
      parameter: [{ name: "work_mem", value: "65536", applyMethod: "immediate" }],
    });
    new DbInstance(stack, "server", {
      identifier: "prod",
      engine: "postgres",
      engineVersion: "17.5",
      instanceClass: "db.m7g.xlarge",
      storageType: "gp3",
      allocatedStorage: 200,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      username: "postgres",
      password: PASSWORDS.postgres,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [group.id],
      parameterGroupName: parameters.name,
      multiAz: true,
      backupRetentionPeriod: 14,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:30-sun:05:30",
      caCertIdentifier: "rds-ca-rsa2048-g1",
      skipFinalSnapshot: true,
    });
    for (const [name, value] of Object.entries(PASSWORDS)) {
      const secret = new SecretsmanagerSecret(stack, `secret-${name}`, { name: `prod/${name}` });
      new SecretsmanagerSecretVersion(stack, `version-${name}`, { secretId: secret.id, secretString: value });
    }
    const bucket = new PlainBucket(stack, "bucket", { bucket: "prod-objects" });
    new S3BucketVersioningA(stack, "versioning", {
      bucket: bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
  };

  const ours = (stack: TerraformStack) => {
    const key = new EncryptionKey(stack, "key", { logGroups: "/aws/rds/instance/prod/*" });
    adoptConstruct(key, { ids: { Resource: ids["aws_kms_key.key"] as string } });
    const network = new DatabaseNetwork(stack, "network", {
      vpcId: zone.vpc,
      subnetIds: [...zone.subnets],
      clients: [SecurityGroup.fromSecurityGroupId(zone.nodeSecurityGroup)],
    });
    adoptConstruct(network, {
      ids: {
        Subnets: "prod",
        SecurityGroup: ids["aws_security_group.group"] as string,
        [`From-${zone.nodeSecurityGroup}-5432`]: ids["aws_vpc_security_group_ingress_rule.rule"] as string,
      },
    });
    const login = (name: keyof typeof PASSWORDS) =>
      DatabaseLogin.withPassword(
        name,
        new StoredSecret(stack, `${name}-password`, { secretId: `prod/${name}` }).value,
      );
    const server = new RdsServer(stack, "postgres", {
      identifier: "prod",
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 200 },
      parameters: { work_mem: "65536" },
      encryptionKey: key,
      adminLogin: RdsAdminLogin.existing(login("postgres")),
      network,
    });
    adoptConstruct(server, { existing: ["Resource"], ids: { Parameters: "prod" } });
    const objects = new S3Bucket(stack, "objects", { bucketName: "prod-objects", encryptionKey: key });
    adoptConstruct(objects, { existing: ["Resource", "Versioning"] });
    const cluster = new EksConnection(stack, "cluster", { clusterName: zone.cluster });
    new KubernetesProvider(stack, "kubernetes", cluster.kubernetes);
    new HelmProvider(stack, "helm", { kubernetes: cluster.helm });
    const database = server.database("coder", { owner: login("coder") });
    new CoderRelease(stack, "coder", {
      database,
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });
    // Kubernetes is a stand-in here, which shows no secret. These take what the cluster gets, and the emulator shows it.
    witness(stack, "coder", database.owner.password as SecretValue);
    witness(stack, "postgres", server.adminLogin.password as SecretValue);
  };

  const copyOf = (source: string) => {
    const copy = new StackCopy(tools.terraform, source, {
      realAws: tools.aws,
      env: motoEnvironment(moto.url),
    });
    copy.init();
    return copy;
  };

  const secret = async (name: string): Promise<string> =>
    (
      await callJson<{ SecretString: string }>(moto.url, REGION, "secretsmanager.GetSecretValue", {
        SecretId: name,
      })
    ).SecretString;

  /** What the emulator does not keep differs in each plan. */
  const real = (found: readonly Change[]): Change[] =>
    found.filter(
      ({ address, attributes }) =>
        !databaseGaps.some(
          (gap) => gap.address.test(address) && attributes.every((each) => gap.attributes.includes(each)),
        ),
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-adopted-"));
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    before = copyOf(synth("plain", plain));
    await before.apply();
    ids = idsIn(before.folder);
    // Another state: for Terraform these resources are not there yet.
    adopted = copyOf(synth("adopted", ours));
    first = await adopted.planAsync();
  });
  afterAll(async () => {
    before?.remove();
    adopted?.remove();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the first plan imports, and replaces, restarts, renames and removes nothing", () => {
    const found = changes(first);
    expect(found.filter(({ actions }) => actions.includes("delete"))).toEqual([]);
    const changed = found.filter(({ actions }) => actions.join() === "update");
    expect(changed.map(({ address }) => address.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "aws_db_instance.postgres",
      "aws_db_parameter_group.postgres_Parameters",
      "aws_kms_key.key",
    ]);
    // Neither name, version, machine, disk, subnets, security groups, key, parameter group nor password.
    const [instance] = changed;
    expect(instance?.attributes.filter((name) => !IN_PLACE.includes(name))).toEqual([]);
  });

  test("the review lists the imports, and sees no outage but by the policy of the key", () => {
    const text = renderText(reviewPlan(first));
    const [, imported = ""] = /\n +Imported\n((?: {4,}.*\n)+)/.exec(text) ?? [];
    expect(
      imported
        .trim()
        .split(/\s+/)
        .map((address) => address.replace(/_[0-9A-F]{8}$/, "")),
    ).toEqual([
      "aws_db_instance.postgres",
      "aws_db_parameter_group.postgres_Parameters",
      "aws_db_subnet_group.network_Subnets",
      "aws_kms_key.key",
      "aws_s3_bucket.objects",
      "aws_s3_bucket_versioning.objects_Versioning",
      "aws_security_group.network_SecurityGroup",
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\.network_From-sg-/),
    ]);
    const [, outage = ""] = /\n +OUTAGE\n(.*?)\n\n/s.exec(text) ?? [];
    expect([...outage.matchAll(/id: ([A-Z-]+):/g)].map(([, id]) => id)).toEqual(["KMS-POLICY"]);
  });

  test("the apply keeps both passwords, and Coder gets the old one", async () => {
    await adopted.apply();
    expect(await secret("witness-coder")).toBe(PASSWORDS.coder);
    expect(await secret("witness-postgres")).toBe(PASSWORDS.postgres);
    const instances = await callRds(moto.url, REGION, "DescribeDBInstances");
    expect(instances.match(/<DBInstanceIdentifier>prod<\/DBInstanceIdentifier>/g)).toHaveLength(1);
  });

  test("the second plan has nothing to do", async () => {
    expect(real(changes(await adopted.planAsync()))).toEqual([]);
  });

  test("no password is in the stack, a plan or the state", () => {
    const documents = [...adopted.written(), { name: "plan", text: JSON.stringify(first) }];
    expect(sightings(documents, Object.values(PASSWORDS))).toEqual([]);
    expect(sightings(documents, [zone.vpc])).not.toEqual([]);
  });
});

function idsIn(folder: string): { readonly [address: string]: string } {
  const { resources } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")) as {
    resources: { mode: string; type: string; name: string; instances: { attributes: { id: string } }[] }[];
  };
  return Object.fromEntries(
    resources.map(({ type, name, instances }) => [`${type}.${name}`, instances[0]?.attributes.id ?? ""]),
  );
}

function witness(stack: TerraformStack, name: string, value: SecretValue): void {
  const { id } = new SecretsmanagerSecret(stack, `witness-${name}`, { name: `witness-${name}` });
  new SecretsmanagerSecretVersion(stack, `witness-${name}-version`, {
    secretId: id,
    secretStringWo: value.writeOnly(),
    secretStringWoVersion: value.version,
  });
}
