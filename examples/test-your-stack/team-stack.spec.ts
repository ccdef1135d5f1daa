// The same in vitest.

import { App } from "cdktf";
import { addresses, Template, templateSerializer } from "cdktf-devplatforms/testing";
import { expect, test } from "vitest";
import { TeamStack } from "./team-stack";

expect.addSnapshotSerializer(templateSerializer);

test("the database is private and in two zones", () => {
  const template = Template.of(new TeamStack(new App(), "team"));
  template.hasResource("aws_db_instance", { multi_az: true, engine_version: expect.stringMatching(/^17/) });
  template.hasNoResource("aws_db_instance", { publicly_accessible: true });
});

test("the address of the database stays", () => {
  expect(addresses(new TeamStack(new App(), "team"), ["aws_db_instance"])).toMatchInlineSnapshot(`
    {
      "postgres/Resource": "aws_db_instance.postgres_6BBC2FA4",
    }
  `);
});
