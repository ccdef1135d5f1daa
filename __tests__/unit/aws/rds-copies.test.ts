// Replicas, restores and copies of backups.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ref, type TerraformStack, Token } from "cdktf";
import {
  DatabaseNetwork,
  RdsAdminLogin,
  RdsBackupReplication,
  RdsReadReplica,
  type RdsReadReplicaProps,
  RdsServerFromPointInTime,
  type RdsServerFromPointInTimeProps,
  RdsServerFromSnapshot,
} from "../../../lib/aws";
import { Availability, DeletionPolicy, MachineSize } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { network, POSTGRES, server } from "./fixture";

function elsewhere(stack: TerraformStack, region = "eu-west-1"): DatabaseNetwork {
  const provider = new AwsProvider(stack, "dr", { alias: "dr", region });
  return new DatabaseNetwork(stack, "network-dr", {
    vpcId: "vpc-0b1",
    subnetIds: ["subnet-0b1", "subnet-0b2"],
    provider,
  });
}

describe("a replica", () => {
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
  const replicaOf = (out: ReturnType<typeof synthesize>): any =>
    out.resources("aws_db_instance").find((each) => each.identifier === "test-replica");
  const replica = (props: Partial<RdsReadReplicaProps> = {}) =>
    synthesize((stack) => {
      const source = server(stack, { storage: { sizeGiB: 500, maxSizeGiB: 900, iops: 14_000 } });
      new RdsReadReplica(stack, "replica", { source, ...props });
    });

  test("beside its source: by name, with the source's machine, disk, subnets and key", () => {
    const made = replicaOf(replica());
    expect(made).toMatchObject({
      replicate_source_db: "${aws_db_instance.postgres_6BBC2FA4.identifier}",
      instance_class: "db.m7g.large",
      max_allocated_storage: 900,
      iops: 14_000,
      storage_type: "gp3",
      multi_az: false,
      backup_retention_period: 0,
      deletion_protection: true,
      skip_final_snapshot: true,
      iam_database_authentication_enabled: true,
      monitoring_interval: 60,
      lifecycle: { prevent_destroy: true },
    });
    const taken = ["username", "password_wo", "db_name", "engine", "engine_version", "allocated_storage"];
    const refused = ["db_subnet_group_name", "kms_key_id", "final_snapshot_identifier"];
    for (const argument of [...taken, ...refused]) expect(made).not.toHaveProperty(argument);
  });

  test("has parameters, logs and a role of its own, and shares the source's key", () => {
    const out = replica();
    expect(out.resources("aws_db_parameter_group")).toHaveLength(2);
    expect(out.resources("aws_kms_key")).toHaveLength(1);
    expect(replicaOf(out).parameter_group_name).toMatch(/replica_Parameters/);
  });

  test("in another region: by ARN, with that region's provider, key and network for everything", () => {
    const out = synthesize((stack) => {
      const source = server(stack);
      const made = new RdsReadReplica(stack, "replica", { source, network: elsewhere(stack) });
      expect(made.location.region).toBe("eu-west-1");
      expect(made.tls.caCertificatesPem).not.toBe(source.tls.caCertificatesPem);
    });
    expect(replicaOf(out)).toMatchObject({
      provider: "aws.dr",
      replicate_source_db: "${aws_db_instance.postgres_6BBC2FA4.arn}",
      db_subnet_group_name: "${aws_db_subnet_group.network-dr_Subnets_92B32754.name}",
      kms_key_id: "${aws_kms_key.replica_Key_D16BD94C.arn}",
    });
    for (const [type, resources] of Object.entries(out.json.resource)) {
      for (const [id, resource] of Object.entries(resources as object)) {
        if (!/^(replica|network-dr)_/.test(id)) continue;
        expect([type, id, resource.provider]).toEqual([type, id, "aws.dr"]);
      }
    }
  });

  test("promoted: follows nobody, has backups, and its data is kept like a server's", () => {
    const made = replicaOf(replica({ promoted: true, deletionPolicy: DeletionPolicy.RETAIN }));
    expect(made).not.toHaveProperty("replicate_source_db");
    expect(made).toMatchObject({ backup_retention_period: 14, skip_final_snapshot: false });
    expect(made.final_snapshot_identifier).toMatch(/^test-replica-final-/);
  });

  test("each property that differs from the source's", () => {
    const made = replicaOf(
      replica({
        size: MachineSize.memory(4),
        availability: Availability.ZONE_REDUNDANT,
        backup: { retentionDays: 5 },
        deletionPolicy: DeletionPolicy.DELETE,
      }),
    );
    expect(made).toMatchObject({
      instance_class: "db.r7g.xlarge",
      multi_az: true,
      backup_retention_period: 5,
      deletion_protection: false,
      skip_final_snapshot: true,
    });
  });

  test("fails: a snapshot of a replica, no backups, the source's region again", () => {
    const failing = (build: (stack: TerraformStack) => Omit<RdsReadReplicaProps, "source">) =>
      problemsOf((stack) => {
        const source = server(stack);
        new RdsReadReplica(stack, "replica", { source, ...build(stack) });
      });
    expect(failing(() => ({ deletionPolicy: DeletionPolicy.SNAPSHOT }))).toEqual([
      expect.stringMatching(
        /\[replica\] RDS-DELETION-POLICY: deletionPolicy must be retain or delete.*\(got "snapshot"\)/,
      ),
    ]);
    expect(failing(() => ({ backup: { retentionDays: 40 } }))).toEqual([
      expect.stringMatching(/backup\.retentionDays .*\b40\b/),
    ]);
    expect(failing((stack) => ({ network: elsewhere(stack, "eu-central-1") }))).toEqual([
      expect.stringMatching(/network must be in another region than the source \(got "eu-central-1"\)/),
    ]);
    expect(
      failing((stack) => ({
        network: new DatabaseNetwork(stack, "other", {
          vpcId: "vpc-0c1",
          subnetIds: ["subnet-0c1", "subnet-0c2"],
          region: "eu-west-1",
        }),
      })),
    ).toEqual([expect.stringMatching(/network must be created with .*alias.* \(got "test\/other"\)/)]);
  });

  test("a source whose retention only Terraform knows is checked there", () => {
    const out = synthesize((stack) => {
      const source = server(stack, { backup: { retentionDays: Token.asNumber(ref("var.days")) } });
      new RdsReadReplica(stack, "replica", { source });
    });
    expect(replicaOf(out).lifecycle.precondition[0].condition).toBe("${(tonumber(var.days) >= 1)}");
  });
});

const PROPS = (stack: TerraformStack) => ({
  engine: POSTGRES,
  size: MachineSize.general(2),
  storage: { sizeGiB: 100 },
  network: network(stack),
  adminLogin: RdsAdminLogin.generated({ username: "keeper" }),
});

describe("a server from a snapshot", () => {
  const out = synthesize((stack) => {
    new RdsServerFromSnapshot(stack, "restored", { ...PROPS(stack), snapshotIdentifier: "before-upgrade" });
  });
  const made = out.resource("aws_db_instance");

  test("reads the snapshot once, so that it may be deleted later", () => {
    expect(made.snapshot_identifier).toBe("before-upgrade");
    expect(made.lifecycle.ignore_changes).toEqual(["engine_lifecycle_support", "snapshot_identifier"]);
  });

  test("asks for nothing that comes with the data, which would replace the server", () => {
    expect(made).not.toHaveProperty("username");
    expect(made).not.toHaveProperty("kms_key_id");
    expect(made.password_wo).toBeDefined();
  });

  test("says so when the data has another administrator or no encryption", () => {
    expect(made.lifecycle.postcondition.map((p: { condition: string }) => p.condition)).toEqual([
      '${self.username == "keeper"}',
      "${self.storage_encrypted}",
    ]);
  });

  test("keeps what any server has", () => {
    expect(made).toMatchObject({ multi_az: true, deletion_protection: true, storage_encrypted: true });
    expect(made.lifecycle.prevent_destroy).toBe(true);
    expect(made.timeouts.create).toBe("180m");
  });

  test("fails: a file's name", () => {
    expect(
      problemsOf(
        (stack) =>
          void new RdsServerFromSnapshot(stack, "restored", {
            ...PROPS(stack),
            snapshotIdentifier: "a/b.dump",
          }),
      ),
    ).toEqual([expect.stringMatching(/snapshotIdentifier must .*\(got "a\/b\.dump"\)/)]);
  });
});

describe("a server from a point in time", () => {
  type Source = Partial<RdsServerFromPointInTimeProps>;
  const restored = (source: Source) => (stack: TerraformStack) =>
    void new RdsServerFromPointInTime(stack, "restored", { ...PROPS(stack), ...source });

  test("at a time, or the latest", () => {
    const at = synthesize(restored({ sourceIdentifier: "coder", restoreTime: "2026-11-22T03:04:05Z" }));
    expect(at.resource("aws_db_instance").restore_to_point_in_time).toEqual({
      source_db_instance_identifier: "coder",
      restore_time: "2026-11-22T03:04:05Z",
    });
    const arn = "arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-0a1";
    const latest = synthesize(restored({ sourceAutomatedBackupsArn: arn, useLatestRestorableTime: true }));
    expect(latest.resource("aws_db_instance")).toMatchObject({
      restore_to_point_in_time: {
        source_db_instance_automated_backups_arn: arn,
        use_latest_restorable_time: true,
      },
      lifecycle: { ignore_changes: ["engine_lifecycle_support", "restore_to_point_in_time"] },
    });
  });

  test.each<[string, Source, RegExp]>([
    [
      "no source",
      { restoreTime: "2026-11-22T03:04:05Z" },
      /sourceIdentifier must be the only one set .*give exactly one/,
    ],
    [
      "two sources",
      { sourceIdentifier: "a", sourceResourceId: "db-A1", useLatestRestorableTime: true },
      /sourceIdentifier must be the only one set .*give exactly one/,
    ],
    [
      "no time",
      { sourceIdentifier: "a" },
      /restoreTime must be set unless useLatestRestorableTime is true \(got not set\)/,
    ],
    [
      "two times",
      { sourceIdentifier: "a", restoreTime: "2026-11-22T03:04:05Z", useLatestRestorableTime: true },
      /give either of them/,
    ],
    [
      "a time of somewhere else",
      { sourceIdentifier: "a", restoreTime: "2026-11-22T03:04:05+01:00" },
      /in UTC/,
    ],
    ["a day that is none", { sourceIdentifier: "a", restoreTime: "2026-02-30T03:04:05Z" }, /in UTC/],
    [
      "itself",
      { sourceIdentifier: "test-restored", useLatestRestorableTime: true },
      /sourceIdentifier must not be the identifier of the restored server/,
    ],
    [
      "a name for an id",
      { sourceResourceId: "coder", useLatestRestorableTime: true },
      /sourceResourceId must .*\(got "coder"\)/,
    ],
    [
      "a snapshot's ARN",
      {
        sourceAutomatedBackupsArn: "arn:aws:rds:eu-west-1:123456789012:snapshot:x",
        useLatestRestorableTime: true,
      },
      /sourceAutomatedBackupsArn/,
    ],
  ])("fails: %s", (_, source, message) => {
    const problems = problemsOf(restored(source));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test("a time that only Terraform knows", () => {
    const out = synthesize(restored({ sourceIdentifier: "${var.source}", restoreTime: "${var.time}" }));
    expect(out.resource("aws_db_instance").restore_to_point_in_time.restore_time).toBe("${var.time}");
  });
});

describe("copies of backups", () => {
  test("are made where they are kept, with a key there", () => {
    const out = synthesize((stack) => {
      const provider = new AwsProvider(stack, "dr", { alias: "dr", region: "eu-west-1" });
      new RdsBackupReplication(stack, "copies", { server: server(stack), provider });
    });
    expect(out.resource("aws_db_instance_automated_backups_replication")).toEqual({
      provider: "aws.dr",
      source_db_instance_arn: "${aws_db_instance.postgres_6BBC2FA4.arn}",
      kms_key_id: "${aws_kms_key.copies_Key_DD5F533F.arn}",
      retention_period: 14,
    });
    expect(out.json.resource.aws_kms_key.copies_Key_DD5F533F).toMatchObject({
      provider: "aws.dr",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("fails: the server's own region, retention out of range", () => {
    expect(
      problemsOf((stack) => {
        const made = server(stack);
        const provider = stack.node.findChild("aws") as AwsProvider;
        new RdsBackupReplication(stack, "copies", { server: made, provider, retentionDays: 36 });
      }),
    ).toEqual([
      expect.stringMatching(/RDS-BACKUP-REPLICATION-RETENTION-DAYS: retentionDays .*from 1 to 35 days/),
      expect.stringMatching(/provider must be an AWS provider of another region/),
    ]);
  });
});
