import { App } from "cdktf";
import {
  Annotations,
  addresses,
  Match,
  reviewOf,
  Template,
  templateSerializer,
} from "cdktf-devplatforms/testing";
import { TeamStack } from "./team-stack";

expect.addSnapshotSerializer(templateSerializer);

const stack = (props = {}) => new TeamStack(new App(), "team", props);

test("the database is private, protected and in two zones", () => {
  const template = Template.of(stack());
  template.hasResource("aws_db_instance", {
    multi_az: true,
    deletion_protection: true,
    storage_encrypted: true,
  });
  template.hasNoResource("aws_db_instance", { publicly_accessible: true });
  template.hasNone("aws_db_proxy");
});

test("the bucket's objects are kept for a year", () => {
  Template.of(stack()).hasAt("templates-lifecycle", { rule: [{ expiration: { days: 365 } }] });
});

test("Coder has three replicas", () => {
  Template.of(stack()).hasResource("helm_release", {
    name: "coder",
    values: Match.arrayWith([Match.serializedYaml({ coder: { replicaCount: 3 } })]),
  });
});

test("given up are copies in another region, a lock of the backups, and the standby of a test environment", () => {
  const accepted = ["RECOVERY-ACCEPTED-GAPS", "RECOVERY-RECOVERY-LOCK-BACKUPS"];
  Annotations.of(stack()).hasNoOptOuts(accepted);
  Annotations.of(stack({ singleZone: true })).hasNoOptOuts(["RDS-AVAILABILITY", ...accepted]);
});

test("addresses of what holds data stay: another address destroys the database", () => {
  expect(
    addresses(stack(), ["aws_db_instance", "aws_kms_key", "aws_secretsmanager_secret", "aws_s3_bucket"]),
  ).toMatchSnapshot();
});

test("the review of the stack", () => {
  expect(reviewOf(stack())).toMatchSnapshot();
});
