/**
 * A namespace is backed up by a real Velero on the schedule and with the service account of the construct, its cluster is lost, and the
 * commands of the runbook bring it back on another one. No kubelet runs here: there are no pods and no volumes.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { DataKind, RecoveryPlan, RestoreRunbook, Velero } from "../../../lib/recovery";
import { ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { must, type Server } from "../../../tools/machine/processes";
import { python } from "../../../tools/machine/python-environment";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type KubernetesTools, kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { manifests } from "../../support/kubernetes/manifests";
import { veleroObjects } from "../../support/recovery/velero-objects";
import { type Answer, KubeApiserver } from "../../support/servers/kube-apiserver";
import { type Moto, motoEnvironment, startMoto } from "../../support/servers/moto";
import { startVelero, type VeleroTools, veleroTools } from "../../support/servers/velero";
import type { Json } from "../../support/synth";
import { plansOf } from "../../support/terraform/plans";
import type { StackJson } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { recoverable } from "../../unit/recovery/fixture";
import { REPOSITORY_KEY, secretIn } from "../../unit/recovery/velero-fixtures";

interface Tools {
  readonly cluster: KubernetesTools;
  readonly velero: VeleroTools;
}

function tools(): Tools | Unavailable {
  const cluster = kubernetesTools();
  if (cluster instanceof Unavailable) return cluster;
  const interpreter = python("aws");
  if (interpreter instanceof Unavailable) return interpreter;
  const velero = veleroTools();
  return velero instanceof Unavailable ? velero : { cluster, velero };
}

/** Two applications in a cluster, each with its own Velero, as in the reference stacks. */
const APPLICATIONS = ["shop", "blog"] as const;
const bucketOf = (application: string) => `backups-of-${application}`;
const namespaceOf = (application: string) => `${application}-velero`;

interface Program {
  readonly folder: string;
  readonly veleros: readonly Velero[];
  /** Runbook of the first application. */
  readonly markdown: string;
}

function program(restoreOnly: boolean): Program {
  const veleros: Velero[] = [];
  let markdown = "";
  const folder = writtenStack((stack: TerraformStack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new HelmProvider(stack, "helm", {});
    for (const application of APPLICATIONS) {
      const velero = new Velero(stack, `velero-${application}`, {
        store: ObjectStore.fromObjectStoreAttributes(stack, `store-${application}`, {
          kind: ObjectStoreKind.S3,
          bucketName: bucketOf(application),
          region: "eu-central-1",
          endpoint: "objects.example.com",
        }),
        key: ObjectStoreKey.s3("test", secretIn(stack, `${application}_key_password`)),
        repositoryPassword: secretIn(stack, `${application}_repository_password`),
        repositoryKey: REPOSITORY_KEY,
        namespace: namespaceOf(application),
        releaseName: namespaceOf(application),
        prefix: "velero",
        schedules: {
          [application]: { cron: "0 1 * * *", namespaces: [application], excludedResources: ["events"] },
        },
        restoreOnly,
      });
      veleros.push(velero);
    }
    const [first] = veleros as [Velero];
    const data = {
      id: "objects",
      kind: DataKind.APPLICATION_CONFIGURATION,
      description: "Objects of the shop",
      location: "shop",
      holdsUserData: false,
      protections: [first.protection()],
    };
    const plan = new RecoveryPlan(stack, "recovery", { application: recoverable(stack, [data]) });
    markdown = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
  });
  return { folder, veleros, markdown };
}

/** Blocks of commands of a scenario, in their order. */
function blocks(markdown: string, scenario: string): string[] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(scenario)) ?? "";
  return [...section.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, text]) => text as string);
}

/** Cluster whose namespaces and objects the program has made, with the servers of Velero. */
class Cluster {
  private readonly servers: Server[] = [];

  private constructor(
    public readonly api: KubeApiserver,
    private readonly tools: Tools,
    private readonly url: string,
  ) {}

  public static async start(tools: Tools, url: string): Promise<Cluster> {
    return new Cluster(await KubeApiserver.start(tools.cluster.kubernetes), tools, url);
  }

  /** Puts the objects of the program and of the chart in place, all of the chart's or those of which `wanted` is true. */
  public async apply(
    { folder, veleros }: Program,
    wanted: (body: Json) => boolean = () => true,
  ): Promise<void> {
    const crds = must(this.tools.velero.velero, ["install", "--crds-only", "--dry-run", "--output", "json"]);
    for (const crd of JSON.parse(crds).items as Json[]) {
      await this.put(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`, crd);
    }
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson;
    const { settled } = plansOf(this.tools.cluster.terraform, { name: "velero", folder, json });
    for (const name of APPLICATIONS)
      await this.put(`/api/v1/namespaces/${name}`, named("v1", "Namespace", name));
    for (const { path, body } of manifests(json, settled)) {
      await this.put(`${path}/${(body as Json).metadata.name}`, body);
    }
    for (const { namespace, release } of veleros) {
      // The server reads the image of its own Deployment, which starts no pod here.
      await this.put(`/apis/apps/v1/namespaces/${namespace}/deployments/velero`, deployment(namespace));
      for (const { path, body } of veleroObjects(release.values, namespace, namespace)) {
        if (body.kind === "BackupStorageLocation") body.spec.config.s3Url = this.url;
        if (wanted(body)) await this.put(path, body);
      }
    }
  }

  public async startVeleros(folder: string): Promise<void> {
    for (const application of APPLICATIONS) {
      const own = join(folder, application);
      mkdirSync(own, { recursive: true });
      const server = await startVelero(this.tools.velero, this.api, {
        namespace: namespaceOf(application),
        serviceAccountName: Velero.SERVICE_ACCOUNT,
        folder: own,
        environment: motoEnvironment(this.url),
      });
      this.servers.push(server);
    }
  }

  /** Puts the schedules in place, with a last backup of two days ago: the next one is due at once. */
  public async schedule({ veleros }: Program): Promise<void> {
    const lastBackup = new Date(Date.now() - 48 * 3600_000).toISOString().replace(/\.\d+/, "");
    for (const [i, { namespace, release }] of veleros.entries()) {
      // A backup that starts before its location has been looked at is refused.
      const server = this.servers[i] as Server;
      const location = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations/default`;
      await server.waitUntil(async () => {
        const { body } = await this.api.call("GET", location);
        return (body as Json).status?.phase === "Available";
      }, 120);
      for (const { path, body } of veleroObjects(release.values, namespace, namespace)) {
        if (isSchedule(body)) await this.put(path, { ...body, status: { lastBackup } });
      }
    }
  }

  public get(application: string, resource: string): Promise<Answer> {
    return this.api.call("GET", `/apis/velero.io/v1/namespaces/${namespaceOf(application)}/${resource}`);
  }

  /** Waits until a backup of the schedule has ended. */
  public async backup(application: string): Promise<Json> {
    let found: Json | undefined;
    const server = this.servers[APPLICATIONS.indexOf(application as "shop")] as Server;
    await server.waitUntil(async () => {
      const { items } = (await this.get(application, "backups")).body as Json;
      found = items.find(({ status }: Json) => status?.completionTimestamp !== undefined);
      return found !== undefined;
    }, 180);
    return found;
  }

  public async put(path: string, body: object): Promise<void> {
    // A definition that was made just now may not be served yet.
    for (let attempt = 0; ; attempt++) {
      const { status, body: answer } = await this.api.apply(path, body, false);
      if (status === 200 || status === 201) return;
      if (status !== 404 || attempt === 100) throw new Error(`${path}: ${status} ${answer.message}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  public async stop(): Promise<void> {
    for (const server of this.servers) await server.stop();
    await this.api.stop();
  }
}

const named = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...rest,
});

const deployment = (namespace: string): object => {
  const labels = { name: "velero" };
  const containers = [{ name: "velero", image: "velero/velero:v1.18.1" }];
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  return named("apps/v1", "Deployment", "velero", { spec }, namespace);
};

/** Objects of an application; the Secret is what Terraform would make. */
const objectsOf = (application: string, licence: string): Record<string, object> => ({
  [`/api/v1/namespaces/${application}/configmaps/settings`]: named(
    "v1",
    "ConfigMap",
    "settings",
    { data: { theme: `that of ${application}` } },
    application,
  ),
  [`/api/v1/namespaces/${application}/secrets/licence`]: named(
    "v1",
    "Secret",
    "licence",
    { stringData: { key: licence } },
    application,
  ),
  [`/apis/rbac.authorization.k8s.io/v1/namespaces/${application}/roles/reader`]: named(
    "rbac.authorization.k8s.io/v1",
    "Role",
    "reader",
    { rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] },
    application,
  ),
});

const isSchedule = ({ kind }: Json): boolean => kind === "Schedule";

describeWith("a backup and a restore by Velero", tools, (found) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-velero-"));
  const usual = program(false);
  let moto: Moto;
  let first: Cluster;
  let second: Cluster | undefined;

  beforeAll(async () => {
    moto = await startMoto(folder);
    for (const application of APPLICATIONS) {
      const made = await fetch(`${moto.url}/${bucketOf(application)}`, {
        method: "PUT",
        body: "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>",
      });
      expect(made.status).toBe(200);
    }
    first = await Cluster.start(found, moto.url);
    await first.apply(usual, (body) => !isSchedule(body));
    for (const application of APPLICATIONS) {
      for (const [path, body] of Object.entries(objectsOf(application, "old"))) await first.put(path, body);
    }
    await first.startVeleros(join(folder, "first"));
    await first.schedule(usual);
  });
  afterAll(async () => {
    await first?.stop();
    await second?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(APPLICATIONS)(
    "the schedule of %s backs up its namespace, with the role of the construct",
    async (application) => {
      const { metadata, spec, status } = await first.backup(application);
      expect([status.phase, status.errors ?? 0, status.warnings ?? 0]).toEqual(["Completed", 0, 0]);
      expect(metadata.name).toMatch(new RegExp(`^${application}-velero-${application}-\\d{14}$`));
      expect(spec).toMatchObject({
        includedNamespaces: [application],
        ttl: "720h0m0s",
        storageLocation: "default",
      });
      expect(status.progress.itemsBackedUp).toBeGreaterThanOrEqual(4);
    },
  );

  test("of two servers in a cluster each looks at its own namespace only", async () => {
    for (const application of APPLICATIONS) {
      await first.backup(application);
      const { items } = (await first.get(application, "backups")).body as Json;
      expect(items.map(({ metadata }: Json) => metadata.name.split("-")[0])).toEqual([application]);
    }
  });

  test("it changes nothing in a namespace that it does not back up", async () => {
    const token = await first.api.tokenOf(namespaceOf("shop"), Velero.SERVICE_ACCOUNT);
    const create = async (namespace: string) => {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const body = named("v1", "ConfigMap", "made-by-velero");
      return (await first.api.call("POST", path, body, "application/json", token)).status;
    };
    expect(await create("shop")).toBe(201);
    expect([await create("blog"), await create("default"), await create(namespaceOf("blog"))]).toEqual([
      403, 403, 403,
    ]);
  });

  test("after the loss of the cluster the commands of the runbook bring the objects back", async () => {
    const backup = await first.backup("shop");
    await first.backup("blog");
    await first.stop();

    second = await Cluster.start(found, moto.url);
    const cluster = second;
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const [name, program] of Object.entries({
      kubectl: found.velero.kubectl,
      velero: found.velero.velero,
    })) {
      writeFileSync(join(bin, name), `#!/bin/sh\nexec '${program}' "$@"\n`, { mode: 0o755 });
    }
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      KUBECONFIG: cluster.api.kubeconfig(),
      HOME: folder,
      PROGRAM: folder,
      PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
    };
    const bash = (text: string) => must("bash", ["-euo", "pipefail", "-c", text], { env: environment });
    const applied: boolean[] = [];
    const outputs: string[] = [];
    for (const block of blocks(usual.markdown, "Lost cluster")) {
      if (block.includes("terraform apply")) {
        // The first apply prepares the restore, the others end it.
        const restoreOnly = applied.length === 0;
        await cluster.apply(restoreOnly ? program(true) : usual);
        if (restoreOnly) {
          const licence = objectsOf("shop", "made by Terraform");
          const [path, body] = Object.entries(licence).find(([each]) => each.includes("/secrets/")) as [
            string,
            object,
          ];
          await cluster.put(path, body);
          await cluster.startVeleros(join(folder, "second"));
        }
        applied.push(restoreOnly);
      } else if (!block.includes("terraform plan")) {
        const text = block.replace("BACKUP=''", `BACKUP='${backup.metadata.name}'`);
        let output = bash(text);
        // The note of this step: Velero lists the backups some time after its start.
        for (
          let i = 0;
          text.includes("get backups.velero.io") && !output.includes("Completed") && i < 180;
          i++
        ) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          output = bash(text);
        }
        outputs.push(output);
        if (block.includes("BACKUP=''")) environment.BACKUP = backup.metadata.name;
        // Nothing is written while a restore is prepared.
        if (applied.length === 1) {
          const { items } = (await cluster.get("shop", "backups")).body as Json;
          expect(items.every(({ metadata }: Json) => metadata.name === backup.metadata.name)).toBe(true);
        }
      }
    }
    expect(applied.slice(0, 2)).toEqual([true, false]);
    expect(outputs.find((text) => text.includes("PHASE"))).toMatch(
      new RegExp(`${backup.metadata.name} +Completed `),
    );

    const { body: settings } = await cluster.api.call("GET", "/api/v1/namespaces/shop/configmaps/settings");
    expect(settings.data).toEqual({ theme: "that of shop" });
    const role = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/reader";
    expect((await cluster.api.call("GET", role)).status).toBe(200);
    const { body: licence } = await cluster.api.call("GET", "/api/v1/namespaces/shop/secrets/licence");
    const key = (licence.data as Record<string, string>).key as string;
    expect(Buffer.from(key, "base64").toString()).toBe("made by Terraform");
    // The other application was not restored.
    const other = await cluster.api.call("GET", "/api/v1/namespaces/blog/configmaps/settings");
    expect(other.status).toBe(404);
  });
});
