/**
 * A major version upgrade of RDS in its three applies, by the real aws provider on an emulated AWS: the jobs in their order, the requests
 * that RDS gets, and the same instance at the end. The emulator does not upgrade anything: it notes the version.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DatabaseNetwork, RdsServer, SecurityGroup } from "../../../lib/aws";
import { DatabaseEngine, MachineSize, PostgresVersion } from "../../../lib/database";
import { SqlJobBackend } from "../../../lib/kubernetes";
import { MajorUpgrade } from "../../../lib/recovery";
import { describeWith } from "../../support/describe-with";
import {
  callRds,
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import { TEST_TODAY } from "../../support/synth";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";

const [V16, V17] = [PostgresVersion.V16, PostgresVersion.V17].map((version) =>
  DatabaseEngine.postgres(version),
) as [DatabaseEngine, DatabaseEngine];

/** Passes everything on to the emulator, and notes the requests to RDS that change something. */
class Recorder {
  public readonly requests: URLSearchParams[] = [];
  private readonly server: Server;

  public constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const sent = new URLSearchParams(body.toString());
        if (/^(Create|Modify|Delete|Reboot)DB/.test(sent.get("Action") ?? "")) this.requests.push(sent);
        const { method, url: path, headers } = incoming;
        const passed = request({ hostname, port, method, path, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        passed.on("error", () => response.destroy());
        passed.end(body);
      });
    });
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describeWith("a major version upgrade on an emulated RDS", awsTools, (tools) => {
  let folder: string;
  let moto: Moto;
  let zone: LandingZone;
  let recorder: Recorder;
  let stack: StackCopy;

  /** Synthesizes a phase. @returns its folder. */
  const program = (engine: DatabaseEngine, switches = false, upgrade = true): string => {
    const outdir = mkdtempSync(join(folder, "synth-"));
    const app = new App({ outdir, stackTraces: false, context: { "cdktf-devplatforms/today": TEST_TODAY } });
    const made = new TerraformStack(app, "data");
    new AwsProvider(made, "aws", { region: REGION });
    new KubernetesProvider(made, "kubernetes");
    const server = new RdsServer(made, "postgres", {
      engine,
      size: MachineSize.general(4),
      storage: { sizeGiB: 100 },
      network: new DatabaseNetwork(made, "network", {
        vpcId: zone.vpc,
        subnetIds: [...zone.subnets],
        clients: [SecurityGroup.fromSecurityGroupId(zone.nodeSecurityGroup)],
      }),
      ...(switches ? { allowMajorVersionUpgrade: true, applyImmediately: true } : {}),
    });
    const databases = [server.database("shop")];
    if (upgrade) {
      const backend = new SqlJobBackend(made, "sql", { namespace: "shop" });
      new MajorUpgrade(made, "upgrade", { server, from: V16, to: V17, databases, backend });
    }
    app.synth();
    return join(outdir, "stacks", "data");
  };

  const short = (address: string) => address.replace(/_[0-9A-F]{8}$/, "");
  const differences = async () =>
    changes(await stack.planAsync()).map(({ address, actions }) => `${actions.join()} ${short(address)}`);
  const instance = () => callRds(moto.url, REGION, "DescribeDBInstances");
  const one = (xml: string, tag: string) => xml.match(new RegExp(`<${tag}>([^<]*)</${tag}>`))?.[1];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-rds-upgrade-"));
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    recorder = new Recorder(moto.url);
    const url = await recorder.start();
    stack = new StackCopy(tools.terraform, program(V16), { realAws: tools.aws, env: motoEnvironment(url) });
    stack.init();
    await stack.apply();
  });
  afterAll(async () => {
    stack?.remove();
    recorder?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let resourceId: string | undefined;

  test("the first apply has run the program before the upgrade", async () => {
    expect(stack.addresses().map(short)).toContain("kubernetes_job_v1.upgrade_Check");
    const found = await instance();
    resourceId = one(found, "DbiResourceId");
    expect([resourceId, one(found, "EngineVersion")?.split(".")[0]]).toEqual([
      expect.stringMatching(/^db-/),
      "16",
    ]);
  });

  test("the second apply upgrades the instance in place, and then runs the program after the upgrade", async () => {
    stack.use(program(V17, true));
    const planned = await differences();
    expect(planned.filter((each) => / aws_/.test(each) && !each.startsWith("update"))).toEqual([
      expect.stringMatching(/^create,delete aws_db_parameter_group\.postgres_Parameters$/),
    ]);
    expect(planned).toEqual(
      expect.arrayContaining([
        "update aws_db_instance.postgres",
        "delete kubernetes_job_v1.upgrade_Check",
        "create kubernetes_job_v1.upgrade_After",
      ]),
    );
    recorder.requests.length = 0;
    const said = await stack.apply();
    expect(recorder.requests.map((each) => each.get("Action"))).toEqual([
      "CreateDBParameterGroup",
      ...recorder.requests
        .filter((each) => each.get("Action") === "ModifyDBParameterGroup")
        .map(() => "ModifyDBParameterGroup"),
      "ModifyDBInstance",
      "DeleteDBParameterGroup",
    ]);
    const [created] = recorder.requests;
    const modified = recorder.requests.find(
      (each) => each.get("Action") === "ModifyDBInstance",
    ) as URLSearchParams;
    expect(created?.get("DBParameterGroupFamily")).toBe("postgres17");
    expect(Object.fromEntries(modified)).toMatchObject({
      EngineVersion: "17",
      AllowMajorVersionUpgrade: "true",
      ApplyImmediately: "true",
      DBParameterGroupName: created?.get("DBParameterGroupName"),
    });
    const order = [
      /aws_db_instance\.postgres\S*: Modifications complete/,
      /kubernetes_job_v1\.upgrade_After_\S*: Creating/,
    ];
    const [upgraded, after] = order.map((line) => said.search(line)) as [number, number];
    expect(upgraded).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(upgraded);
    const found = await instance();
    expect([one(found, "DbiResourceId"), one(found, "EngineVersion")?.split(".")[0]]).toEqual([
      resourceId,
      "17",
    ]);
  });

  test("the third apply removes what belonged to the upgrade, and the instance stays as it is", async () => {
    stack.use(program(V17, false, false));
    const planned = await differences();
    expect(planned.filter((each) => / kubernetes_/.test(each) && !each.startsWith("delete"))).toEqual([]);
    expect(planned).toContain("delete kubernetes_job_v1.upgrade_After");
    expect(planned.filter((each) => / aws_/.test(each) && !each.startsWith("update"))).toEqual([]);
    await stack.apply();
    expect(one(await instance(), "DbiResourceId")).toBe(resourceId);
    expect(stack.addresses().filter((address) => address.startsWith("kubernetes_"))).toEqual([]);
  });
});
