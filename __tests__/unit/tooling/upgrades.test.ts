/** The check of upgrades refuses what it is for. */
import { announcements, unannounced } from "../../../tools/upgrades/announced";
import { baselines } from "../../../tools/upgrades/baselines";

const CHANGELOG = `# Changelog

## [Unreleased]

### Changed in applied stacks

- \`aws_db_instance\`: \`ca_cert_identifier\` is written,
  and \`backup_window\`.
- \`kubernetes_job_v1\` is replaced, and runs once more.

### Added

- \`aws_s3_bucket\` and \`bucket\`

## [0.2.0] - 2026-12-01

### Changed in applied stacks

- \`aws_sns_topic\` is destroyed

## [0.1.0] - 2026-11-01

### Changed in applied stacks

- \`aws_kms_key\`: \`description\`
`;
const holdsData = (type: string) => type === "aws_db_instance";
const judge = (version: string, address: string, actions: string[], ...attributes: string[]) =>
  unannounced([{ address, actions, attributes }], announcements(CHANGELOG, version), holdsData);

test("what holds data is never destroyed or replaced, announced or not", () => {
  expect(judge("0.1.0", "aws_db_instance.a", ["delete"])).toEqual([
    "aws_db_instance.a: an upgrade must not destroy it",
  ]);
  expect(judge("0.1.0", "aws_db_instance.a", ["delete", "create"])).toEqual([
    "aws_db_instance.a: an upgrade must not replace it",
  ]);
});

test("a change in place must be announced with type and attribute", () => {
  expect(judge("0.1.0", "aws_db_instance.a", ["update"], "ca_cert_identifier", "backup_window")).toEqual([]);
  expect(judge("0.1.0", "aws_db_instance.a", ["update"], "port")).toEqual([
    expect.stringContaining("aws_db_instance.a: port changes in place"),
  ]);
  // Under another heading it is no announcement.
  expect(judge("0.1.0", "aws_s3_bucket.a", ["update"], "bucket")).toHaveLength(1);
});

test("a replacement and a removal must be announced as such", () => {
  expect(judge("0.1.0", "kubernetes_job_v1.a", ["delete", "create"])).toEqual([]);
  expect(judge("0.1.0", "kubernetes_job_v1.a", ["delete"])).toHaveLength(1);
  expect(judge("0.1.0", "aws_sns_topic.a", ["delete"])).toEqual([]);
});

test("only versions after that of the user count", () => {
  expect(judge("0.2.0", "aws_sns_topic.a", ["delete"])).toHaveLength(1);
  expect(judge("0.0.9", "aws_kms_key.a", ["update"], "description")).toEqual([]);
  expect(judge("0.1.0", "aws_kms_key.a", ["update"], "description")).toHaveLength(1);
});

test("what is created needs no announcement", () => {
  expect(judge("0.1.0", "aws_instance.a", ["create"])).toEqual([]);
});

test("a baseline is kept, with all reference stacks", () => {
  const [oldest] = baselines();
  expect(Object.keys(oldest?.stacks ?? {})).toEqual(expect.arrayContaining(["coder-aws", "gitlab-azure"]));
});
