/**
 * A server in one stack and Coder in another, applied by the real aws provider to an emulated AWS: the second stack reads the passwords from
 * Secrets Manager, and a rotation in the first is followed by the next apply of the second.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { DatabaseNetwork, RdsServer, SecurityGroup, StoredSecret } from "../../../lib/aws";
import { EksConnection } from "../../../lib/aws/eks";
import { CoderRelease } from "../../../lib/coder";
import {
  DatabaseEngine,
  DatabaseServer,
  MachineSize,
  moveConstruct,
  PostgresVersion,
  type SecretValue,
} from "../../../lib/database";
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
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";

const SECRETS = "secretsmanager";

describeWith("a server and Coder in two stacks on an emulated AWS", awsTools, (tools) => {
  let folder: string;
  let moto: Moto;
  let zone: LandingZone;
  let data: StackCopy;
  let coder: StackCopy;

  /** Synthesizes both stacks, as one program does, with the server where it was or moved. @returns their folders. */
  const program = (passwordVersion: number, moved = false): { data: string; coder: string } => {
    const outdir = mkdtempSync(join(folder, "synth-"));
    const app = new App({ outdir, stackTraces: false });
    const first = new TerraformStack(app, "data");
    new AwsProvider(first, "aws", { region: REGION });
    if (moved) moveConstruct(first, { from: "data/postgres", to: "data/platform/database" });
    const [parent, id] = moved ? [new Construct(first, "platform"), "database"] : [first, "postgres"];
    const server = new RdsServer(parent, id, {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 100 },
      network: new DatabaseNetwork(first, "network", {
        vpcId: zone.vpc,
        subnetIds: [...zone.subnets],
        clients: [SecurityGroup.fromSecurityGroupId(zone.nodeSecurityGroup)],
      }),
      passwordVersion,
    });
    const { owner } = server.database("coder");

    const second = new TerraformStack(app, "coder");
    new AwsProvider(second, "aws", { region: REGION });
    const cluster = new EksConnection(second, "cluster", { clusterName: zone.cluster });
    new KubernetesProvider(second, "kubernetes", cluster.kubernetes);
    new HelmProvider(second, "helm", { kubernetes: cluster.helm });
    const described = DatabaseServer.fromServer(second, "postgres", server, {
      adminLogin: StoredSecret.login(second, "admin-password", server.adminLogin),
    });
    const database = described.database("coder", {
      owner: StoredSecret.login(second, "coder-password", owner),
    });
    new CoderRelease(second, "coder", {
      database,
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });
    // Kubernetes is a stand-in here, which shows no secret. These take what the cluster gets, and the emulator shows it.
    witness(second, "owner", database.owner.password as SecretValue);
    witness(second, "admin", described.adminLogin?.password as SecretValue);
    app.synth();
    return { data: join(outdir, "stacks", "data"), coder: join(outdir, "stacks", "coder") };
  };

  const copyOf = (source: string, override?: object) =>
    new StackCopy(tools.terraform, source, {
      realAws: tools.aws,
      env: motoEnvironment(moto.url),
      override: { ...override },
    });

  const secret = async (name: string): Promise<string> => {
    const target = `${SECRETS}.GetSecretValue`;
    return (await callJson<{ SecretString: string }>(moto.url, REGION, target, { SecretId: name }))
      .SecretString;
  };

  /** What the emulator has: what the first stack stored, and what the second one handed on. */
  const passwords = async () => {
    const list = await callJson<{ SecretList: { Name: string }[] }>(
      moto.url,
      REGION,
      `${SECRETS}.ListSecrets`,
      {},
    );
    const named = (prefix: string) => {
      const found = list.SecretList.find(({ Name }) => Name.startsWith(prefix));
      if (!found) throw new Error(`no secret ${prefix} in ${JSON.stringify(list)}`);
      return secret(found.Name);
    };
    return {
      stored: { owner: await named("data-postgres/coder-"), admin: await named("data-postgres/dbadmin-") },
      handed: { owner: await secret("witness-owner"), admin: await secret("witness-admin") },
    };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-two-stacks-"));
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    const made = program(1);
    data = copyOf(made.data);
    data.init();
    coder = copyOf(made.coder, {
      data: {
        terraform_remote_state: {
          "cross-stack-reference-input-data": {
            backend: "local",
            config: { path: join(data.folder, "terraform.tfstate") },
          },
        },
      },
    });
    coder.init();
    await data.apply();
  });
  afterAll(async () => {
    data?.remove();
    coder?.remove();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let before: string[];

  test("the second stack hands on the passwords that the first has stored", async () => {
    await coder.apply();
    const { stored, handed } = await passwords();
    expect(handed).toEqual(stored);
    expect(stored.owner).toHaveLength(32);
    expect(stored.owner).not.toBe(stored.admin);
    before = Object.values(stored);
  });

  test("nothing changes in the second stack then", async () => {
    expect(changes(await coder.planAsync())).toEqual([]);
  });

  test("a rotation in the first stack is followed by the second: job, secret, then the roll-out", async () => {
    const made = program(2);
    data.use(made.data);
    await data.apply();
    const rotated = await passwords();
    expect(before).not.toContain(rotated.stored.owner);
    expect(before).not.toContain(rotated.stored.admin);
    expect(Object.values(rotated.handed)).toEqual(before);

    // The program of the second stack has not changed: the version comes with the state of the first.
    const found = changes(await coder.planAsync()).map(
      ({ address, actions }) => `${actions.join()} ${address.split(/[-_.][0-9A-F]{8}/)[0]}`,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(delete,create|create,delete) kubernetes_job_v1\.coder_DatabaseSetup/),
        "update kubernetes_secret_v1.coder_DatabaseSecret",
        "update helm_release.coder_Release",
      ]),
    );
    await coder.apply();
    const { stored, handed } = await passwords();
    expect(handed).toEqual(stored);
    expect(stored).toEqual(rotated.stored);
    expect(changes(await coder.planAsync())).toEqual([]);
  });

  test("a renamed server keeps its name and passwords, and both stacks have nothing to do", async () => {
    const { stored: earlier } = await passwords();
    // What the emulator forgets differs in each plan.
    const differences = async () =>
      changes(await data.planAsync()).map(
        ({ address, actions, attributes }) => `${actions} ${address.split(".")[0]} ${attributes}`,
      );
    const forgotten = await differences();
    const made = program(2, true);
    data.use(made.data);
    expect(await differences()).toEqual(forgotten);
    await data.apply();
    expect(await callRds(moto.url, REGION, "DescribeDBInstances")).toContain(
      "<DBInstanceIdentifier>data-postgres</DBInstanceIdentifier>",
    );
    expect((await passwords()).stored).toEqual(earlier);
    // The outputs that the second stack reads follow from the addresses.
    coder.use(made.coder);
    expect(changes(await coder.planAsync())).toEqual([]);
  });

  test("no password is in a stack or in a state", async () => {
    const { stored } = await passwords();
    const documents = [...data.written(), ...coder.written()];
    expect(sightings(documents, [...before, ...Object.values(stored)])).toEqual([]);
    // The search finds what is there.
    expect(sightings(documents, [zone.vpc])).not.toEqual([]);
  });
});

function witness(stack: TerraformStack, name: string, value: SecretValue): void {
  const { id } = new SecretsmanagerSecret(stack, `witness-${name}`, { name: `witness-${name}` });
  new SecretsmanagerSecretVersion(stack, `witness-${name}-version`, {
    secretId: id,
    secretStringWo: value.writeOnly(),
    secretStringWoVersion: value.version,
  });
}
