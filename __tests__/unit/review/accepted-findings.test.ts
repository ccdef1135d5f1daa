import { readAcceptedFindings, reviewPlan } from "../../../lib/review";
import { planJson } from "../../support/review/plan-json";

const plan = planJson([{ type: "aws_efs_file_system", actions: ["delete"] }]);
const id = "EFS-DELETED:aws_efs_file_system.a";
const accept = (until?: string, today = "2026-11-27") =>
  reviewPlan(plan, { acceptedFindings: [{ id, reason: "moved to another stack", until }], today });

test("an accepted finding needs no approval and is still said, with its reason", () => {
  expect(accept()).toMatchObject({
    verdict: "changes",
    findings: [],
    accepted: [{ id, accepted: "moved to another stack" }],
    acceptanceProblems: [],
  });
});

test("an acceptance holds until its last day, and is reported after it", () => {
  expect(accept("2026-11-27").verdict).toBe("changes");
  expect(accept("2026-11-26")).toMatchObject({
    verdict: "approval needed",
    accepted: [],
    acceptanceProblems: [`${id}: expired on 2026-11-26`],
  });
});

test.each([
  ["EBS-VOLUME-DELETED:aws_ebs_volume.b", "remove it"],
  ["EFS-DELETED:aws_efs_file_system.b", `did you mean ${id}? Otherwise remove it`],
  ["EFS-DELETE:aws_efs_file_system.a", `did you mean ${id}? Otherwise remove it`],
  ["EFS-DELETED", `did you mean ${id}? Otherwise remove it`],
  ["EFS-DELETED:aws_efs_file_system.*", "* is no wildcard: name each finding by its id"],
])("the entry %s matches nothing and is reported with the way out", (entry, wayOut) => {
  expect(reviewPlan(plan, { acceptedFindings: [{ id: entry, reason: "x" }] })).toMatchObject({
    verdict: "approval needed",
    acceptanceProblems: [`${entry}: matches no finding of this plan; ${wayOut}`],
  });
});

test("an entry that is there twice is reported", () => {
  const entry = { id, reason: "x" };
  expect(reviewPlan(plan, { acceptedFindings: [entry, entry] }).acceptanceProblems).toEqual([
    `${id}: is accepted twice; remove one entry`,
  ]);
});

test("the file is a list in YAML or JSON", () => {
  const entries = [{ id, reason: "moved", until: "2026-12-31" }];
  expect(readAcceptedFindings(`- id: ${id}\n  reason: moved\n  until: 2026-12-31\n`)).toEqual(entries);
  expect(readAcceptedFindings(JSON.stringify(entries))).toEqual(entries);
  expect(readAcceptedFindings("# none yet\n")).toEqual([]);
});

test("all mistakes of the file are said at once", () => {
  const text =
    "- id: nothing\n  reason: ' '\n  until: 2026-02-30\n- a\n- id: A:b\n  reason: c\n  untill: 2026-12-31\n";
  expect(() => readAcceptedFindings(text)).toThrow(
    "The accepted findings have mistakes:\n" +
      "entry 1: id must be the id of a finding, such as RDS-CLASS-LARGER:aws_db_instance.postgres:instance_class\n" +
      "entry 1: reason must say why the finding is accepted\n" +
      "entry 1: until must be a day, such as 2026-12-31\n" +
      "entry 2: must be an object with id, reason and until\n" +
      "entry 3: must have no other fields than id, reason and until",
  );
});

test.each(["{", "a: b", "- *a", "text"])("%s is refused", (text) => {
  expect(() => readAcceptedFindings(text)).toThrow("The accepted findings");
});
