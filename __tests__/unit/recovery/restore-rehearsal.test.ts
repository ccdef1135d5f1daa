import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { TerraformStack } from "cdktf";
import {
  BackupImage,
  LogicalBackup,
  type LogicalBackupProps,
  RehearsalCheck,
  RestoreRehearsal,
  type RestoreRehearsalProps,
} from "../../../lib/recovery";
import { problemsOf, synthesize } from "../../support/synth";
import { database, logicalBackup, mysqlDatabase, secret } from "./recovery-fixture";

const NEWEST = "SELECT extract(epoch FROM max(created_at)) FROM users";

function rehearsal(
  stack: TerraformStack,
  props: Partial<RestoreRehearsalProps> = {},
  backup: Partial<LogicalBackupProps> = {},
): RestoreRehearsal {
  const made = logicalBackup(stack, backup);
  const [first] = made.databases;
  return new RestoreRehearsal(stack, "rehearsal", {
    backup: made,
    checks: first ? [RehearsalCheck.newestRow(first, NEWEST, 48)] : [],
    ...props,
  });
}

type Wrong = (stack: TerraformStack) => [Partial<RestoreRehearsalProps>, Partial<LogicalBackupProps>?];

test.each<[string, Wrong]>([
  ["REHEARSAL-SCHEDULE: schedule must be a cron expression of five fields", () => [{ schedule: "@reboot" }]],
  ["REHEARSAL-CHECKS: checks must have at least one entry (got [])", () => [{ checks: [] }]],
  [
    "REHEARSAL-CHECKS-MAX-AGE-HOURS: checks.maxAgeHours must be at least 24 hours, the age that the newest backup may have (got 12)",
    (stack) => [{ checks: [RehearsalCheck.newestRow(database(stack), NEWEST, 12)] }],
  ],
  [
    'REHEARSAL-CHECKS-DATABASE: checks.database must be a database of the backup: coder (got "other")',
    (stack) => [{ checks: [RehearsalCheck.newestRow(database(stack, "other"), NEWEST, 48)] }],
  ],
  [
    "REHEARSAL-ALERT-AFTER-DAYS: alertAfterDays must be more than 7 days, the longest gap of the schedule (got 7)",
    () => [{ alertAfterDays: 7 }],
  ],
  [
    "REHEARSAL-MAX-BACKUP-AGE-HOURS: maxBackupAgeHours must be more than 24 hours, the longest gap of the backup's schedule (got 24)",
    () => [{ maxBackupAgeHours: 24 }],
  ],
  [
    'REHEARSAL-IMAGE: image must be of PostgreSQL 17 or later (got "postgres 16.13")',
    () => [{ image: BackupImage.postgres("registry.example.com/postgres:16.13", "16.13") }],
  ],
  [
    'REHEARSAL-IMAGE: image must be 18.3 or later, the version of the backup\'s clients, whose dumps an older server does not take (got "17.9")',
    () => [
      { image: BackupImage.postgres("registry.example.com/postgres:17.9", "17.9") },
      { image: BackupImage.postgres("registry.example.com/postgres:18.3", "18.3") },
    ],
  ],
  [
    "REHEARSAL-BACKUP: backup must be of a server on another port than 53, 80, 443 and 988",
    (stack) => [{}, { databases: [database(stack, "coder", { port: 443 })] }],
  ],
  [
    "REHEARSAL-IGNORED-EXTENSIONS: ignoredExtensions must be left out for MySQL",
    (stack) => [{ ignoredExtensions: ["x"] }, { databases: [mysqlDatabase(stack)] }],
  ],
  [
    'REHEARSAL-IGNORED-EXTENSIONS: ignoredExtensions must be names of extensions (got "a b")',
    () => [{ ignoredExtensions: ["a b"] }],
  ],
  [
    'REHEARSAL-STORAGE-CLASS-NAME: storageClassName must be the name of a storage class, since no class means no dynamic provisioning and the pod would wait for ever (got "")',
    () => [{ storageClassName: "" }],
  ],
  [
    'REHEARSAL-STORAGE-CLASS-NAME: storageClassName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part (got "Fast")',
    () => [{ storageClassName: "Fast" }],
  ],
  ["REHEARSAL-NODE-SELECTOR: nodeSelector must have values of", () => [{ nodeSelector: { pool: "-" } }]],
  ["REHEARSAL-CPU: cpu must be a quantity", () => [{ cpu: "one" }]],
  ["REHEARSAL-MEMORY-MIB: memoryMiB must be a whole number from 512", () => [{ memoryMiB: 1 }]],
])("refused: %s", (message, props) => {
  const found = problemsOf((stack) => void rehearsal(stack, ...props(stack)));
  expect(found.join("\n")).toContain(message);
});

test("without a check of the newest row a note says that no RPO is measured", () => {
  const { infos } = synthesize((stack) => {
    const one = database(stack);
    const check = RehearsalCheck.atLeast("users", one, "SELECT count(*) FROM users", 1);
    rehearsal(stack, { checks: [check] }, { databases: [one] });
  });
  expect(infos.map(({ message }) => message).join()).toContain("REHEARSAL-CHECKS-NEWEST-ROW");
});

test("the copy cannot reach the source: no login, no address, no way", () => {
  const { resources } = synthesize(
    (stack) => void rehearsal(stack, {}, { encryptionKey: secret(stack, "key") }),
  );
  const job = resources("kubernetes_cron_job_v1").find(
    ({ metadata }) => metadata.name === "test-backup-rehearsal" || metadata.name.endsWith("backup-rehearsal"),
  );
  const text = JSON.stringify(job);
  expect(text).not.toContain("postgres.example.com");
  expect(text).not.toMatch(/PGHOST|PGUSER|database-password/);
  const name = job.spec.job_template.spec.template.spec.volume.find(
    (each: { name: string }) => each.name === "secrets",
  ).secret.secret_name;
  const held = resources("kubernetes_secret_v1").find(({ metadata }) => metadata.name === name);
  expect(Object.keys(held.data_wo)).toEqual(["encryption-key"]);
  const policy = resources("kubernetes_network_policy_v1").find(
    ({ metadata }) => metadata.name === job.metadata.name,
  );
  expect(policy.spec.policy_types).toEqual(["Ingress", "Egress"]);
  expect(policy.spec.ingress).toBeUndefined();
  const ports = policy.spec.egress.flatMap((rule: { ports: { port: string }[] }) =>
    rule.ports.map(({ port }) => port),
  );
  expect(ports.sort()).toEqual(["443", "53", "53", "80", "988"]);
});

test("the volume goes with the pod, and the pod goes after a week", () => {
  const { resources } = synthesize((stack) => void rehearsal(stack, { storageClassName: "fast" }));
  const job = resources("kubernetes_cron_job_v1").find(({ metadata }) =>
    metadata.name.endsWith("-rehearsal"),
  );
  expect(job.spec.job_template.spec.ttl_seconds_after_finished).toBe("604800");
  const work = job.spec.job_template.spec.template.spec.volume.find(
    (each: { name: string }) => each.name === "work",
  );
  expect(work.ephemeral.volume_claim_template.spec).toMatchObject({
    storage_class_name: "fast",
    resources: { requests: { storage: "150Gi" } },
  });
});

test.each([
  ["selects all pods and allows egress", {}, [{ ports: [{ port: "5432", protocol: "TCP" }] }], 1],
  ["selects all pods and allows nothing", {}, undefined, 0],
  [
    "selects other pods",
    { matchLabels: { app: "web" } },
    [{ ports: [{ port: "5432", protocol: "TCP" }] }],
    0,
  ],
])("a policy of the namespace that %s: policies add up", (_, podSelector, egress, problems) => {
  const found = problemsOf((stack) => {
    rehearsal(stack);
    const { namespace } = stack.node.findAll().find((each) => each instanceof LogicalBackup) as LogicalBackup;
    new NetworkPolicyV1(stack, "other", {
      metadata: { name: "other", namespace },
      spec: { podSelector, policyTypes: ["Egress"], egress },
    });
  });
  expect(found).toHaveLength(problems);
  for (const each of found) {
    expect(each).toContain("backup must be a namespace without network policies that select all pods");
  }
});
