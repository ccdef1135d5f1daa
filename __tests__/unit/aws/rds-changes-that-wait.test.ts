/** Changes of a server that RDS makes later than Terraform: minor versions, upgrades in the window, settings that wait for a reboot. */
import { RdsReadReplica, type RdsServerProps } from "../../../lib/aws";
import {
  DatabaseEngine,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  TerraformData,
} from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { server } from "./fixture";

const problems = (props: Partial<RdsServerProps>) => problemsOf((stack) => void server(stack, props));

describe("automatic minor version upgrades", () => {
  test.each([
    [DatabaseEngine.postgres(PostgresVersion.of("16.3")), "16"],
    [DatabaseEngine.mysql(MysqlVersion.of("8.4.3")), "8.4"],
  ])("refuse a full version, which they would leave behind: $label", (engine, major) => {
    expect(problems({ engine })).toEqual([
      expect.stringContaining(
        `RDS-ENGINE-AUTO-MINOR-VERSION-UPGRADE: engine must be the major version ${major} while autoMinorVersionUpgrade is true`,
      ),
    ]);
    expect(problems({ engine, autoMinorVersionUpgrade: false })).toEqual([]);
  });

  test("take a major version", () => {
    expect(problems({ engine: DatabaseEngine.postgres(PostgresVersion.V16) })).toEqual([]);
  });

  test("are no matter of a read replica, whose version RDS chooses", () => {
    const engine = DatabaseEngine.postgres(PostgresVersion.of("16.3"));
    expect(
      problemsOf((stack) => {
        const source = server(stack, { engine, autoMinorVersionUpgrade: false });
        new RdsReadReplica(stack, "replica", { source });
      }),
    ).toEqual([]);
  });
});

test("a major version upgrade does not wait for the window, in which the old parameter group would be in use", () => {
  expect(problems({ allowMajorVersionUpgrade: true })).toEqual([
    expect.stringContaining(
      "RDS-APPLY-IMMEDIATELY: applyImmediately must be true with allowMajorVersionUpgrade, since an upgrade in the maintenance window keeps the DB parameter group of the old version in use while Terraform deletes it (got not set)",
    ),
  ]);
  expect(problems({ allowMajorVersionUpgrade: true, applyImmediately: true })).toEqual([]);
});

describe("connections of a running server", () => {
  const consumer = { name: "app", replicas: 10, surge: 0, poolMax: 40 };
  const built = (props: Partial<RdsServerProps> = {}) =>
    synthesize((stack) => {
      const made = server(stack, props);
      made.connectionBudget.add(consumer);
      const precondition = made.connectionBudget.preconditions();
      new TerraformData(stack, "app", { lifecycle: { precondition } });
    });

  test("are recorded when the instance is created, and again only when it was restarted", () => {
    const { json } = built({ maxConnections: 500, restartVersion: 2 });
    const [[name, record]] = Object.entries<{ [name: string]: unknown }>(json.resource.terraform_data).filter(
      ([id]) => id.includes("ConnectionsInForce"),
    ) as [[string, { [name: string]: unknown }]];
    expect(record).toEqual({
      input: { maximum: 500 },
      triggers_replace: { instance: "${aws_db_instance.postgres_6BBC2FA4.resource_id}", restart: 2 },
      lifecycle: { ignore_changes: ["input"] },
    });
    const [condition] = json.resource.terraform_data.app.lifecycle.precondition;
    expect(condition.condition).toContain(`min(500, tonumber(terraform_data.${name}.output`);
    expect(condition.error_message).toContain("reboot the instance (aws rds reboot-db-instance)");
  });

  test("limit the applications, whatever the program asks for", () => {
    expect(problems({ restartVersion: 0 })).toEqual([
      expect.stringContaining("RDS-RESTART-VERSION: restartVersion"),
    ]);
    const { json } = built();
    expect(json.resource.terraform_data.app.lifecycle.precondition).toHaveLength(1);
  });

  test("static parameters are named, since nothing reboots the instance", () => {
    const messages = built({
      maxConnections: 500,
      parameters: { wal_buffers: "2048", work_mem: "8192" },
    })
      .warnings.map(({ message }) => message)
      .filter((message) => !message.startsWith("RDS-CONNECTION-BUDGET-PEAK"));
    expect(messages).toEqual([
      "RDS-PARAMETERS-STATIC: max_connections, wal_buffers: static parameters; a change takes effect after a reboot (aws rds reboot-db-instance), which neither RDS nor Terraform does",
    ]);
    expect(built({ size: MachineSize.general(8) }).warnings).toEqual([]);
  });
});
