/** An owner may not have the name of another owner's second user, from the day on which `alternatingUsersSince` is set. */
import type { TerraformStack } from "cdktf";
import type { IDatabaseServer } from "../../../lib/database";
import { mysql, postgres } from "../../support/azure-stack";
import { problemsOf } from "../../support/synth";
import { server as rds } from "../aws/fixture";

type Make = (stack: TerraformStack, since: number | undefined) => IDatabaseServer;
const SERVERS: readonly [string, Make][] = [
  ["RDS", (stack, alternatingUsersSince) => rds(stack, { alternatingUsersSince })],
  ["PostgreSQL on Azure", (stack, alternatingUsersSince) => postgres(stack, { alternatingUsersSince })],
  ["MySQL on Azure", (stack, alternatingUsersSince) => mysql(stack, { alternatingUsersSince })],
];

test.each(SERVERS)("%s refuses it, whichever database comes first", (_server, make) => {
  const problems = (names: readonly string[], since?: number) =>
    problemsOf((stack) => {
      const server = make(stack, since);
      for (const name of names) server.database(name);
    });
  for (const names of [
    ["coder", "coder_clone"],
    ["coder_clone", "coder", "coder"],
  ]) {
    expect(problems(names)).toEqual([]);
    expect(problems(names, 1)).toEqual([
      expect.stringMatching(
        /ALTERNATING-USERS-SINCE-CODER: alternatingUsersSince must leave coder_clone to the second user of coder/,
      ),
    ]);
  }
});
