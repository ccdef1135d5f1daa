import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider, type KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import { S3Bucket } from "../../../lib/aws";
import { Cloud, SecretValue } from "../../../lib/database";
import { KotsVelero, type VeleroProps, type VeleroSchedule } from "../../../lib/recovery";
import { ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { problemsOf, synthesize } from "../../support/synth";
import { logicalBackup } from "./recovery-fixture";
import { DAILY, lockedBucket, secretIn, storeOn, veleroOn, veleroOnPremises } from "./velero-fixtures";

const refused = (props: (stack: TerraformStack) => Partial<VeleroProps>): string[] =>
  problemsOf((stack) => void veleroOn(stack, Cloud.AWS, props(stack)));

const schedule = (over: Partial<VeleroSchedule>) =>
  refused(() => ({ schedules: { daily: { ...DAILY, ...over } } }));

test.each<[string, Partial<VeleroSchedule>, string]>([
  [
    "a cron expression with 7 as Sunday",
    { cron: "0 1 * * 7" },
    'VELERO-SCHEDULES-DAILY-CRON: schedules.daily.cron must be a cron expression of five fields (minute, hour, day of month, month, day of week from 0, Sunday, to 6), such as 0 1 * * *, or @daily, @weekly or @every 6h (got "0 1 * * 7"); the day of week is 0 to 6',
  ],
  [
    "a retention shorter than the gap",
    { cron: "0 1 1 * *", retentionDays: 30 },
    "VELERO-SCHEDULES-DAILY-RETENTION-DAYS: schedules.daily.retentionDays must exceed the longest gap between two runs, 31 days (got 30); otherwise the last backup expires before the next one is made",
  ],
  [
    "a retention of the gap itself",
    { cron: "0 1 * * 0", retentionDays: 7 },
    "VELERO-SCHEDULES-DAILY-RETENTION-DAYS: schedules.daily.retentionDays must exceed the longest gap between two runs, 7 days (got 7); otherwise the last backup expires before the next one is made",
  ],
  [
    "a location that is not there",
    { location: "archive" },
    'VELERO-SCHEDULES-DAILY-LOCATION: schedules.daily.location must be one of default (got "archive")',
  ],
  [
    "no namespace",
    { namespaces: [] },
    "VELERO-SCHEDULES-NAMESPACES: schedules.daily.namespaces must have at least one namespace (got [])",
  ],
  [
    "Velero's own namespace",
    { namespaces: ["velero"] },
    'VELERO-SCHEDULES-DAILY-NAMESPACES: schedules.daily.namespaces must not include Velero\'s namespace, whose Secrets open the backups (got "velero")',
  ],
])("refuses a schedule with %s", (_, over, message) => {
  expect(schedule(over)).toEqual([`[velero] ${message}`]);
});

test.each<[string, (stack: TerraformStack) => Partial<VeleroProps>, string]>([
  [
    "a plugin of another line",
    () => ({ pluginVersion: "1.13.2" }),
    'VELERO-PLUGIN-VERSION: pluginVersion must be an exact version of the line 1.14, which fits chart 12.1.0 (got "1.13.2")',
  ],
  [
    "a server of another line",
    () => ({ serverVersion: "1.19.0" }),
    'VELERO-SERVER-VERSION: serverVersion must be an exact version of the line 1.18, which fits chart 12.1.0 (got "1.19.0")',
  ],
  [
    "a plugin that is no exact version",
    () => ({ pluginVersion: "v1.14" }),
    'VELERO-PLUGIN-VERSION: pluginVersion must be an exact version of the line 1.14, which fits chart 12.1.0 (got "v1.14")',
  ],
  [
    "a chart of an unknown line",
    () => ({ chartVersion: "9.0.0" }),
    'VELERO-CHART-VERSION: chartVersion must be of the lines 10 (Velero 1.16), 11 (Velero 1.17), 12 (Velero 1.18), for which the fitting plugins are known (got "9.0.0")',
  ],
  [
    "an old chart without a plugin",
    () => ({ chartVersion: "10.1.3" }),
    "VELERO-PLUGIN-VERSION: pluginVersion must be set for chart 10.1.3: a version of the line 1.12 (got not set)",
  ],
  [
    "no identity on a cloud that has one",
    () => ({ identity: undefined }),
    "VELERO-IDENTITY: identity must be set on aws: an identity of the cloud needs no key (got not set)",
  ],
  [
    "a key where an identity needs none",
    (stack) => ({ key: ObjectStoreKey.s3("AKIAEXAMPLE", secretIn(stack, "key")) }),
    'VELERO-KEY: key must not be set on aws, where an identity needs no key (got "s3"); use identity',
  ],
  [
    "a repository password that changes in every run",
    (stack) => ({
      repositoryPassword: SecretValue.fromEphemeral(secretIn(stack, "random").writeOnly(), {
        version: 1,
        changesEachRun: true,
      }),
    }),
    'VELERO-REPOSITORY-PASSWORD: repositoryPassword must be the same in every run, since it encrypts all backups (got "a value that changes in every run"); use a generated secret of the cloud\'s secret store',
  ],
  [
    "a namespace that the identity does not name",
    () => ({ namespace: "backups" }),
    'VELERO-IDENTITY-NAMESPACE: identity.namespace must be backups, the namespace of Velero (got "velero")',
  ],
  [
    "a copy in the same region",
    (stack) => ({
      locations: { copy: { store: storeOn(stack, Cloud.AWS, "copy"), otherRegion: true } },
      ...sameRegion(stack),
    }),
    'VELERO-LOCATIONS-OTHER-REGION: locations.copy.store must be in another region than the default location, as otherRegion demands (got "eu-central-1"); name a store in another region',
  ],
  [
    "a location on another cloud",
    (stack) => ({ locations: { copy: { store: storeOn(stack, Cloud.GOOGLE, "copy") } } }),
    "VELERO-LOCATIONS-STORE: locations.copy.store must be on aws like the default location, since one identity is used for all (got test/copy); a copy on another cloud is a matter of the store",
  ],
  [
    "a prefix with slashes at its ends",
    () => ({ prefix: "/cluster/" }),
    'VELERO-PREFIX: prefix must be letters, digits, dots, hyphens and underscores, with slashes between parts only (got "/cluster/")',
  ],
])("refuses %s", (_, props, message) => {
  const problems = refused(props).filter((problem) => problem.includes("VELERO-"));
  expect(problems).toEqual([`[velero] ${message}`]);
});

/** Buckets whose region is known at synth. */
function sameRegion(stack: TerraformStack): Partial<VeleroProps> {
  const attributes = { bucketName: "backups-of-cluster", region: "eu-central-1" };
  const at = (id: string, bucketName: string) =>
    S3Bucket.fromBucketAttributes(stack, id, { ...attributes, bucketName });
  return {
    store: at("main", "backups-of-cluster"),
    locations: { copy: { store: at("other", "copy-of-backups"), otherRegion: true } },
  };
}

/** A bucket whose versions are locked for some days. */
const locked = (stack: TerraformStack, lockDays: number, id = "locked") =>
  S3Bucket.fromBucketAttributes(stack, id, { bucketName: `backups-${id}`, region: "eu-central-1", lockDays });

test("refuses a lock that ends before the backups expire, of each location", () => {
  const problems = refused((stack) => ({
    store: locked(stack, 29),
    locations: { year: { store: locked(stack, 364, "year"), prefix: "year" } },
    schedules: {
      daily: DAILY,
      monthly: { ...DAILY, cron: "@monthly", retentionDays: 365, location: "year" },
    },
  }));
  const rule =
    "otherwise the last backups can be deleted while they are needed: lock the store for longer, or keep fewer";
  expect(problems).toEqual([
    `[velero] VELERO-STORE-LOCK-DAYS: store.lockDays must be at least 30, the days for which retentionDays keeps a backup (got 29); ${rule}`,
    `[velero] VELERO-LOCATIONS-YEAR-STORE-LOCK-DAYS: locations.year.store.lockDays must be at least 365, the days for which retentionDays keeps a backup (got 364); ${rule}`,
  ]);
});

test("takes a lock as long as the retention, and tells of a longer one and of shared data", () => {
  const told = (lockDays: number, volumes: boolean) => {
    const { infos, warnings } = synthesize((stack) => {
      veleroOn(stack, Cloud.AWS, {
        store: locked(stack, lockDays),
        schedules: { daily: { ...DAILY, volumes } },
      });
    });
    return [...infos, ...warnings]
      .map(({ message }) => message)
      .filter((message) => message.includes(".lockDays: "));
  };
  expect(told(30, false)).toEqual([]);
  expect(told(90, false)).toEqual([
    expect.stringContaining("up to 60 days after retentionDays has deleted them"),
  ]);
  expect(told(30, true)).toEqual([
    expect.stringContaining("whose lock ends earlier, and Velero extends no lock"),
  ]);
});

test("refuses a retention policy of Cloud Storage, under which no backup could be completed", () => {
  const problems = problemsOf((stack) => {
    veleroOn(stack, Cloud.GOOGLE, { store: lockedBucket(stack, ObjectStoreKind.GCS, 90) });
  });
  expect(problems).toEqual([
    "[velero] VELERO-STORE-LOCK-DAYS: store.lockDays must not be set on Cloud Storage, whose retention policy also refuses to overwrite the state of a backup (got 90); use a bucket without a policy, with Object Versioning or soft delete",
  ]);
});

test("refuses values of the user that the construct sets, which the chart would take without a word", () => {
  const problems = refused(() => ({
    values: {
      configuration: { backupStorageLocation: { name: "default" }, uploaderType: "restic" },
      snapshotsEnabled: true,
      cleanUpCRDs: true,
      upgradeCRDs: false,
      credentials: { useSecret: true },
      rbac: { clusterAdministrator: true },
      serviceAccount: { server: { name: "default" } },
    },
  }));
  expect(problems.map((problem) => /values\.[A-Za-z.]+/.exec(problem)?.[0]).sort()).toEqual([
    "values.cleanUpCRDs",
    "values.configuration.backupStorageLocation",
    "values.configuration.uploaderType",
    "values.credentials.useSecret",
    "values.rbac.clusterAdministrator",
    "values.serviceAccount.server.name",
    "values.snapshotsEnabled",
    "values.upgradeCRDs",
  ]);
});

test.each<[string, Partial<VeleroProps>, string]>([
  [
    "a node selector of the server",
    { values: { nodeSelector: { spot: true } } },
    "VELERO-VALUES-NODE-SELECTOR: values.nodeSelector must have values of",
  ],
  [
    "a node selector of the agent",
    { values: { nodeAgent: { nodeSelector: { "a b": "x" } } } },
    "VELERO-VALUES-NODE-AGENT-NODE-SELECTOR: values.nodeAgent.nodeSelector must have names of",
  ],
  [
    "an operator",
    { nodeAgentTolerations: [{ key: "a", operator: "In" }] },
    'nodeAgentTolerations must have the operator Exists or Equal (got "In")',
  ],
  [
    "an effect",
    { nodeAgentTolerations: [{ operator: "Exists", effect: "noSchedule" }] },
    'nodeAgentTolerations must have an effect of NoSchedule, PreferNoSchedule, NoExecute (got "noSchedule")',
  ],
  [
    "a value that is not compared",
    { nodeAgentTolerations: [{ key: "a", operator: "Exists", value: "b" }] },
    'nodeAgentTolerations must have no value with the operator Exists (got "b")',
  ],
  [
    "no key",
    { nodeAgentTolerations: [{ value: "b" }] },
    "nodeAgentTolerations must have a key (got not set); only the operator Exists goes without, for all taints",
  ],
])("refuses what the API server refuses of the nodes: %s", (_, props, message) => {
  expect(refused(() => props)).toEqual([expect.stringContaining(message)]);
});

test("refuses backups of volumes without node agents, which would all be PartiallyFailed", () => {
  const weekly = { ...DAILY, cron: "0 2 * * 0", volumes: false };
  expect(refused(() => ({ nodeAgent: false, schedules: { daily: DAILY, weekly } }))).toEqual([
    expect.stringContaining(
      "VELERO-SCHEDULES-VOLUMES: schedules.daily.volumes must be false without node agents, which back up volumes",
    ),
  ]);
});

test("takes tolerations of one taint, of a value and of all taints", () => {
  const nodeAgentTolerations = [
    { key: "dedicated", operator: "Exists", effect: "NoSchedule" },
    { key: "example.com/pool", value: "jobs" },
    { operator: "Exists" },
  ];
  expect(refused(() => ({ nodeAgentTolerations }))).toEqual([]);
});

test("refuses a second Velero in a namespace, and one of the same release name elsewhere", () => {
  const problems = problemsOf((stack) => {
    veleroOnPremises(stack);
    veleroOn(stack, Cloud.AWS, { repositoryPassword: secretIn(stack, "other") }, "second");
  });
  const of = problems.filter((problem) => problem.startsWith("[second] "));
  expect(of).toEqual([
    expect.stringContaining(
      'VELERO-NAMESPACE: namespace must be unique (got "velero"); test/velero is another Velero of this name: the chart names its Deployment velero in every release',
    ),
    expect.stringContaining("VELERO-RELEASE-NAME: releaseName must be unique"),
  ]);
});

test("two stacks of a program have no Velero in one namespace of a cluster, and no dump of one name", () => {
  const found = (first: KubernetesProviderConfig, second: KubernetesProviderConfig) => {
    const app = new App({ stackTraces: false });
    const stacks = [first, second].map((config, i) => {
      const stack = new TerraformStack(app, i === 0 ? "one" : "two");
      veleroOnPremises(stack);
      logicalBackup(stack, { backupName: "coder" });
      // A provider may come last.
      new KubernetesProvider(stack, "kubernetes", config);
      new HelmProvider(stack, "helm", {});
      return stack;
    });
    return stacks.flatMap((stack) =>
      stack.node
        .findAll()
        .flatMap((node) => node.node.validate().map((text) => `[${node.node.path}] ${text}`)),
    );
  };
  const context = { configPath: "~/.kube/config", configContext: "platform" };
  const both = [
    '[two/velero] VELERO-NAMESPACE: namespace must be unique in the cluster, and one/velero in another stack is a Velero of this name in it (got "velero"); choose another name for one of them',
    '[two/backup] BACKUP-BACKUP-NAME: backupName must be unique in the cluster, and one/backup in another stack is a CronJob of this name in it (got "coder"); choose another name for one of them',
  ];
  expect(found(context, context)).toEqual(both);
  expect(found({ host: "https://a.example.com" }, { host: "https://a.example.com" })).toEqual(both);
  expect(found(context, { ...context, configContext: "other" })).toEqual([]);
  expect(found({ host: "https://a.example.com" }, { host: "https://b.example.com" })).toEqual([]);
  // What is not known at synth is not judged.
  expect(found({}, {})).toEqual([]);
});

test("a self-managed store needs a key", () => {
  expect(problemsOf((stack) => void veleroOnPremises(stack, { key: undefined }))).toEqual([
    "[velero] VELERO-KEY: key must be set for a self-managed store, which knows no identities (got not set)",
  ]);
});

test("all mistakes are reported at once", () => {
  expect(
    refused(() => ({
      pluginVersion: "1.0.0",
      prefix: "/",
      schedules: { a: { ...DAILY, cron: "daily" }, b: { ...DAILY, cron: "@weekly", retentionDays: 2 } },
    })),
  ).toHaveLength(4);
});

test("tokens are not judged at synth", () => {
  synthesize((stack) => {
    const name = secretIn(stack, "unused") && stack.node.tryFindChild("unused");
    const token = (name as unknown as { stringValue: string }).stringValue;
    veleroOn(stack, Cloud.AWS, { schedules: { daily: { ...DAILY, cron: token, namespaces: [token] } } });
  });
});

describe("KOTS", () => {
  const kots = (kotsVersion: string, props: Partial<VeleroProps> = {}, kotsNamespace = "gitpod") =>
    problemsOf((stack) => {
      const velero = veleroOn(stack, Cloud.AWS, props);
      new KotsVelero(stack, "kots", { velero, kotsNamespace, kotsVersion });
    });

  test.each<[string, Partial<VeleroProps>]>([
    ["1.130.7", {}],
    ["1.124.18", { chartVersion: "10.1.3", pluginVersion: "1.12.2" }],
  ])("%s fits", (version, props) => {
    expect(kots(version, props)).toEqual([]);
  });

  test.each<[string, Partial<VeleroProps>, string]>([
    ["1.125.2", {}, "must be 1.130.7 or later for Velero 1.18; this one supports Velero up to 1.16"],
    [
      "1.125.2",
      { chartVersion: "11.4.0" },
      "must be 1.130.7 or later for Velero 1.17; this one supports Velero up to 1.16",
    ],
    ["1.117.3", {}, 'must be 1.124.18 or later (got "1.117.3"); earlier versions support no Velero'],
    ["latest", {}, 'must be 1.124.18 or later (got "latest")'],
  ])("%s is refused", (version, props, message) => {
    const [problem] = kots(version, props);
    const text = (problem as string).replace(` (got "${version}")`, "");
    expect(text).toContain("[kots] KOTS-VELERO-KOTS-VERSION: kotsVersion ");
    expect(text).toContain(message.replace(` (got "${version}")`, ""));
  });

  test("a namespace that is Velero's, or that Velero may not back up, is refused", () => {
    expect(kots("1.130.7", {}, "velero")).toEqual([
      expect.stringContaining("must not be the namespace of Velero"),
      expect.stringContaining("must be among the namespaces that Velero may back up"),
    ]);
    expect(kots("1.130.7", {}, "other")).toEqual([
      expect.stringContaining("add it to namespaces of the Velero construct"),
    ]);
  });

  test("gets the names that it looks for, and no Secret of Velero", () => {
    const { resources, resource } = synthesize((stack) => {
      const velero = veleroOn(stack, Cloud.AWS);
      new KotsVelero(stack, "kots", { velero, kotsNamespace: "gitpod", kotsVersion: "1.130.7" });
    });
    const role = resources("kubernetes_role_v1").find(({ metadata }) => metadata.name === "kotsadm-role");
    expect(role.metadata.namespace).toBe("velero");
    expect(resources("kubernetes_role_binding_v1")).toContainEqual(
      expect.objectContaining({
        metadata: { name: "kotsadm-rolebinding", namespace: "velero" },
        subject: [{ kind: "ServiceAccount", name: "kotsadm", namespace: "gitpod" }],
      }),
    );
    expect(resource("kubernetes_config_map_v1")).toMatchObject({
      metadata: { name: "kotsadm-velero-namespace", namespace: "gitpod" },
      data: { veleroNamespace: "velero" },
    });
    const rules: { resources: string[]; verbs: string[]; resource_names?: string[] }[] = role.rule;
    expect(rules.flatMap((rule) => [...rule.resources, ...rule.verbs])).not.toContain("*");
    expect(rules.filter((rule) => rule.resources.includes("secrets"))).toEqual([
      { api_groups: [""], resources: ["secrets"], resource_names: ["cloud-credentials"], verbs: ["get"] },
    ]);
  });

  test("snapshots are a mechanism without a known loss", () => {
    synthesize((stack) => {
      const velero = veleroOnPremises(stack);
      const made = new KotsVelero(stack, "kots", { velero, kotsNamespace: "gitpod", kotsVersion: "1.130.7" });
      expect(made.protection()).toMatchObject({
        mechanism: "KOTS full snapshots by Velero",
        location: "backups, main",
      });
      expect(made.protection().lossMinutes).toBeUndefined();
    });
  });
});
