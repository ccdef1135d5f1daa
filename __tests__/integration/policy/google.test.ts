import { MachineSize } from "../../../lib/database";
import { BackupBucket, CloudSqlReadReplica, DatabaseNetwork, TlsMode } from "../../../lib/google";
import { python } from "../../../tools/machine/python-environment";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { checkov } from "../../support/scanners/checkov";
import { StackCopy } from "../../support/terraform/stack-copy";
import { MYSQL, server, VPC } from "../../unit/google/fixture";

jest.setTimeout(180_000);

/** Check and type of resource, and why we do not follow. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "CKV_GCP_6 google_sql_database_instance":
    "It wants client certificates; their keys would be in the state. The server refuses connections without TLS.",
  "CKV_GCP_57 google_sql_database_instance":
    "It wants no statement logged by duration (-1); slowQueryMs logs statements of a second and more, as on the other clouds.",
  "CKV_GCP_79 google_sql_database_instance":
    "It wants the newest major version of PostgreSQL, which changes every autumn; the version is the user's choice.",
  "CKV_GCP_108 google_sql_database_instance":
    "log_hostname makes each connection wait for a look-up of an address that has no name; addresses are logged.",
  "CKV2_GCP_13 google_sql_database_instance":
    "log_duration writes a line for every statement; slowQueryMs logs those that matter.",
  "CKV_GCP_62 google_storage_bucket": "Access logs go to a bucket of the user's: logBucket.",
  "CKV_GCP_63 google_storage_bucket": "The same check again: there is no log, so it does not go to itself.",
};

const both = () => {
  const terraform = terraformWithMirror();
  const interpreter = python("checkov");
  if (typeof interpreter !== "string") return interpreter;
  return "program" in terraform ? { terraform, interpreter } : terraform;
};

describeWith("checkov", both, ({ terraform, interpreter }) => {
  function findings(build: Parameters<typeof googleStack>[0]): string[] {
    const copy = new StackCopy(terraform, googleStack(build));
    try {
      copy.init();
      const result = checkov(interpreter, copy.plan());
      // None would mean that nothing was scanned.
      expect(result.passed).toBeGreaterThan(10);
      return [
        ...new Set(result.findings.map(({ id, resource }) => `${id} ${resource.split(".")[0]}`)),
      ].sort();
    } finally {
      copy.remove();
    }
  }

  test("finds in servers with defaults what we accept with a reason, and nothing else", () => {
    const found = findings((stack) => {
      const network = new DatabaseNetwork(stack, "network", { networkId: VPC });
      const postgres = server(stack, { network });
      postgres.database("coder");
      server(stack, { network, engine: MYSQL, size: MachineSize.memory(2) }, "mysql").database("gitpod");
      new CloudSqlReadReplica(stack, "replica", { source: postgres });
      new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU" });
    });
    expect(found).toEqual(Object.keys(ACCEPTED).sort());
  });

  test("finds nothing of TLS where clients have certificates", () => {
    const found = findings((stack) => void server(stack, { engine: MYSQL, tlsMode: TlsMode.MUTUAL }));
    expect(found).toEqual([]);
  });

  test("finds what was switched off, so it can fail", () => {
    const found = findings((stack) => {
      server(stack, { parameters: { log_connections: "off" }, tlsMode: TlsMode.OPTIONAL });
    });
    expect(found).toContain("CKV_GCP_52 google_sql_database_instance");
  });
});
