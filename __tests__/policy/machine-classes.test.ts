/** The RDS classes that sizes stand for exist, for every engine, by AWS's own data (in cfn-lint). */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Cloud,
  DatabaseEngine,
  describeAws,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../lib/database";
import { AWS_GENERAL_FAMILIES, AWS_MEMORY_FAMILIES } from "../../lib/database/data/machine-classes";
import { describeWith } from "../support/availability";
import { run } from "../support/processes";
import { python } from "../support/python";

interface Instance {
  readonly engine: DatabaseEngine;
  readonly machine: string;
}

// CloudFormation wants full versions.
const ENGINES = [
  ...["13.23", "14.24", "15.19", "16.15", "17.11", "18.6"].map((v) =>
    DatabaseEngine.postgres(PostgresVersion.of(v)),
  ),
  ...["5.7.44", "8.0.46", "8.4.11"].map((v) => DatabaseEngine.mysql(MysqlVersion.of(v))),
];
const SIZES = [
  ...[2, 4, 8, 16, 32, 48, 64].flatMap((vcpu) => [MachineSize.general(vcpu), MachineSize.memory(vcpu)]),
  ...[MachineSize.burstable(2, 1), MachineSize.burstable(2, 2), MachineSize.burstable(2)],
  ...[MachineSize.burstable(2, 8), MachineSize.burstable(4), MachineSize.burstable(8)],
];

/** What cfn-lint says of classes (E3025, E3062) when all instances are in one template. */
function refused(interpreter: string, instances: readonly Instance[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-classes-"));
  const file = join(folder, "template.json");
  const resources = instances.map(({ engine, machine }, i) => [
    `I${i}`,
    {
      Type: "AWS::RDS::DBInstance",
      Properties: { Engine: engine.family, EngineVersion: engine.version, DBInstanceClass: machine },
    },
  ]);
  try {
    writeFileSync(
      file,
      JSON.stringify({ AWSTemplateFormatVersion: "2010-09-09", Resources: Object.fromEntries(resources) }),
    );
    const args = ["-m", "cfnlint", "--regions", "eu-central-1", "--format", "json", "--template", file];
    const done = run(interpreter, args, { cwd: folder });
    const findings = JSON.parse(done.stdout || "[]") as {
      Rule: { Id: string };
      Location: { Path: string[] };
    }[];
    const indexes = findings
      .filter((each) => ["E3025", "E3062"].includes(each.Rule.Id))
      .map((each) => Number(each.Location.Path[1]?.slice(1)));
    return [...new Set(indexes)].map((i) => `${instances[i]?.machine} for ${instances[i]?.engine.label}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWith(
  "RDS classes",
  () => python("aws"),
  (interpreter) => {
    test("a class that is none, and one that an engine does not have, are found", () => {
      const old = DatabaseEngine.mysql(MysqlVersion.of("5.7.44"));
      const pg = DatabaseEngine.postgres(PostgresVersion.of("17.11"));
      expect(
        refused(interpreter, [
          { engine: pg, machine: "db.nope.huge" },
          { engine: old, machine: "db.m7g.large" },
          { engine: pg, machine: "db.m7g.large" },
        ]),
      ).toEqual(["db.nope.huge for PostgreSQL 17.11", "db.m7g.large for MySQL 5.7.44"]);
    });

    test("every size has one, for every engine", () => {
      const instances = ENGINES.flatMap((engine) =>
        SIZES.map((size) => ({ engine, machine: size.on(Cloud.AWS, engine)?.name ?? "" })),
      );
      expect(instances).toHaveLength(9 * 20);
      expect(refused(interpreter, instances)).toEqual([]);
    });

    test("every family that the library knows by name exists", () => {
      const engine = DatabaseEngine.postgres(PostgresVersion.of("17.11"));
      const instances = [...AWS_GENERAL_FAMILIES, ...AWS_MEMORY_FAMILIES].map((family) => ({
        engine,
        machine: `db.${family}.4xlarge`,
      }));
      for (const { machine } of instances) expect(describeAws(machine).vcpu).toBe(16);
      expect(refused(interpreter, instances)).toEqual([]);
    });
  },
);
