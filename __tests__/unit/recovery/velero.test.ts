import { parse } from "yaml";
import { Cloud, RecoveryScenario } from "../../../lib/database";
import { mergeValues } from "../../../lib/kubernetes/private";
import { type DataItem, DataKind, RecoveryPlan, RestoreRunbook, type Velero } from "../../../lib/recovery";
import { type Json, problemsOf, synthesize, waitedFor } from "../../support/synth";
import { recoverable } from "./fixture";
import { CLOUDS, DAILY, REPOSITORY_KEY, storeOn, veleroOn, veleroOnPremises } from "./velero-fixtures";

const valuesOf = (velero: Velero): Json => JSON.parse(JSON.stringify(velero.release.values));

/** The text of the release's documents, without Terraform's functions. */
const text = (release: Json): string => JSON.stringify(release.values);

describe.each(CLOUDS)("Velero on %s", (cloud) => {
  test("has one location, named default, in a list, with the plugin as init container", () => {
    let velero: Velero | undefined;
    synthesize((stack) => {
      velero = veleroOn(stack, cloud);
    });
    const { configuration, initContainers } = valuesOf(velero as Velero);
    const { backupStorageLocation: locations, volumeSnapshotLocation } = configuration;
    expect(locations).toEqual([
      expect.objectContaining({ name: "default", default: true, accessMode: "ReadWrite" }),
    ]);
    expect(volumeSnapshotLocation).toEqual([]);
    const names: Record<string, string> = { aws: "aws", google: "gcp", azure: "microsoft-azure" };
    const name = names[cloud.name];
    expect(initContainers).toEqual([
      {
        name: `velero-plugin-for-${name}`,
        image: `velero/velero-plugin-for-${name}:v1.14.2`,
        imagePullPolicy: "IfNotPresent",
        volumeMounts: [{ mountPath: "/target", name: "plugins" }],
      },
    ]);
  });

  test("uses the identity and no key, for the server's service account only", () => {
    let velero: Velero | undefined;
    const { json, resource, resources } = synthesize((stack) => {
      velero = veleroOn(stack, cloud);
    });
    const values = valuesOf(velero as Velero);
    expect(values.credentials).toEqual({ useSecret: false });
    expect(values.serviceAccount.server).toMatchObject({ create: true, name: "velero" });
    expect(resources("kubernetes_secret_v1").map(({ metadata }) => metadata.name)).toEqual([
      "velero-repo-credentials",
    ]);
    // The chart's hook for definitions has the account velero-upgrade-crds with the same annotations.
    const trusts: Record<string, () => string> = {
      aws: () => JSON.stringify(resource("aws_iam_role").assume_role_policy),
      google: () =>
        JSON.stringify(
          resources("google_service_account_iam_member").filter(
            ({ role }) => role === "roles/iam.workloadIdentityUser",
          ),
        ),
      azure: () => JSON.stringify(resource("azurerm_federated_identity_credential").subject),
    };
    const trust = trusts[cloud.name]?.() as string;
    expect(trust).toMatch(/velero[:/]velero(["\\\]]|$)/);
    expect(trust).not.toContain("*");
    expect(JSON.stringify(json)).not.toContain("upgrade-crds");
  });

  test("waits for its access, the repository password and the namespaces' roles", () => {
    const { json } = synthesize((stack) => void veleroOn(stack, cloud));
    const [release] = Object.keys(json.resource.helm_release);
    const waited = [...waitedFor(json, `helm_release.${release}`)].map((address) => address.split(".")[0]);
    const accesses: Record<string, string[]> = {
      aws: ["aws_iam_role_policy"],
      google: ["google_storage_bucket_iam_member", "google_service_account_iam_member"],
      azure: ["azurerm_role_assignment", "azurerm_federated_identity_credential"],
    };
    const access = accesses[cloud.name] as string[];
    expect(waited).toEqual(
      expect.arrayContaining([
        ...access,
        "kubernetes_namespace_v1",
        "kubernetes_secret_v1",
        "kubernetes_cluster_role_binding_v1",
        "kubernetes_role_binding_v1",
      ]),
    );
  });

  test("marks server and agents with the identity's labels and with those that KOTS looks for", () => {
    let velero: Velero | undefined;
    synthesize((stack) => {
      velero = veleroOn(stack, cloud);
    });
    const { podLabels, nodeAgent } = valuesOf(velero as Velero);
    const own = cloud === Cloud.AZURE ? { "azure.workload.identity/use": "true" } : {};
    expect(podLabels).toEqual({ ...own, component: "velero", deploy: "velero" });
    expect(nodeAgent.podLabels).toEqual({ ...own, component: "velero" });
  });

  test("gives nothing up and warns of nothing with nothing said", () => {
    const { infos, warnings } = synthesize((stack) => void veleroOn(stack, cloud));
    expect([infos, warnings]).toEqual([[], []]);
  });
});

test("the location on Google Cloud names the account that signs URLs", () => {
  const { resource } = synthesize((stack) => void veleroOn(stack, Cloud.GOOGLE));
  expect(text(resource("helm_release"))).toMatch(
    /serviceAccount.*google_service_account\.velero-identity_\w+\.email/,
  );
});

test("the location on Azure needs neither key nor lookup of the account", () => {
  let velero: Velero | undefined;
  synthesize((stack) => {
    velero = veleroOn(stack, Cloud.AZURE);
  });
  const [location] = valuesOf(velero as Velero).configuration.backupStorageLocation;
  expect(Object.keys(location.config).sort()).toEqual(["storageAccount", "storageAccountURI", "useAAD"]);
  expect(location.config.storageAccountURI).toMatch(/^https:\/\//);
});

test("rights on AWS are those of the plugin's README, on the bucket only", () => {
  const { resources } = synthesize((stack) => void veleroOn(stack, Cloud.AWS));
  const policies = JSON.stringify(resources("aws_iam_role_policy").map(({ policy }) => policy));
  for (const action of [
    "s3:ListBucket",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    "s3:PutObjectTagging",
  ]) {
    expect(policies).toContain(action);
  }
  expect(policies).not.toContain("ec2:");
  expect(policies).not.toContain("s3:DeleteObjectVersion");
});

test("schedules are rendered with their retention, and their names are known", () => {
  let velero: Velero | undefined;
  synthesize((stack) => {
    velero = veleroOn(stack, Cloud.AWS, {
      releaseName: "backup",
      schedules: {
        daily: DAILY,
        weekly: { ...DAILY, cron: "0 2 * * 0", retentionDays: 90, volumes: false, paused: true },
      },
    });
  });
  expect(velero?.scheduleNames).toEqual({ daily: "backup-velero-daily", weekly: "backup-velero-weekly" });
  const { schedules } = valuesOf(velero as Velero);
  expect(schedules.daily).toEqual({
    schedule: "0 1 * * *",
    paused: false,
    useOwnerReferencesInBackup: false,
    template: {
      ttl: "720h0m0s",
      storageLocation: "default",
      includedNamespaces: ["gitpod"],
      defaultVolumesToFsBackup: true,
      snapshotVolumes: false,
    },
  });
  expect(schedules.weekly).toMatchObject({
    paused: true,
    template: { ttl: "2160h0m0s", defaultVolumesToFsBackup: false },
  });
});

test("restoreOnly pauses every schedule and makes every location read-only", () => {
  let velero: Velero | undefined;
  synthesize((stack) => {
    velero = veleroOn(stack, Cloud.AWS, {
      restoreOnly: true,
      locations: { archive: { store: storeOn(stack, Cloud.AWS, "archive") } },
    });
  });
  const { configuration, schedules } = valuesOf(velero as Velero);
  expect(configuration.backupStorageLocation.map(({ accessMode }: Json) => accessMode)).toEqual([
    "ReadOnly",
    "ReadOnly",
  ]);
  expect(configuration.restoreOnlyMode).toBeUndefined();
  expect(Object.values(schedules).map((each) => (each as Json).paused)).toEqual([true]);
});

test("Velero is no cluster administrator: it changes the namespaces of its schedules only", () => {
  const { resources, resource } = synthesize(
    (stack) => void veleroOn(stack, Cloud.AWS, { namespaces: ["coder"] }),
  );
  const roles = resources("kubernetes_role_v1");
  expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(["gitpod", "coder"]);
  const rules: Json[] = resource("kubernetes_cluster_role_v1").rule;
  const changing = rules.filter(
    ({ verbs }) => !verbs.every((verb: string) => ["get", "list", "watch"].includes(verb)),
  );
  expect(changing.map(({ resources: of }) => of)).toEqual([["persistentvolumes", "namespaces"]]);
});

test("a cluster administrator is recorded as an opt-out and needs no roles", () => {
  let velero: Velero | undefined;
  const { infos, resources } = synthesize((stack) => {
    velero = veleroOn(stack, Cloud.AWS, { clusterAdministrator: true });
  });
  expect(infos.map(({ message }) => message)).toEqual([
    "opt-out: VELERO-CLUSTER-ADMINISTRATOR: clusterAdministrator: Velero's server, and its agent that is root on each node, have all rights in the cluster",
  ]);
  expect(resources("kubernetes_role_v1")).toEqual([]);
  expect(valuesOf(velero as Velero).rbac).toEqual({ create: true, clusterAdministrator: true });
});

test("the repository password is written before the release and cannot be replaced", () => {
  const { resource, json } = synthesize((stack) => void veleroOn(stack, Cloud.AWS));
  expect(resource("terraform_data")).toMatchObject({
    triggers_replace: { version: 1 },
    lifecycle: { prevent_destroy: true },
  });
  const secret = resource("kubernetes_secret_v1");
  expect(secret.metadata).toMatchObject({ name: "velero-repo-credentials", namespace: "velero" });
  expect(Object.keys(secret.data_wo)).toEqual(["repository-password"]);
  expect(secret.data).toBeUndefined();
  expect(secret.depends_on.join()).toContain("terraform_data");
  expect(JSON.stringify(json.resource.helm_release)).not.toContain("repository_password");
});

test("backups that may be lost are recorded as an opt-out", () => {
  const { infos, resource } = synthesize(
    (stack) => void veleroOn(stack, Cloud.AWS, { acceptLostBackups: true }),
  );
  expect(infos.map(({ message }) => message)).toEqual([
    expect.stringContaining("VELERO-ACCEPT-LOST-BACKUPS"),
  ]);
  expect(resource("terraform_data").lifecycle).toBeUndefined();
});

test("a self-managed store gets its key in a Secret, and path-style addresses", () => {
  let velero: Velero | undefined;
  const { resources, json } = synthesize((stack) => {
    velero = veleroOnPremises(stack);
  });
  const values = valuesOf(velero as Velero);
  expect(values.credentials).toEqual({ useSecret: true, existingSecret: "velero-object-store" });
  expect(values.configuration.backupStorageLocation[0].config).toEqual({
    region: "main",
    s3Url: "https://objects.example.com:9000",
    s3ForcePathStyle: "true",
    checksumAlgorithm: "",
  });
  const secret = resources("kubernetes_secret_v1").find(
    ({ metadata }) => metadata.name === "velero-object-store",
  );
  expect(secret.data_wo.cloud).toContain("aws_secret_access_key=%s");
  expect(JSON.stringify(json.resource.helm_release)).not.toMatch(/var\.key/);
});

test("values of the user are merged, and those that the construct needs are kept", () => {
  let velero: Velero | undefined;
  synthesize((stack) => {
    velero = veleroOn(stack, Cloud.AWS, {
      values: { metrics: { serviceMonitor: { enabled: true } }, resources: { limits: { memory: "1Gi" } } },
    });
  });
  expect(valuesOf(velero as Velero)).toMatchObject({
    metrics: { serviceMonitor: { enabled: true } },
    resources: { limits: { cpu: "1", memory: "1Gi" } },
    snapshotsEnabled: false,
  });
});

test("each document of the release is YAML, with lists where the chart asks for lists", () => {
  const { resource } = synthesize((stack) => void veleroOnPremises(stack));
  const merged = mergeValues(
    ...resource("helm_release").values.map((document: string) => parse(document)),
  ) as Json;
  expect(Array.isArray(merged.configuration.backupStorageLocation)).toBe(true);
  expect(Array.isArray(merged.configuration.volumeSnapshotLocation)).toBe(true);
  expect(Array.isArray(merged.initContainers)).toBe(true);
});

test("a schedule is a mechanism of protection with its loss, retention, key and restore", () => {
  let velero: Velero | undefined;
  synthesize((stack) => {
    velero = veleroOnPremises(stack, { schedules: { daily: { ...DAILY, cron: "0 1,13 * * *" } } });
  });
  const protection = (velero as Velero).protection();
  expect(protection).toMatchObject({
    mechanism: "Velero schedule velero-daily",
    location: "backups, main",
    retentionDays: 30,
    lossMinutes: 12 * 60,
    keys: [REPOSITORY_KEY],
  });
  expect(protection.procedures.map(({ scenarios }) => scenarios)).toEqual([[RecoveryScenario.LOST_CLUSTER]]);
  const commands = protection.procedures.flatMap(({ steps }) => steps.flatMap((step) => step.commands ?? []));
  expect(commands.join("\n")).toContain("velero.io/schedule-name=velero-daily");
  expect(commands.join("\n")).toContain('velero restore create "$BACKUP-restore" --namespace "velero"');
  expect(() => (velero as Velero).protection("weekly")).toThrow(
    "VELERO-PROTECTION: schedule must be one of daily (got weekly)",
  );
});

const workspaces: DataItem = {
  id: "workspaces",
  kind: DataKind.VOLUMES,
  description: "Volumes of the workspaces",
  location: "shop",
  holdsUserData: true,
  lostIn: [RecoveryScenario.LOST_CLUSTER],
};

describe.each([
  ["with volumes", {}, true],
  ["without volumes", { schedules: { daily: { ...DAILY, volumes: false } } }, false],
  ["without node agents", { nodeAgent: false, schedules: { daily: { ...DAILY, volumes: false } } }, false],
] as const)("a schedule %s", (_, props, volumes) => {
  const agents = !("nodeAgent" in props);
  let runbook = "";
  const problems = problemsOf((stack) => {
    const protection = veleroOnPremises(stack, props).protection();
    const application = recoverable(stack, [
      { ...workspaces, protections: [protection] },
      { ...workspaces, id: "objects", kind: DataKind.APPLICATION_CONFIGURATION, protections: [protection] },
    ]);
    const plan = new RecoveryPlan(stack, "recovery", { application });
    runbook = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
  });

  test("covers volumes only if they are in its backups", () => {
    expect(problems).toEqual(
      volumes
        ? []
        : [
            expect.stringContaining(
              'must cover the loss of user data (got "none for workspaces: lost-cluster")',
            ),
          ],
    );
    expect(runbook.includes("**Not covered**: Volumes of the workspaces")).toBe(!volumes);
    expect(runbook).toContain("`objects`) comes back from Velero schedule velero-daily");
  });

  test("is restored where node agents run, and its volumes are counted, if there are agents", () => {
    const cluster = runbook.split("## Lost cluster")[1]?.split("\n## ")[0] ?? "";
    const titles = [...cluster.matchAll(/^#### [\d.]+ (.*)$/gm)].map(([, title]) => title as string);
    const wait = titles.indexOf("Node agents run, which restore volumes");
    expect(wait > 0).toBe(agents);
    if (agents) expect(wait).toBeLessThan(titles.indexOf("Restore the backup"));
    expect(cluster.includes("rollout status daemonset/node-agent")).toBe(agents);
    expect(cluster.includes('test "$RESTORED_VOLUMES" -eq "$WANTED_VOLUMES"')).toBe(agents);
  });
});

test("the definitions of the cluster are those of another Velero, if told so", () => {
  for (const upgradeCRDs of [undefined, false]) {
    synthesize((stack) => {
      const velero = veleroOnPremises(stack, { upgradeCRDs });
      expect(velero.release.values).toMatchObject({ upgradeCRDs: upgradeCRDs ?? true, cleanUpCRDs: false });
    });
  }
});
