import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ref, Token } from "cdktf";
import {
  DatabaseNetwork,
  GeneratedSecret,
  RdsAlarms,
  RdsMonitoringRole,
  S3Bucket,
  VpcFlowLog,
} from "../../../lib/aws";
import { problemsOf } from "../../support/synth";
import { server } from "./fixture";

const RULE: [string, { [key: string]: string }, RegExp][] = [
  [
    "a reserved prefix",
    { "aws:team": "a" },
    /must have a key that does not begin with aws: or rds:, which AWS reserves/,
  ],
  ["a reserved prefix in capitals", { "RDS:team": "a" }, /must have a key that does not begin with/],
  ["a long key", { ["k".repeat(129)]: "a" }, /must have a key of 1 to 128 letters/],
  ["an empty key", { "": "a" }, /must have a key of 1 to 128 letters/],
  ["a key outside of the alphabet", { "team(a)": "a" }, /must have a key of 1 to 128 letters/],
  ["a long value", { team: "v".repeat(257) }, /must be a text of up to 256 letters/],
  ["a value outside of the alphabet", { team: "a,b" }, /must be a text of up to 256 letters.*\(got "a,b"\)/],
  ["keys that differ in case", { team: "a", Team: "b" }, /must differ from "team" in more than case/],
];

test.each(RULE)("refuses %s, once for a server with all its resources", (_, tags, rule) => {
  expect(problemsOf((stack) => void server(stack, { tags }))).toEqual([expect.stringMatching(rule)]);
});

test("refuses more than 50 tags", () => {
  const tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`key-${i}`, "a"]));
  expect(problemsOf((stack) => void server(stack, { tags }))).toEqual([
    expect.stringContaining('RDS-TAGS: tags must have at most 50 tags (got "51 tags")'),
  ]);
});

test("takes what AWS takes, and values that only Terraform knows", () => {
  const tags = {
    "kubernetes.io/cluster/a": "owned",
    "Cost Center": "Größe 4 + x=y@z",
    empty: "",
    token: Token.asString(ref("var.a")),
  };
  expect(problemsOf((stack) => void server(stack, { tags }))).toEqual([]);
});

test("checks the tags of every construct, and the default tags of the provider", () => {
  const bad = () => ({ "aws:team": "a" });
  const problems = problemsOf((stack) => {
    new AwsProvider(stack, "aws", { region: "eu-central-1", defaultTags: [{ tags: bad() }] });
    const made = server(stack, {
      network: new DatabaseNetwork(stack, "network", {
        vpcId: "vpc-0a1",
        subnetIds: ["subnet-0a1", "subnet-0a2"],
        tags: bad(),
      }),
    });
    new RdsAlarms(stack, "alarms", {
      server: made,
      alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:a",
      tags: bad(),
    });
    new S3Bucket(stack, "bucket", { tags: bad() });
    new GeneratedSecret(stack, "secret", { tags: bad() });
    new VpcFlowLog(stack, "flow-log", { vpcId: "vpc-0a1", tags: bad() });
    new RdsMonitoringRole(stack, "monitoring", { tags: bad() });
  });
  expect(
    problems.map((problem) => /\[(.*?)\] ([A-Z0-9-]+)/.exec(problem)?.slice(1).join(" ")).sort(),
  ).toEqual([
    "AwsEnvironment AWS-DEFAULT-TAGS",
    "alarms RDS-ALARMS-TAGS",
    "bucket S3-TAGS",
    "flow-log RDS-NETWORK-TAGS",
    "monitoring RDS-MONITORING-TAGS",
    "network RDS-NETWORK-TAGS",
    "secret SECRETS-MANAGER-TAGS",
  ]);
});
