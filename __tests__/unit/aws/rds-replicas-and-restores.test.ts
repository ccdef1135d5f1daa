// Read replicas, restored servers and replicated backups.
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

describe("a read replica", () => {
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
  const replicaOf = (out: ReturnType<typeof synthesize>): any =>
    out.resources("aws_db_instance").find((each) => each.identifier === "test-replica");
  const replica = (props: Partial<RdsReadReplicaProps> = {}) =>
    synthesize((stack) => {
      const source = server(stack, { storage: { sizeGiB: 500, maxSizeGiB: 900, iops: 14_000 } });
      new RdsReadReplica(stack, "replica", { source, ...props });
    });

  test("in the source's region refers to it by identifier and has its machine, storage, subnets and key", () => {
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
    const taken = ["username", "password_wo", "db_name", "engine", "engine_version"];
    const refused = ["db_subnet_group_name", "kms_key_id", "final_snapshot_identifier"];
    for (const argument of [...taken, ...refused]) expect(made).not.toHaveProperty(argument);
  });

  test("has a parameter group, log groups and a role, and shares the source's key", () => {
    const out = replica();
    expect(out.resources("aws_db_parameter_group")).toHaveLength(2);
    expect(out.resources("aws_kms_key")).toHaveLength(1);
    expect(replicaOf(out).parameter_group_name).toMatch(/replica_Parameters/);
  });

  test("in another region refers to the source by ARN and has provider, key and network of its region", () => {
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

  test("promoted has no source, has backups, and is protected like a server", () => {
    const made = replicaOf(replica({ promoted: true, deletionPolicy: DeletionPolicy.RETAIN }));
    expect(made).not.toHaveProperty("replicate_source_db");
    expect(made).toMatchObject({ backup_retention_period: 14, skip_final_snapshot: false });
    expect(made.final_snapshot_identifier).toMatch(/^test-replica-final-/);
  });

  test("takes props that differ from the source's", () => {
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

  test("refuses a final snapshot, a retention out of range, and a network in the source's region", () => {
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

  test("has Terraform check a retention of the source that is known to Terraform only", () => {
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

describe("RdsServerFromSnapshot", () => {
  const out = synthesize((stack) => {
    new RdsServerFromSnapshot(stack, "restored", { ...PROPS(stack), snapshotIdentifier: "before-upgrade" });
  });
  const made = out.resource("aws_db_instance");

  test("ignores later changes of the snapshot, so that it may be deleted", () => {
    expect(made.snapshot_identifier).toBe("before-upgrade");
    expect(made.lifecycle.ignore_changes).toEqual(["engine_lifecycle_support", "snapshot_identifier"]);
  });

  test("sets nothing that comes with the data, which would force replacement", () => {
    expect(made).not.toHaveProperty("username");
    expect(made).not.toHaveProperty("kms_key_id");
    expect(made.password_wo).toBeDefined();
  });

  test("has Terraform refuse another master user and a source without encryption", () => {
    expect(made.lifecycle.postcondition.map((p: { condition: string }) => p.condition)).toEqual([
      '${self.username == "keeper"}',
      "${self.storage_encrypted}",
    ]);
  });

  test("has the defaults of any server", () => {
    expect(made).toMatchObject({ multi_az: true, deletion_protection: true, storage_encrypted: true });
    expect(made.lifecycle.prevent_destroy).toBe(true);
    expect(made.timeouts.create).toBe("180m");
  });

  test("refuses the name of a file", () => {
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

describe("RdsServerFromPointInTime", () => {
  type Source = Partial<RdsServerFromPointInTimeProps>;
  const restored = (source: Source) => (stack: TerraformStack) =>
    void new RdsServerFromPointInTime(stack, "restored", { ...PROPS(stack), ...source });

  test("restores to a point in time, or to the latest restorable time", () => {
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
    ["a time with an offset", { sourceIdentifier: "a", restoreTime: "2026-11-22T03:04:05+01:00" }, /in UTC/],
    ["a day that does not exist", { sourceIdentifier: "a", restoreTime: "2026-02-30T03:04:05Z" }, /in UTC/],
    [
      "its identifier as the source",
      { sourceIdentifier: "test-restored", useLatestRestorableTime: true },
      /sourceIdentifier must not be the identifier of the restored server/,
    ],
    [
      "an identifier as a resource ID",
      { sourceResourceId: "coder", useLatestRestorableTime: true },
      /sourceResourceId must .*\(got "coder"\)/,
    ],
    [
      "the ARN of a snapshot",
      {
        sourceAutomatedBackupsArn: "arn:aws:rds:eu-west-1:123456789012:snapshot:x",
        useLatestRestorableTime: true,
      },
      /sourceAutomatedBackupsArn/,
    ],
  ])("refuses %s", (_, source, message) => {
    const problems = problemsOf(restored(source));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test("takes a time that is known to Terraform only", () => {
    const out = synthesize(restored({ sourceIdentifier: "${var.source}", restoreTime: "${var.time}" }));
    expect(out.resource("aws_db_instance").restore_to_point_in_time.restore_time).toBe("${var.time}");
  });
});

describe("RdsBackupReplication", () => {
  test("is created in the destination region, with a key there", () => {
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

  test("refuses the server's region and a retention out of range", () => {
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
