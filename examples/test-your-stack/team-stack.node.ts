// The same in node:test, which has no serializers of snapshots.

import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "cdktf";
import { addresses, Template } from "cdktf-devplatforms/testing";
import { TeamStack } from "./team-stack";

test("the database is private and in two zones", () => {
  const template = Template.of(new TeamStack(new App(), "team"));
  template.hasResource("aws_db_instance", { multi_az: true });
  template.hasNoResource("aws_db_instance", { publicly_accessible: true });
});

test("the address of the database stays", () => {
  assert.deepEqual(addresses(new TeamStack(new App(), "team"), ["aws_db_instance"]), {
    "postgres/Resource": "aws_db_instance.postgres_6BBC2FA4",
  });
});
