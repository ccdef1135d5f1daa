/**
 * A namespace is backed up by a real Velero on the schedule and with the service account of the construct, its cluster is lost, and the
 * commands of the runbook bring it back on another one: from S3 with a key, and from Cloud Storage by Workload Identity Federation. The
 * files of a volume come back with the password of the construct, by real node agents on a node whose kubelet is a model.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../../lib/database";
import { GkeWorkloadIdentity } from "../../../lib/google";
import { DataKind, RecoveryPlan, RestoreRunbook, Velero, type VeleroProps } from "../../../lib/recovery";
import { ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { goProgram } from "../../../tools/machine/go-program";
import { must, mustAsync, type Server } from "../../../tools/machine/processes";
import { python } from "../../../tools/machine/python-environment";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type KubernetesTools, kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { manifests } from "../../support/kubernetes/manifests";
import { veleroObjects } from "../../support/recovery/velero-objects";
import { type GoogleCloud, startGoogleCloud } from "../../support/servers/google-cloud";
import { type Answer, KubeApiserver } from "../../support/servers/kube-apiserver";
import { type Moto, motoEnvironment, startMoto } from "../../support/servers/moto";
import {
  nodeAgents,
  readyNodeAgents,
  startVelero,
  type VeleroTools,
  veleroTools,
} from "../../support/servers/velero";
import { rootChange, VeleroNode } from "../../support/servers/velero-node";
import type { Json } from "../../support/synth";
import { plansOf } from "../../support/terraform/plans";
import type { StackJson } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { recoverable } from "../../unit/recovery/fixture";
import { REPOSITORY_KEY, secretIn } from "../../unit/recovery/velero-fixtures";

interface Tools {
  readonly cluster: KubernetesTools;
  readonly velero: VeleroTools;
  readonly gcs: string;
  /** Command that gives a program another root. */
  readonly change: readonly string[];
}

function tools(): Tools | Unavailable {
  const cluster = kubernetesTools();
  if (cluster instanceof Unavailable) return cluster;
  const interpreter = python("aws");
  if (interpreter instanceof Unavailable) return interpreter;
  const gcs = goProgram("fake-gcs-server", "github.com/fsouza/fake-gcs-server");
  if (gcs instanceof Unavailable) return gcs;
  const velero = veleroTools();
  if (velero instanceof Unavailable) return velero;
  const change = rootChange();
  return change instanceof Unavailable ? change : { cluster, velero, gcs, change };
}

/** Two applications in a cluster, each with its own Velero, as in the reference stacks: one keeps its backups on S3, one on Google Cloud. */
const APPLICATIONS = ["shop", "blog"] as const;
type Application = (typeof APPLICATIONS)[number];
const ACCOUNT = "velero@platform.iam.gserviceaccount.com";
const bucketOf = (application: string) => `backups-of-${application}`;
const namespaceOf = (application: string) => `${application}-velero`;

/** Where backups go, on loopback. */
interface Clouds {
  readonly moto: Moto;
  readonly google: GoogleCloud;
}

const STORES: { readonly [application in Application]: (scope: Construct) => Partial<VeleroProps> } = {
  shop: (scope) => ({
    store: ObjectStore.fromObjectStoreAttributes(scope, "store", {
      kind: ObjectStoreKind.S3,
      bucketName: bucketOf("shop"),
      region: "eu-central-1",
      endpoint: "objects.example.com",
    }),
    key: ObjectStoreKey.s3("test", secretIn(stackOf(scope), "key_password")),
  }),
  blog: (scope) => ({
    store: ObjectStore.fromObjectStoreAttributes(scope, "store", {
      kind: ObjectStoreKind.GCS,
      cloud: Cloud.GOOGLE,
      bucketName: bucketOf("blog"),
      region: "europe-west1",
      endpoint: "storage.googleapis.com",
      projectId: "platform",
    }),
    identity: GkeWorkloadIdentity.fromServiceAccountAttributes(scope, "identity", {
      namespace: namespaceOf("blog"),
      serviceAccountName: Velero.SERVICE_ACCOUNT,
      email: ACCOUNT,
    }),
  }),
};

const stackOf = (scope: Construct): TerraformStack => scope.node.scope as TerraformStack;

interface Program {
  readonly folder: string;
  readonly veleros: readonly Velero[];
  /** Runbooks by application. */
  readonly runbooks: ReadonlyMap<string, string>;
}

function program(restoreOnly: boolean): Program {
  const veleros: Velero[] = [];
  const runbooks = new Map<string, string>();
  const folder = writtenStack((stack: TerraformStack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new HelmProvider(stack, "helm", {});
    for (const application of APPLICATIONS) {
      const scope = new Construct(stack, application);
      const velero = new Velero(scope, "velero", {
        ...(STORES[application](scope) as Pick<VeleroProps, "store">),
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
      const data = {
        id: "objects",
        kind: DataKind.APPLICATION_CONFIGURATION,
        description: `Objects of the ${application}`,
        location: application,
        holdsUserData: false,
        protections: [velero.protection()],
      };
      const plan = new RecoveryPlan(scope, "recovery", { application: recoverable(scope, [data]) });
      runbooks.set(application, new RestoreRunbook(scope, "runbook", { plan }).toMarkdown());
    }
  });
  return { folder, veleros, runbooks };
}

/** Blocks of commands of a scenario, in their order. */
function blocks(markdown: string, scenario: string): string[] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(scenario)) ?? "";
  return [...section.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, text]) => text as string);
}

/** Cluster whose namespaces and objects the program has made, with the servers of Velero. */
class Cluster {
  private readonly servers: Server[] = [];
  private started?: VeleroNode;

  private constructor(
    public readonly api: KubeApiserver,
    private readonly tools: Tools,
    private readonly clouds: Clouds,
  ) {}

  public get node(): VeleroNode {
    return this.started as VeleroNode;
  }

  public static async start(tools: Tools, clouds: Clouds): Promise<Cluster> {
    return new Cluster(await KubeApiserver.start(tools.cluster.kubernetes), tools, clouds);
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
    for (const [i, { namespace, release, repositorySecret }] of veleros.entries()) {
      await this.password(namespace, repositorySecret.secretName, passwordOf(APPLICATIONS[i] as Application));
      // The server reads the image of its own Deployment, which starts no pod here.
      await this.put(`/apis/apps/v1/namespaces/${namespace}/deployments/velero`, deployment(namespace));
      const agents = `/apis/apps/v1/namespaces/${namespace}/daemonsets/node-agent`;
      await this.put(agents, nodeAgents(namespace));
      await this.put(`${agents}/status`, readyNodeAgents(namespace));
      for (const { path, body } of veleroObjects(release.values, namespace, namespace)) {
        // The only other setting than that of the construct; Cloud Storage has its own name here.
        if (body.spec?.provider === "aws") body.spec.config.s3Url = this.clouds.moto.url;
        if (wanted(body)) await this.put(path, body);
      }
    }
  }

  /** Writes the password of the repositories, which no plan has. */
  public password(namespace: string, name: string, password: string): Promise<void> {
    const stringData = { "repository-password": password };
    return this.put(
      `/api/v1/namespaces/${namespace}/secrets/${name}`,
      named("v1", "Secret", name, { stringData }, namespace),
    );
  }

  /** Starts the node with its agents; pods run from now on. */
  public async startNode(folder: string): Promise<void> {
    const { velero, change } = this.tools;
    this.started = new VeleroNode(this.api, velero.velero, folder, change);
    await this.started.startAgents(
      APPLICATIONS.map((application) => ({
        namespace: namespaceOf(application),
        serviceAccountName: Velero.SERVICE_ACCOUNT,
        environment: environmentOf(application, this.clouds),
      })),
    );
    this.started.run(APPLICATIONS);
  }

  /**
   * Says that the locations are reached, as they are some seconds later: a server lists the backups of those at its start, and of the
   * others a minute later.
   */
  public async reachLocations({ veleros }: Program): Promise<void> {
    for (const { namespace } of veleros) {
      const path = `/apis/velero.io/v1/namespaces/${namespace}/backupstoragelocations/default`;
      const type = "application/merge-patch+json";
      const { status } = await this.api.call("PATCH", path, { status: { phase: "Available" } }, type);
      if (status !== 200) throw new Error(`${path}: ${status}`);
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
        environment: environmentOf(application, this.clouds),
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
    await this.started?.stop();
    for (const server of this.servers) await server.stop();
    await this.api.stop();
  }
}

const passwordOf = (application: Application) => `password of ${application} in the secret store`;

const environmentOf = (application: Application, { moto, google }: Clouds): NodeJS.ProcessEnv =>
  application === "shop" ? motoEnvironment(moto.url) : google.environment;

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

/** A pod with a volume, as Coder's workspaces are. */
const podOf = (application: string): Record<string, object> => ({
  [`/api/v1/namespaces/${application}/persistentvolumeclaims/home`]: named(
    "v1",
    "PersistentVolumeClaim",
    "home",
    { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
    application,
  ),
  [`/api/v1/namespaces/${application}/pods/workspace`]: named(
    "v1",
    "Pod",
    "workspace",
    {
      spec: {
        containers: [
          { name: "shell", image: "shell", volumeMounts: [{ name: "home", mountPath: "/home/coder" }] },
        ],
        volumes: [{ name: "home", persistentVolumeClaim: { claimName: "home" } }],
      },
    },
    application,
  ),
});

const isSchedule = ({ kind }: Json): boolean => kind === "Schedule";

describeWith("a backup and a restore by Velero", tools, (found) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-velero-"));
  const usual = program(false);
  let moto: Moto | undefined;
  let google: GoogleCloud;
  let clouds: Clouds;
  let first: Cluster;
  let second: Cluster | undefined;

  beforeAll(async () => {
    moto = await startMoto(folder);
    const made = await fetch(`${moto.url}/${bucketOf("shop")}`, {
      method: "PUT",
      body: "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>",
    });
    expect(made.status).toBe(200);
    google = await startGoogleCloud(found.gcs, folder, { bucket: bucketOf("blog"), account: ACCOUNT });
    clouds = { moto, google };
    first = await Cluster.start(found, clouds);
    await first.apply(usual, (body) => !isSchedule(body));
    for (const application of APPLICATIONS) {
      const objects = { ...objectsOf(application, "old"), ...podOf(application) };
      for (const [path, body] of Object.entries(objects)) await first.put(path, body);
    }
    await first.startVeleros(join(folder, "first"));
    await first.startNode(join(folder, "first-node"));
    for (const application of APPLICATIONS) {
      const home = first.node.volume(application, "home");
      writeFileSync(join(home, "notes.txt"), `notes of ${application}`);
      mkdirSync(join(home, "empty"));
    }
    await first.schedule(usual);
  });
  afterAll(async () => {
    await first?.stop();
    await second?.stop();
    await moto?.stop();
    await google?.stop();
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

  describe("after the loss of the cluster", () => {
    const backups = new Map<string, Json>();
    const restored = new Set<string>();
    let environment: NodeJS.ProcessEnv;
    let cluster: Cluster;
    let started = false;

    beforeAll(async () => {
      for (const application of APPLICATIONS) backups.set(application, await first.backup(application));
      await first.stop();
      cluster = second = await Cluster.start(found, clouds);
      const bin = join(folder, "bin");
      mkdirSync(bin);
      for (const [name, program] of Object.entries({
        kubectl: found.velero.kubectl,
        velero: found.velero.velero,
      })) {
        writeFileSync(join(bin, name), `#!/bin/sh\nexec '${program}' "$@"\n`, { mode: 0o755 });
      }
      environment = {
        ...process.env,
        KUBECONFIG: cluster.api.kubeconfig(),
        HOME: folder,
        PROGRAM: folder,
        PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
      };
    });

    test.each(APPLICATIONS)(
      "the commands of the runbook bring the objects of %s back",
      async (application) => {
        const backup = backups.get(application) as Json;
        const { name } = backup.metadata;
        const variables = { ...environment };
        const bash = (text: string) =>
          mustAsync("bash", ["-euo", "pipefail", "-c", text], { env: variables });
        const applied: boolean[] = [];
        const outputs: string[] = [];
        for (const block of blocks(usual.runbooks.get(application) ?? "", "Lost cluster")) {
          if (block.includes("terraform apply")) {
            // The first apply prepares the restore, the others end it.
            const restoreOnly = applied.length === 0;
            await cluster.apply(restoreOnly ? program(true) : usual);
            if (restoreOnly) {
              const licence = objectsOf(application, "made by Terraform");
              const [path, body] = Object.entries(licence).find(([each]) => each.includes("/secrets/")) as [
                string,
                object,
              ];
              await cluster.put(path, body);
              if (!started) {
                await cluster.reachLocations(usual);
                await cluster.startVeleros(join(folder, "second"));
                await cluster.startNode(join(folder, "second-node"));
              }
              started = true;
            }
            applied.push(restoreOnly);
          } else if (!block.includes("terraform plan")) {
            const text = block.replace("BACKUP=''", `BACKUP='${name}'`);
            let output = await bash(text);
            // The note of this step: Velero lists the backups some time after its start.
            for (
              let i = 0;
              text.includes("get backups.velero.io") && !output.includes("Completed") && i < 180;
              i++
            ) {
              await new Promise((resolve) => setTimeout(resolve, 1000));
              output = await bash(text);
            }
            outputs.push(output);
            if (block.includes("BACKUP=''")) variables.BACKUP = name;
            // Nothing is written while a restore is prepared.
            if (applied.length === 1) {
              const { items } = (await cluster.get(application, "backups")).body as Json;
              expect(items.every(({ metadata }: Json) => metadata.name === name)).toBe(true);
            }
          }
        }
        restored.add(application);
        expect(outputs.join("\n")).toContain("volumes restored: 1 of 1\n");
        const home = cluster.node.volume(application, "home");
        expect(readFileSync(join(home, "notes.txt"), "utf8")).toBe(`notes of ${application}`);
        expect(existsSync(join(home, "empty"))).toBe(true);
        expect(applied.slice(0, 2)).toEqual([true, false]);
        expect(outputs.find((text) => text.includes("PHASE"))).toMatch(new RegExp(`${name} +Completed `));

        const found = async (path: string) => (await cluster.api.call("GET", path)).body as Json;
        const inNamespace = `namespaces/${application}`;
        const settings = await found(`/api/v1/${inNamespace}/configmaps/settings`);
        expect(settings.data).toEqual({ theme: `that of ${application}` });
        const role = await found(`/apis/rbac.authorization.k8s.io/v1/${inNamespace}/roles/reader`);
        expect(role.rules).toEqual([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]);
        const licence = await found(`/api/v1/${inNamespace}/secrets/licence`);
        expect(Buffer.from(licence.data.key, "base64").toString()).toBe("made by Terraform");
        for (const other of APPLICATIONS.filter((each) => !restored.has(each))) {
          const path = `/api/v1/namespaces/${other}/configmaps/settings`;
          expect((await cluster.api.call("GET", path)).status).toBe(404);
        }
      },
    );

    test("on Google Cloud the logs are read by a URL that was signed as the account", async () => {
      const { name } = (backups.get("blog") as Json).metadata;
      const namespace = namespaceOf("blog");
      const logs = await mustAsync(found.velero.velero, ["backup", "logs", name, "--namespace", namespace], {
        env: { ...environment, ...google.environment },
      });
      expect(logs).toContain("Backed up a total of");
      expect(google.signedReads()).toBeGreaterThan(0);
      expect(await google.objects()).toContain(`velero/backups/${name}/velero-backup.json`);
      expect(google.refused).toEqual([]);
    });

    test("Velero's published password opens no repository, and the runbook's checks notice it", async () => {
      const { name } = (backups.get("shop") as Json).metadata;
      const namespace = namespaceOf("shop");
      const kubectl = (...args: string[]) => mustAsync(found.velero.kubectl, args, { env: environment });
      await cluster.password(namespace, "velero-repo-credentials", "static-passw0rd");
      await kubectl("delete", "backuprepositories.velero.io", "--all", "--namespace", namespace);
      await kubectl("delete", "pod/workspace", "--namespace", "shop", "--force", "--grace-period=0");
      await mustAsync(
        found.velero.velero,
        ["restore", "create", `${name}-wrong`, "--from-backup", name, "--namespace", namespace, "--wait"],
        { env: environment },
      );
      const restore = (await cluster.get("shop", `restores/${name}-wrong`)).body as Json;
      expect([restore.status.phase, restore.status.errors]).toEqual(["PartiallyFailed", 1]);
      // Velero takes a repository for ready that it only found; the program that reads it fails.
      const { items } = (await cluster.get("shop", "podvolumerestores")).body as Json;
      const volumes = items.filter(
        ({ metadata }: Json) => metadata.ownerReferences[0].name === `${name}-wrong`,
      );
      expect(volumes.map(({ status }: Json) => [status.phase, status.message])).toEqual([
        ["Failed", expect.stringContaining("invalid repository password")],
      ]);
      const checks = blocks(usual.runbooks.get("shop") ?? "", "Lost cluster")
        .flatMap((block) => block.split(/^(?=kubectl wait restores|RESTORED_VOLUMES=)/m))
        .filter((text) => /^(kubectl wait restores|RESTORED_VOLUMES=)/.test(text));
      expect(checks).toHaveLength(2);
      for (const check of checks) {
        const text = check.replaceAll("$BACKUP-restore", "$BACKUP-wrong").replace("=1m", "=1s");
        const done = mustAsync("bash", ["-euo", "pipefail", "-c", text], {
          env: { ...environment, BACKUP: name },
        });
        await expect(done).rejects.toThrow("ended with exit code 1");
      }
    });
  });
});
