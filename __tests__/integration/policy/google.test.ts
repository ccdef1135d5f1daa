import { MachineSize } from "../../../lib/database";
import {
  BackupBucket,
  CloudSqlBackupSchedule,
  CloudSqlReadReplica,
  DatabaseNetwork,
  TlsMode,
} from "../../../lib/google";
import { python } from "../../../tools/machine/python-environment";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { checkov } from "../../support/scanners/checkov";
import { StackCopy } from "../../support/terraform/stack-copy";
import { MYSQL, server, VPC } from "../../unit/google/fixture";

jest.setTimeout(180_000);

/** Check and resource type, and the reason to accept it. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "CKV_GCP_6 google_sql_database_instance":
    "It requires client certificates; their keys would be in the state. The server refuses connections without TLS.",
  "CKV_GCP_57 google_sql_database_instance":
    "It requires that no statement is logged by duration (-1); slowQueryMs logs statements of a second and more, as on the other clouds.",
  "CKV_GCP_79 google_sql_database_instance":
    "It requires the newest major version of PostgreSQL, which changes every autumn; the version is the user's choice.",
  "CKV_GCP_108 google_sql_database_instance":
    "log_hostname delays each connection by a look-up of an address that has no name; addresses are logged.",
  "CKV2_GCP_13 google_sql_database_instance":
    "log_duration writes a line for every statement; slowQueryMs logs those that matter.",
  "CKV_GCP_62 google_storage_bucket": "Access logs need a bucket of the user: logBucket.",
  "CKV_GCP_63 google_storage_bucket": "The same check again: there is no log, so it does not go to itself.",
};

const both = () => {
  const terraform = terraformWithMirror();
  const interpreter = python("checkov");
  if (typeof interpreter !== "string") return interpreter;
  return "program" in terraform ? { terraform, interpreter } : terraform;
};

describeWith("checkov", both, ({ terraform, interpreter }) => {
  async function findings(build: Parameters<typeof googleStack>[0]): Promise<string[]> {
    const copy = new StackCopy(terraform, googleStack(build));
    try {
      copy.init();
      const result = await checkov(interpreter, copy.plan());
      // None would mean that nothing was scanned.
      expect(result.passed).toBeGreaterThan(10);
      return [
        ...new Set(result.findings.map(({ id, resource }) => `${id} ${resource.split(".")[0]}`)),
      ].sort();
    } finally {
      copy.remove();
    }
  }

  test("finds in servers with defaults only what we accept with a reason", async () => {
    const found = await findings((stack) => {
      const network = new DatabaseNetwork(stack, "network", { networkId: VPC });
      const postgres = server(stack, { network });
      postgres.database("coder");
      server(stack, { network, engine: MYSQL, size: MachineSize.memory(2) }, "mysql").database("gitpod");
      new CloudSqlReadReplica(stack, "replica", { source: postgres });
      new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU" });
      new CloudSqlBackupSchedule(stack, "weekly", {
        server: postgres,
        notificationChannels: ["projects/platform/notificationChannels/1"],
      });
    });
    expect(found).toEqual(Object.keys(ACCEPTED).sort());
  });

  test("finds nothing about TLS with client certificates", async () => {
    const found = await findings((stack) => void server(stack, { engine: MYSQL, tlsMode: TlsMode.MUTUAL }));
    expect(found).toEqual([]);
  });

  test("finds what a program disables, so that the test can fail", async () => {
    const found = await findings((stack) => {
      server(stack, { parameters: { log_connections: "off" }, tlsMode: TlsMode.OPTIONAL });
    });
    expect(found).toContain("CKV_GCP_52 google_sql_database_instance");
  });
});
