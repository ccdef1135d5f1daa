/** Resources that exist are imported with the IDs that follow from the program or that it gives, and keep their names. */

import type { TerraformStack } from "cdktf";
import {
  DatabaseNetwork,
  RdsAdminLogin,
  RdsServer,
  type RdsServerProps,
  S3Bucket,
  SecurityGroup,
  StoredSecret,
} from "../../../lib/aws";
import {
  type AdoptionProps,
  adoptConstruct,
  DatabaseEngine,
  DatabaseLogin,
  MachineSize,
  PostgresVersion,
} from "../../../lib/database";
import { type Json, problemsOf, synthesize } from "../../support/synth";

const importsOf = (json: Json): { [to: string]: string } =>
  Object.fromEntries(
    (json.import ?? []).map(({ to, id }: Json) => [to.replace(/_[0-9A-F]{8}(?=$|\[)/, ""), id]),
  );
const network = (stack: TerraformStack) =>
  new DatabaseNetwork(stack, "network", {
    vpcId: "vpc-0a1b2c3d4e5f60001",
    subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60009")],
  });
const SERVER = {
  identifier: "prod-db",
  engine: DatabaseEngine.postgres(PostgresVersion.V17),
  size: MachineSize.general(4),
  storage: { sizeGiB: 100 },
};
const server = (stack: TerraformStack, props: Partial<RdsServerProps> = {}) =>
  new RdsServer(stack, "postgres", { ...SERVER, network: network(stack), ...props });
const adopt = (props: AdoptionProps) => (stack: TerraformStack) => adoptConstruct(server(stack), props);

test("IDs follow from the program where it has the names, and are given where only the cloud knows them", () => {
  const { json, infos } = synthesize((stack) => {
    adoptConstruct(server(stack), {
      existing: ["Resource", "Log-postgresql"],
      ids: { Parameters: "prod-parameters", "Monitoring/Resource": "prod-monitoring" },
    });
  });
  expect(importsOf(json)).toEqual({
    "aws_db_instance.postgres": "prod-db",
    "aws_cloudwatch_log_group.postgres_Log-postgresql": "/aws/rds/instance/prod-db/postgresql",
    "aws_db_parameter_group.postgres_Parameters": "prod-parameters",
    "aws_iam_role.postgres_Monitoring": "prod-monitoring",
  });
  expect(infos.find(({ message }) => message.startsWith("ADOPT-IMPORTS"))).toEqual({
    path: "postgres",
    message: expect.stringMatching(
      /^ADOPT-IMPORTS: adoptConstruct: imports Parameters, .*Resource, Log-postgresql; creates .*Key, .*AdminPassword/,
    ),
  });
});

test("texts whose change would replace a resource stay as they are in what exists, and in nothing else", () => {
  const { json, resource } = synthesize(
    adopt({ existing: ["Resource"], ids: { Parameters: "prod-parameters" } }),
  );
  expect(resource("aws_db_parameter_group").lifecycle).toEqual({
    create_before_destroy: true,
    ignore_changes: ["name_prefix", "description"],
  });
  expect(resource("aws_db_instance").lifecycle.ignore_changes.toSorted()).toEqual([
    "engine_lifecycle_support",
    "engine_version",
    "performance_insights_kms_key_id",
  ]);
  expect(resource("aws_iam_role").lifecycle).toBeUndefined();
  expect(Object.keys(importsOf(json))).toHaveLength(2);
});

test("the minor version stays that of the server until a major upgrade is allowed or the program names one", () => {
  const ignored = (props: Partial<RdsServerProps>): string[] =>
    synthesize((stack) => adoptConstruct(server(stack, props), { existing: ["Resource"] })).resource(
      "aws_db_instance",
    ).lifecycle.ignore_changes;
  expect(ignored({})).toContain("engine_version");
  expect(ignored({ allowMajorVersionUpgrade: true, applyImmediately: true })).not.toContain("engine_version");
  const exact = {
    engine: DatabaseEngine.postgres(PostgresVersion.of("17.5")),
    autoMinorVersionUpgrade: false,
  };
  expect(ignored(exact)).not.toContain("engine_version");
});

test("a child that is added after the call is adopted", () => {
  const { json } = synthesize((stack) => {
    const databases = network(stack);
    adoptConstruct(databases, {
      ids: {
        Subnets: "prod-subnets",
        SecurityGroup: "sg-0a1b2c3d4e5f60001",
        "From-sg-0a1b2c3d4e5f60009-5432": "sgr-0a1b2c3d4e5f60001",
      },
    });
    new RdsServer(stack, "postgres", { ...SERVER, network: databases });
  });
  expect(importsOf(json)).toEqual({
    "aws_db_subnet_group.network_Subnets": "prod-subnets",
    "aws_security_group.network_SecurityGroup": "sg-0a1b2c3d4e5f60001",
    "aws_vpc_security_group_ingress_rule.network_From-sg-0a1b2c3d4e5f60009-5432": "sgr-0a1b2c3d4e5f60001",
  });
});

test("a construct that exists as a whole needs the IDs that only the cloud knows, all in one message", () => {
  const [problem, ...others] = problemsOf(
    adopt({ everything: true, ids: { AdminPassword: "arn:of:secret" } }),
  );
  expect(others).toEqual([]);
  expect(problem).toContain(
    'ADOPT-IDS-MISSING: ids must have the import ID of each resource that exists and whose ID does not follow from the program (got "Key, Parameters, Monitoring, AdminPassword/Version")',
  );
  expect(problem).toContain('"Key": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9" (aws_kms_key: ID of the key)');
  expect(problem).toContain(
    '"Parameters": "prod-parameters" (aws_db_parameter_group: name of the DB parameter group)',
  );
});

test("every setting of a bucket follows from its name, by way of the bucket", () => {
  const { json } = synthesize((stack) => {
    const objects = new S3Bucket(stack, "objects", { bucketName: "platform-objects" });
    adoptConstruct(objects, { everything: true, ids: { Key: "0a1b2c3d" } });
  });
  const found = importsOf(json);
  expect(new Set(Object.values(found))).toEqual(
    new Set(["0a1b2c3d", "alias/test-objects-key", "platform-objects"]),
  );
  expect(Object.keys(found)).toEqual(
    expect.arrayContaining(["aws_s3_bucket.objects", "aws_s3_bucket_versioning.objects_Versioning"]),
  );
});

test("the ID of a child follows from the ID that its parent was given", () => {
  const { json } = synthesize((stack) => {
    adoptConstruct(server(stack), {
      ids: { Monitoring: "prod-monitoring" },
      existing: ["Resource", "Monitoring/Policy"],
    });
  });
  expect(importsOf(json)).toMatchObject({
    "aws_iam_role_policy_attachment.postgres_Monitoring_Policy": expect.stringMatching(
      /^prod-monitoring\/arn:\$\{data\.aws_partition\.[A-Za-z0-9_]+\.partition\}:iam::aws:policy\/service-role\/AmazonRDSEnhancedMonitoringRole$/,
    ),
  });
});

test("a generated secret keeps the value that it has until its version is incremented", () => {
  const version = (passwordVersion: number, secretVersion?: number) =>
    synthesize((stack) => {
      adoptConstruct(server(stack, { passwordVersion }), {
        existing: ["Resource"],
        ids: { AdminPassword: "arn:of:secret", "AdminPassword/Version": "arn:of:secret|1" },
        secretVersion,
      });
    }).resource("aws_secretsmanager_secret_version").lifecycle;
  const kept = { ignore_changes: ["secret_string_wo", "secret_string_wo_version"] };
  expect(version(1)).toEqual(kept);
  expect(version(2)).toBeUndefined();
  expect(version(3, 3)).toEqual(kept);
});

test("the password of a server's administrator can stay as it is, of a server that exists only", () => {
  const build = (adopted: boolean) => (stack: TerraformStack) => {
    const password = new StoredSecret(stack, "password", { secretId: "prod/postgres" }).value;
    const made = server(stack, {
      adminLogin: RdsAdminLogin.existing(DatabaseLogin.withPassword("postgres", password)),
    });
    if (adopted) adoptConstruct(made, { existing: ["Resource"] });
  };
  const instance = synthesize(build(true)).resource("aws_db_instance");
  expect(instance.username).toBe("postgres");
  expect(Object.keys(instance).filter((name) => name.includes("password"))).toEqual([]);
  expect(problemsOf(build(false))).toEqual([
    expect.stringContaining("RDS-ADMIN-LOGIN-EXISTING: adminLogin must be of a server that exists"),
  ]);
});

test.each<[string, AdoptionProps, string]>([
  [
    "a path that the construct does not have",
    { existing: ["Resource"], ids: { Parameter: "prod" } },
    'ADOPT-IDS-PATH: ids must be the path of a resource of the construct (got "Parameter"); it has Key, Key/Alias, Parameters,',
  ],
  [
    "one ID for several resources",
    { existing: ["Resource"], ids: { AdminPassword: "arn:of:secret", ".": "x" } },
    'ADOPT-IDS-PATH: ids must be the path of one resource (got "."); there are 13 at this one',
  ],
  [
    "another name than that of the program, from which others follow",
    { ids: { Resource: "other-db" } },
    'ADOPT-IDS-NAME: ids["Resource"] must be prod-db (got "other-db"); it follows from the program',
  ],
  ["an empty ID", { ids: { Resource: "" } }, 'ADOPT-IDS-EMPTY: ids["Resource"] must not be empty'],
  ["nothing", {}, "ADOPT-EXISTING: existing must name a resource that exists"],
])("%s is refused", (_, props, message) => {
  const problems = problemsOf(adopt(props));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test("a resource that two calls adopt is refused", () => {
  const problems = problemsOf((stack) => {
    const made = server(stack);
    adoptConstruct(made, { existing: ["Resource"] });
    adoptConstruct(made, { ids: { Resource: "prod-db" } });
  });
  expect(problems).toEqual([expect.stringContaining("ADOPT-IDS-TWICE: ids must be adopted once")]);
});

test("a program without adoptions has no blocks", () => {
  expect(synthesize((stack) => void server(stack)).json).not.toHaveProperty("import");
});
