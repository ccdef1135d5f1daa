import { GENERAL_FAMILIES, MEMORY_FAMILIES } from "../../../lib/aws/rds/data/instance-classes";
import { describeInstanceClass } from "../../../lib/aws/rds/instance-class";
import { Cloud, DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { python } from "../../../tools/machine/python-environment";
import { machineOn } from "../../support/cloud-facts";
import { describeWith } from "../../support/describe-with";
import { cfnLint } from "../../support/scanners/cfn-lint";

interface Instance {
  readonly engine: DatabaseEngine;
  readonly machine: string;
}

// The region with every class; others get them later, or never.
const REGION = "us-east-1";

// CloudFormation wants full versions.
const NEWEST = DatabaseEngine.postgres(PostgresVersion.of("18.6"));
const OLD = DatabaseEngine.mysql(MysqlVersion.of("5.7.44"));
const OTHERS = [
  DatabaseEngine.postgres(PostgresVersion.of("13.23")),
  DatabaseEngine.mysql(MysqlVersion.of("8.0.46")),
  DatabaseEngine.mysql(MysqlVersion.of("8.4.11")),
];
const SIZES = [
  ...[2, 4, 8, 16, 32, 48, 64].flatMap((vcpu) => [MachineSize.general(vcpu), MachineSize.memory(vcpu)]),
  ...[MachineSize.burstable(2, 1), MachineSize.burstable(2, 2), MachineSize.burstable(2)],
  ...[MachineSize.burstable(2, 8), MachineSize.burstable(4), MachineSize.burstable(8)],
];
const EDGES = [
  ...[2, 64].flatMap((vcpu) => [MachineSize.general(vcpu), MachineSize.memory(vcpu)]),
  ...[MachineSize.burstable(2, 1), MachineSize.burstable(8)],
];

/** What cfn-lint says of classes (E3025, E3062) when all instances are in one template. */
function refused(interpreter: string, instances: readonly Instance[]): string[] {
  const resources = instances.map(({ engine, machine }, i) => [
    `I${i}`,
    {
      Type: "AWS::RDS::DBInstance",
      Properties: { Engine: engine.family, EngineVersion: engine.version, DBInstanceClass: machine },
    },
  ]);
  const template = { AWSTemplateFormatVersion: "2010-09-09", Resources: Object.fromEntries(resources) };
  const findings = cfnLint(interpreter, template, REGION);
  const indexes = findings
    .filter((each) => ["E3025", "E3062"].includes(each.Rule.Id))
    .map((each) => Number(each.Location.Path[1]?.slice(1)));
  return [...new Set(indexes)].map((i) => `${instances[i]?.machine} for ${instances[i]?.engine.label}`);
}

describeWith(
  "RDS classes",
  () => python("aws"),
  (interpreter) => {
    test("a class that is none, and one that an engine does not have, are found", () => {
      expect(
        refused(interpreter, [
          { engine: NEWEST, machine: "db.nope.huge" },
          { engine: OLD, machine: "db.m7g.large" },
          { engine: NEWEST, machine: "db.m7g.large" },
        ]),
      ).toEqual(["db.nope.huge for PostgreSQL 18.6", "db.m7g.large for MySQL 5.7.44"]);
    });

    test("every size has one, for every engine", () => {
      const of = (engines: DatabaseEngine[], sizes: MachineSize[]) =>
        engines.flatMap((engine) =>
          sizes.map((size) => ({ engine, machine: machineOn(size, Cloud.AWS, engine)?.name ?? "" })),
        );
      const instances = [...of([NEWEST, OLD], SIZES), ...of(OTHERS, EDGES)];
      expect(instances).toHaveLength(2 * 20 + 3 * 6);
      expect(refused(interpreter, instances)).toEqual([]);
    });

    test("every family that the library knows by name exists", () => {
      // The newest engine lacks some families; a user who names such a class has chosen its engine, too.
      const engine = DatabaseEngine.postgres(PostgresVersion.of("16.15"));
      const instances = [...GENERAL_FAMILIES, ...MEMORY_FAMILIES].map((family) => ({
        engine,
        machine: `db.${family}.4xlarge`,
      }));
      for (const { machine } of instances) expect(describeInstanceClass(machine).vcpu).toBe(16);
      expect(refused(interpreter, instances)).toEqual([]);
    });
  },
);
