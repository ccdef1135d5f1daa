/** Two servers with one identifier are refused at synth. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { RdsServer } from "../../../lib/aws";
import { MachineSize } from "../../../lib/database";
import { problemsOf } from "../../support/synth";
import { network, POSTGRES } from "./fixture";

const PROPS = { engine: POSTGRES, size: MachineSize.general(2), storage: { sizeGiB: 100 } };

test("refuses two construct paths with one name", () => {
  const problems = problemsOf((stack) => {
    const shared = network(stack);
    new RdsServer(new Construct(stack, "a"), "b", { ...PROPS, network: shared });
    new RdsServer(stack, "a-b", { ...PROPS, network: shared });
  });
  expect(problems).toEqual([
    '[a-b] RDS-IDENTIFIER: identifier must be unique (got "test-a-b"); test/a/b is another DB instance of this name: choose another name for one of them',
  ]);
});

test("takes one identifier with two providers", () => {
  const problems = problemsOf((stack) => {
    const shared = network(stack);
    const other = new AwsProvider(stack, "other", { alias: "other", region: "eu-west-1" });
    new RdsServer(stack, "one", { ...PROPS, network: shared, identifier: "coder" });
    new RdsServer(stack, "two", {
      ...PROPS,
      network: shared,
      identifier: "coder",
      provider: other,
      region: "eu-west-1",
    });
  });
  expect(problems.filter((text) => text.includes("identifier"))).toEqual([]);
});
