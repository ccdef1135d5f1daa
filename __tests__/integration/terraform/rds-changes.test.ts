/**
 * Pairs of plans over the true schemas of the aws provider: what a later version of a program does to a server of RDS that is there, and
 * to those that connect to it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput, type TerraformStack } from "cdktf";
import {
  DatabaseNetwork,
  EncryptionKey,
  RdsCertificateAuthority,
  RdsReadReplica,
  type RdsReadReplicaProps,
  RdsServer,
  type RdsServerProps,
} from "../../../lib/aws";
import {
  DatabaseEngine,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  TerraformData,
} from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import { type Change, changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";

const KEY = EncryptionKey.fromKeyArn("arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d");

const common = (stack: TerraformStack) => ({
  engine: DatabaseEngine.postgres(PostgresVersion.V17),
  size: MachineSize.general(4),
  storage: { sizeGiB: 300, maxSizeGiB: 1_000 },
  encryptionKey: KEY,
  network: networkIn(stack),
});

function networkIn(stack: TerraformStack): DatabaseNetwork {
  const existing = stack.node.tryFindChild("network") as DatabaseNetwork | undefined;
  return (
    existing ??
    new DatabaseNetwork(stack, "network", { vpcId: "vpc-0a1", subnetIds: ["subnet-0a1", "subnet-0a2"] })
  );
}

/** A server with a client that opens connections and trusts its certificates. */
function program(props: Partial<RdsServerProps> = {}, poolMax = 50): string {
  return awsStack((stack) => {
    const server = new RdsServer(stack, "postgres", { ...common(stack), ...props });
    server.connectionBudget.add({ name: "app", replicas: 10, surge: 0, poolMax });
    const password = server.database("app").owner.password;
    new TerraformData(stack, "client", {
      input: { trust: server.tls.caCertificatesPem, password: password?.version },
      lifecycle: { precondition: server.connectionBudget.preconditions() },
    });
  });
}

const lines = (found: Change[]) =>
  found.map(
    ({ address, actions, attributes }) =>
      `${actions.join("+")} ${address.split(".")[0]}: ${attributes.join()}`,
  );

describeWith("a server of RDS", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, program());
    copy.init();
    await copy.apply();
  });
  afterAll(() => copy?.remove());

  const after = (folder: string, ...args: string[]) => {
    copy.use(folder);
    return lines(changes(copy.plan(...args)));
  };

  test("unchanged: changes nothing", () => {
    expect(after(program())).toEqual([]);
  });

  test("storage across the threshold of gp3: size, IOPS and throughput together", () => {
    expect(after(program({ storage: { sizeGiB: 450, maxSizeGiB: 1_000 } }))).toEqual([
      "update aws_db_instance: allocated_storage,iops,storage_throughput",
    ]);
  });

  test("another certificate authority: the client goes on trusting the certificate that the server still has", () => {
    expect(after(program({ certificateAuthority: RdsCertificateAuthority.RSA4096_G1 }))).toEqual([
      "update aws_db_instance: ca_cert_identifier",
    ]);
  });

  test("more connections for server and client at once: refused, since nothing has rebooted the server yet", () => {
    copy.use(program({ maxConnections: 3_000 }, 290));
    expect(copy.planFails().replace(/\s+/g, " ")).toMatch(
      /The applications may open more connections than the server accepts \(app\)\..*reboot the instance \(aws rds reboot-db-instance\)/,
    );
  });

  test("more connections, after the user says that the server was rebooted: in one step", () => {
    expect(after(program({ maxConnections: 3_000, restartVersion: 2 }, 290))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^update aws_db_parameter_group: parameter/),
        expect.stringMatching(/^(create\+delete|delete\+create) terraform_data: /),
      ]),
    );
  });

  test("a secret that is made anew: the server and the client get its password", () => {
    copy.use(program());
    const owner = copy
      .addresses()
      .filter((address) => /aws_secretsmanager_secret_version\.\S+(AdminPassword|Login)/.test(address));
    expect(owner).toHaveLength(2);
    expect(lines(changes(copy.plan(...owner.map((address) => `-replace=${address}`))))).toEqual(
      expect.arrayContaining([
        "update aws_db_instance: password_wo_version",
        expect.stringMatching(/^update terraform_data: input/),
      ]),
    );
  });
});

describeWith("a MySQL read replica", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  afterAll(() => copy?.remove());

  const [old, next] = [MysqlVersion.V8_0, MysqlVersion.V8_4].map((version) => DatabaseEngine.mysql(version));
  const upgrade = { allowMajorVersionUpgrade: true, applyImmediately: true };
  const program = (source: Partial<RdsServerProps>, replica: Partial<RdsReadReplicaProps> = {}) =>
    awsStack((stack) => {
      const made = new RdsServer(stack, "mysql", { ...common(stack), ...source });
      new RdsReadReplica(stack, "replica", { source: made, ...replica });
    });
  const instances = (found: Change[]) =>
    found
      .filter(({ address }) => address.startsWith("aws_db_instance."))
      .map(({ address, actions, attributes }) => [
        address.replace(/^aws_db_instance\.([a-z]+)_.*/, "$1"),
        actions.join("+"),
        attributes.includes("engine_version"),
      ]);

  test("is upgraded before its source by its own engine, and by -target never", async () => {
    const before = { engine: old, acceptExtendedSupport: "8.0" };
    copy = new StackCopy(terraform, program(before));
    copy.init();
    await copy.apply();
    copy.use(program({ engine: next, ...upgrade }));
    const address = copy.addresses().find((each) => each.startsWith("aws_db_instance.replica_")) as string;
    expect(instances(changes(copy.plan(`-target=${address}`)))).toContainEqual(["mysql", "update", true]);
    copy.use(program(before, { engine: next, applyImmediately: true }));
    expect(instances(changes(copy.plan()))).toEqual([["replica", "update", true]]);
    await copy.apply();
    copy.use(program({ engine: next, ...upgrade }, { engine: next, applyImmediately: true }));
    expect(instances(changes(copy.plan()))).toEqual([["mysql", "update", true]]);
    await copy.apply();
    copy.use(program({ engine: next, ...upgrade }));
    expect(instances(changes(copy.plan())).filter(([, , version]) => version)).toEqual([]);
  });
});

describeWith("a read replica that is promoted", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  afterAll(() => copy?.remove());

  const pair = (promoted: boolean) =>
    awsStack((stack) => {
      const source = new RdsServer(stack, "postgres", common(stack));
      new RdsReadReplica(stack, "standby", { source, encryptionKey: KEY, promoted });
      new TerraformOutput(stack, "host", { value: source.endpoint.host });
    });
  /** The last step: the replica's construct is a server of the same id, and its databases are there for applications. */
  const server = (withSource: boolean) =>
    awsStack((stack) => {
      if (withSource) new RdsServer(stack, "postgres", common(stack));
      const promoted = new RdsServer(stack, "standby", common(stack));
      new TerraformOutput(stack, "host", { value: promoted.database("app").server.endpoint.host });
    });
  const of = (found: Change[], name: string) => found.filter(({ address }) => address.includes(`.${name}`));

  test("becomes a server in place, and the source can go", async () => {
    copy = new StackCopy(terraform, pair(false));
    copy.init();
    await copy.apply();
    copy.use(pair(true));
    const promotion = changes(copy.plan()).filter(({ address }) => address.startsWith("aws_db_instance."));
    expect(lines(promotion)).toEqual([
      expect.stringMatching(/^update aws_db_instance: .*replicate_source_db/),
    ]);
    await copy.apply();
    // The provider reads from RDS what a replica has from its source; the stand-in makes it up.
    const file = join(copy.folder, "terraform.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8"));
    const instances = state.resources.filter(({ type }: { type: string }) => type === "aws_db_instance");
    const [source, standby] = ["postgres", "standby"].map(
      (name) =>
        instances.find((each: { name: string }) => each.name.startsWith(name)).instances[0].attributes,
    );
    for (const name of ["username", "engine", "engine_version", "kms_key_id", "db_subnet_group_name"]) {
      standby[name] = source[name];
    }
    writeFileSync(file, JSON.stringify(state));
    copy.use(server(true));
    const found = changes(copy.plan());
    expect(of(found, "postgres")).toEqual([]);
    expect(
      found.filter(({ actions }) => actions.includes("delete")).map(({ address }) => address.split(".")[0]),
    ).toEqual([
      // The name of the final snapshot, which follows from the user as well now.
      "terraform_data",
    ]);
    expect(lines(found).filter((line) => line.includes("aws_db_instance"))).toEqual([
      expect.stringMatching(/^update aws_db_instance: .*password_wo_version/),
    ]);
    await copy.apply();
    copy.use(server(false));
    const rest = changes(copy.plan());
    expect(rest.length).toBeGreaterThan(0);
    for (const { address, actions } of rest)
      expect([address, actions]).toEqual([expect.stringContaining(".postgres_"), ["delete"]]);
  });
});
