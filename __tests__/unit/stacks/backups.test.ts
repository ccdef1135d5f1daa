/** Velero, dumps and rehearsals of the reference stacks: there by default, left out with a reason, and an addition to what exists. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { Annotations } from "../../../lib/testing";
import { CoderAwsStack } from "../../../stacks/coder-aws";
import { GitlabLayout } from "../../../stacks/gitlab-stack";
import { coderAws, gitlabAws, gitpodAws } from "../../../stacks/inputs/aws";
import { coderAzure, gitlabAzure, gitpodAzure } from "../../../stacks/inputs/azure";
import { coderGoogle, gitlabGoogle, gitpodGoogle } from "../../../stacks/inputs/google";
import type { StackBackups } from "../../../stacks/shared/backups";
import type { StackRecoveryProps } from "../../../stacks/shared/recovery";
import type { Json } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "devplatforms-backups-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

type Stack = TerraformStack & {
  readonly backups: StackBackups;
  readonly recoveryPlan: { toText(): string };
  readonly runbook: { toMarkdown(): string };
};
type Build = (app: App, others: Json) => Stack;
const STACKS: [string, Build][] = [
  ["coder-aws", coderAws],
  ["coder-google", coderGoogle],
  ["coder-azure", coderAzure],
  ["gitpod-aws", gitpodAws],
  ["gitpod-google", gitpodGoogle],
  ["gitpod-azure", gitpodAzure],
  ["gitlab-aws", gitlabAws],
  ["gitlab-google", gitlabGoogle],
  ["gitlab-azure", gitlabAzure],
];

const build = (make: Build, recovery?: StackRecoveryProps, others: Json = {}) =>
  make(new App({ outdir, stackTraces: false }), { ...others, ...(recovery && { recovery }) });

const problems = (stack: TerraformStack) =>
  stack.node.findAll().flatMap((node) => node.node.validate().map((text) => `[${node.node.path}] ${text}`));

/** Resources by address, without the metadata. */
function resources(stack: TerraformStack): Map<string, Json> {
  return new Map(
    Object.entries<Json>(stack.toTerraform().resource ?? {}).flatMap(([type, named]) =>
      Object.entries<Json>(named).map(([name, { "//": _, ...block }]): [string, Json] => [
        `${type}.${name}`,
        block,
      ]),
    ),
  );
}

const ALL_OFF: StackRecoveryProps = {
  velero: { disabledBecause: "the platform's Velero backs up the namespace" },
  logicalBackup: { disabledBecause: "the databases are too large for dumps" },
  rehearsal: { disabledBecause: "there is nothing to rehearse" },
};

/** Resource that rehearses the servers' backups, and the mechanism that it restores. */
const REHEARSAL: { readonly [cloud: string]: string } = {
  aws: "aws_backup_restore_testing_plan",
  google: "google_workflows_workflow",
  azure: "kubernetes_cron_job_v1",
};
const MECHANISM: { readonly [cloud: string]: string } = {
  aws: "AWS Backup rule daily",
  google: "Cloud SQL automated backups",
  azure: "Automated backups of the flexible server",
};

describe.each(STACKS)("%s", (name, make) => {
  const application = name.split("-")[0] as string;

  test("has Velero, a dump for each owner of databases, and a rehearsal of each dump", () => {
    const { backups } = build(make);
    expect(backups.velero?.namespace).toBe(`${application}-velero`);
    expect(backups.velero?.backedUpNamespaces).toEqual([application]);
    expect(backups.logicalBackups.map(({ backupName }) => backupName)).toEqual(
      application === "gitlab" ? ["gitlab-main", "gitlab-registry"] : [`${application}-database`],
    );
    expect(backups.rehearsals).toHaveLength(backups.logicalBackups.length);
    const mechanisms = backups.protections.map(({ protection }) => protection.mechanism);
    expect(mechanisms).toEqual(
      expect.arrayContaining([
        `Velero schedule ${application}-velero-${application}`,
        expect.stringMatching(/^Logical backup/),
      ]),
    );
  });

  test("each rehearsal stands in the plan beside the dump that it restores", () => {
    const stack = build(make);
    const text = stack.recoveryPlan.toText();
    for (const { backupName } of stack.backups.logicalBackups) {
      expect(text).toMatch(
        new RegExp(
          `Logical backup ${backupName}: .*\\n.*\\n    rehearsed every week by CronJob ${backupName}-rehearsal `,
        ),
      );
    }
    expect(build(make, ALL_OFF).recoveryPlan.toText()).not.toContain("rehearsed every");
  });

  test("the servers' own backups are rehearsed by the cloud if told so, as an addition that the plan names", () => {
    const channels = name.endsWith("-google")
      ? { notificationChannels: ["projects/p/notificationChannels/1"] }
      : {};
    const others = { serverRehearsal: {}, ...channels };
    const stack = build(make, undefined, others);
    expect(problems(stack)).toEqual([]);
    const [without, full] = [resources(build(make, undefined, channels)), resources(stack)];
    expect(
      [...without].filter(([address, block]) => JSON.stringify(full.get(address)) !== JSON.stringify(block)),
    ).toEqual([]);
    const added = [...full.keys()].filter((address) => !without.has(address));
    expect(added.filter((address) => !address.includes(".protection_server-rehearsal_"))).toEqual([]);
    expect(added.map((address) => address.split(".")[0])).toContain(REHEARSAL[name.split("-")[1] as string]);
    const words = MECHANISM[name.split("-")[1] as string];
    expect(stack.recoveryPlan.toText()).toMatch(
      new RegExp(`${words}: .*\\n.*\\n(    key: .*\\n)*    rehearsed (every week|at least every 4 days) by`),
    );
    const off = Annotations.of(build(make, ALL_OFF, others)).hasOptOut("protection", "RECOVERY-REHEARSAL");
    expect(off[0]?.message).toContain("no restore of the dumps is rehearsed");
  });

  test("without backups it is what it was before: they are additions only", () => {
    const [without, full] = [resources(build(make, ALL_OFF)), resources(build(make))];
    const added = [...full.keys()].filter((address) => !without.has(address));
    // On Azure the network gets the DNS zone of the storage account, if no other account has it.
    const zone = /^azurerm_private_dns_zone\w*\.network_Zone-blob_/;
    expect(added.filter((address) => !address.includes(".protection_") && !zone.test(address))).toEqual([]);
    expect([...without.keys()].filter((address) => address.includes(".protection_"))).toEqual([]);
    expect(added.length).toBeGreaterThan(20);
    const changed = [...without].filter(
      ([address, block]) => JSON.stringify(full.get(address)) !== JSON.stringify(block),
    );
    // The connections of the dumps are in the budget of the server, which is a condition and no argument.
    // The pooler of GitLab leaves them room where the server has no more to give.
    const arguments_ = ({ lifecycle: _, ...block }: Json) =>
      JSON.stringify(block).replace(/ (pool_size|max_db_connections)=\d+/g, "");
    expect(
      changed
        .filter(([address, block]) => arguments_(full.get(address)) !== arguments_(block))
        .map(([address]) => address),
    ).toEqual([]);
  });

  test("each backup that is left out is an opt-out with its reason", () => {
    const { backups } = build(make, ALL_OFF);
    expect([backups.velero, backups.logicalBackups, backups.rehearsals]).toEqual([undefined, [], []]);
    const notes = Annotations.of(build(make, ALL_OFF));
    for (const [code, reason] of [
      ["VELERO", "the platform's Velero"],
      ["LOGICAL-BACKUP", "too large for dumps"],
      ["REHEARSAL", "nothing to rehearse"],
    ] as const) {
      const [note] = notes.hasOptOut("protection", `RECOVERY-${code}`);
      expect(note?.message).toContain(reason);
    }
    expect(problems(build(make, ALL_OFF))).toEqual([]);
  });

  test.each(["0 2 * * 0", "0 2 1 * *"])("dumps at %s are rehearsed, however old they may be", (schedule) => {
    expect(problems(build(make, { logicalBackup: { schedule } }))).toEqual([]);
  });

  test("wrong properties are refused together", () => {
    const found = problems(
      build(make, {
        velero: { schedule: "0 1 * * 7", retentionDays: 0 },
        logicalBackup: { schedule: "every day", keep: 1 },
        rehearsal: { disabledBecause: " " },
      }),
    ).join("\n");
    expect(found).toContain(`VELERO-SCHEDULES-${application.toUpperCase()}-CRON`);
    expect(found).toContain(`VELERO-SCHEDULES-${application.toUpperCase()}-RETENTION-DAYS`);
    expect(found).toContain("BACKUP-SCHEDULE");
    expect(found).toContain("BACKUP-KEEP");
    expect(found).toContain("RECOVERY-RECOVERY-REHEARSAL-DISABLED-BECAUSE");
  });

  test("prepares a restore: no schedule runs, and nothing is written to the store", () => {
    const { backups } = build(make, { velero: { restoreOnly: true } });
    const values = JSON.stringify(backups.velero?.release.values);
    expect(values).toContain('"paused":true');
    expect(values).toContain('"accessMode":"ReadOnly"');
  });
});

test("stacks of different applications share a cluster: no object without a namespace has the name of another's", () => {
  const names = [coderAws, gitpodAws, gitlabAws].flatMap((make) =>
    [...resources(build(make as Build))]
      .filter(([address]) => /^(kubernetes_(namespace|cluster_role\w*)_v1|helm_release)\./.test(address))
      .map(
        ([address, block]) =>
          `${address.split(".")[0]} ${block.namespace ?? ""} ${block.name ?? block.metadata.name}`,
      ),
  );
  expect(new Set(names).size).toBe(names.length);
});

describe("locks of the backups", () => {
  const locks = (stack: TerraformStack) =>
    [...resources(stack)]
      .filter(([address]) => address.startsWith("aws_s3_bucket_object_lock_configuration."))
      .map(([, { rule }]) => rule.default_retention);

  test.each(STACKS.filter(([name]) => name.endsWith("-aws")))(
    "%s locks what it keeps, if told so",
    (_, make) => {
      const stack = build(make, {
        lockBackups: true,
        velero: { retentionDays: 60 },
        logicalBackup: { keep: 31 },
      });
      expect(problems(stack)).toEqual([]);
      expect(locks(stack)).toEqual([
        { days: 60, mode: "GOVERNANCE" },
        { days: 30, mode: "GOVERNANCE" },
      ]);
      Annotations.of(build(make)).hasOptOut("protection", "RECOVERY-RECOVERY-LOCK-BACKUPS");
      expect(locks(build(make))).toEqual([]);
    },
  );

  test.each(STACKS.filter(([name]) => !name.endsWith("-aws")))("%s cannot", (_, make) => {
    expect(problems(build(make, { lockBackups: true }))).toEqual([
      expect.stringContaining(
        "RECOVERY-RECOVERY-LOCK-BACKUPS: recovery.lockBackups must be left out on Google",
      ),
    ]);
  });
});

test("a second stack of an application in a cluster is refused, in another cluster it is not", () => {
  const app = new App({ outdir, stackTraces: false });
  const inCluster = (id: string, clusterName: string) =>
    new CoderAwsStack(app, id, {
      accessUrl: "https://coder.example.com",
      region: "eu-central-1",
      clusterName,
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      nodeSecurityGroups: [],
    });
  inCluster("one", "platform");
  const found = problems(inCluster("two", "platform")).filter((text) => text.includes("RECOVERY-NAMESPACE"));
  expect(found).toEqual([
    '[two/protection] RECOVERY-NAMESPACE: namespace must be of one stack in a cluster, and one has it there too (got "coder"); use another cluster for one of the two',
  ]);
  expect(problems(inCluster("three", "other")).join()).not.toContain("RECOVERY-NAMESPACE");
});

test("the sessions of Gitpod are not dumped, which the plan says with its reason", () => {
  const { backups } = build(gitpodAws as Build);
  const dump = backups.protections.find(({ protection }) =>
    protection.mechanism.startsWith("Logical backup"),
  );
  expect(dump?.protection.limits?.join()).toContain(
    "`gitpod-sessions` is not dumped: it holds the sessions of browsers only",
  );
});

test("each server of GitLab has a dump for each owner", () => {
  const { backups, recoveryPlan } = build(gitlabAws as Build, undefined, {
    layout: GitlabLayout.THREE_SERVERS,
  });
  expect(
    backups.logicalBackups.map(({ backupName, databases }) => [
      backupName,
      databases.map(({ databaseName }) => databaseName),
    ]),
  ).toEqual([
    ["gitlab-main", ["gitlabhq_production"]],
    ["gitlab-registry", ["registry"]],
    ["gitlab-ci", ["gitlabhq_production_ci"]],
    ["gitlab-sec", ["gitlabhq_production_sec"]],
  ]);
  const text = recoveryPlan.toText();
  for (const { backupName } of backups.logicalBackups) expect(text).toContain(`Logical backup ${backupName}`);
});

test("each server of GitLab is rehearsed for its item of the inventory", () => {
  const { recoveryPlan } = build(gitlabAws as Build, undefined, {
    layout: GitlabLayout.THREE_SERVERS,
    serverRehearsal: {},
  });
  const rules = recoveryPlan
    .toText()
    .match(/AWS Backup rule daily: .*\n.*\n( {4}key: .*\n)* {4}rehearsed at least every 4 days/g);
  expect(rules).toHaveLength(3);
});

test("a rehearsal of Cloud SQL's backups without a notification channel is refused", () => {
  const stack = build(coderGoogle as Build, undefined, {
    serverRehearsal: {},
    notificationChannels: undefined,
  });
  expect(problems(stack)).toEqual([expect.stringContaining("notificationChannels must")]);
});

test("copies of flexible servers in the subnet of their source are an opt-out", () => {
  const code = "AZURE-REHEARSAL-NETWORK";
  const shared = build(coderAzure as Build, undefined, { serverRehearsal: {} });
  expect(Annotations.of(shared).hasOptOut("protection/server-rehearsal/postgres", code)).toHaveLength(1);
  const subnetId =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/copies";
  const apart = build(coderAzure as Build, undefined, { serverRehearsal: { subnetId } });
  expect(
    Annotations.of(apart)
      .optOuts.map(({ message }) => message)
      .filter((each) => each.includes(code)),
  ).toEqual([]);
});

test.each(STACKS.filter(([name]) => name.startsWith("coder")))(
  "%s: the runbook says how the volumes of workspaces come back, or that nothing brings them back",
  (_, make) => {
    const runbook = (recovery?: StackRecoveryProps) => {
      const stack = build(make, recovery);
      expect(problems(stack)).toEqual([]);
      return stack.runbook.toMarkdown().split("## Lost cluster")[1]?.split("\n## ")[0] ?? "";
    };
    const covered = runbook();
    expect(covered).toContain("(`workspaces`) comes back from Velero schedule coder-velero-coder");
    expect(covered).toContain("kubectl rollout status daemonset/node-agent");
    expect(covered).toContain('test "$RESTORED_VOLUMES" -eq "$WANTED_VOLUMES"');
    expect(covered).not.toContain("**Not covered**: Volumes of the workspaces");
    const lost = runbook({ velero: { disabledBecause: "the platform's Velero backs up the namespace" } });
    expect(lost).toContain(
      "**Not covered**: Volumes of the workspaces: files that are in no Git remote. Nothing brings it back in this scenario. Accepted: workspaces are created again",
    );
    expect(lost).not.toMatch(/node-agent|velero/i);
  },
);

test("what only the cloud's user knows is asked for", () => {
  const app = () => new App({ outdir, stackTraces: false });
  const google = coderGoogle(app(), { recovery: { velero: { disabledBecause: "none" } } });
  expect(Object.keys(google.toTerraform().variable)).not.toContain("velero_password");
  const azure = problems(coderAzure(app(), { oidcIssuerUrl: undefined })).join("\n");
  expect(azure).toMatch(/AZURE-OIDC-ISSUER-URL: oidcIssuerUrl must be set, .* \(got not set\)/);
  expect(azure.match(/AZURE-OIDC-ISSUER-URL/g)).toHaveLength(1);
  expect(problems(coderAzure(app(), { oidcIssuerUrl: undefined, recovery: ALL_OFF }))).toEqual([]);
});

test("on AWS pods get their roles by Pod Identity where no OIDC provider is given", () => {
  const stack = coderAws(new App({ outdir, stackTraces: false }), { oidcProviderArn: undefined });
  const roles = stack.toTerraform().resource;
  expect(Object.keys(roles.aws_eks_pod_identity_association)).toHaveLength(2);
});
