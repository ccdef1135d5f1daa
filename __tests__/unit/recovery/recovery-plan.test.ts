/** A recovery plan says what is covered; what is not is an error, a warning or an opt-out, and never silent. */
import type { TerraformStack } from "cdktf";
import { type Protection, RecoveryScenario } from "../../../lib/database";
import { type DataItem, DataKind, RecoveryPlan, type RecoveryPlanProps } from "../../../lib/recovery";
import { problemsOf, synthesize } from "../../support/synth";
import { BACKUPS, recoverable } from "./fixture";

const { LOST_DATABASE, LOST_REGION, BAD_MIGRATION, LOST_CLUSTER } = RecoveryScenario;

const REGION = { data: "database", scenario: LOST_REGION, reason: "one region is enough" };

function plan(stack: TerraformStack, data: DataItem[], props: Partial<RecoveryPlanProps> = {}): RecoveryPlan {
  return new RecoveryPlan(stack, "recovery", { application: recoverable(stack, data), ...props });
}

const database = (protections?: readonly Protection[]): DataItem => ({
  id: "database",
  kind: DataKind.DATABASE,
  description: "Database shop",
  location: "db.example.com",
  holdsUserData: true,
  protections,
});

const cache: DataItem = {
  id: "images",
  kind: DataKind.IMAGE_REGISTRY,
  description: "Images",
  location: "registry.example.com",
  holdsUserData: false,
  protections: [],
};

test("user data without a mechanism is an error for each scenario, all at once", () => {
  expect(problemsOf((stack) => void plan(stack, [database([])]))).toEqual(
    [LOST_DATABASE, LOST_REGION, BAD_MIGRATION].map((scenario) =>
      expect.stringContaining(
        `RECOVERY-PROTECTIONS: protections must cover the loss of user data (got "none for database: ${scenario}")`,
      ),
    ),
  );
});

test("an existing server whose backups are not known is not taken for covered", () => {
  const problems = problemsOf((stack) => void plan(stack, [database(undefined)]));
  expect(problems).toHaveLength(3);
  expect(problems[0]).toContain("of whose backups the program knows nothing");
});

test("an accepted gap is an opt-out with its reason, and data that can be rebuilt a warning", () => {
  const { infos, warnings } = synthesize((stack) => {
    plan(stack, [database([BACKUPS]), cache], { acceptedGaps: [REGION] });
  });
  expect(infos.map(({ message }) => message)).toEqual([
    "opt-out: RECOVERY-ACCEPTED-GAPS: acceptedGaps: database is lost in the scenario lost-region: one region is enough",
  ]);
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^RECOVERY-PROTECTIONS-GAP: protections: nothing covers images/),
  ]);
});

test("a gap accepted without a reason is refused", () => {
  const acceptedGaps = [{ ...REGION, reason: " " }];
  expect(problemsOf((stack) => void plan(stack, [database([BACKUPS])], { acceptedGaps }))).toEqual([
    expect.stringContaining("acceptedGaps[0].reason must be the reason, in words"),
  ]);
});

test("a protection of the program closes a gap, and a stale acceptance is refused", () => {
  const copies: Protection = {
    ...BACKUPS,
    mechanism: "Copies",
    procedures: [{ scenarios: [LOST_REGION], steps: [] }],
  };
  const protections = [{ data: "database", protection: copies }];
  expect(problemsOf((stack) => void plan(stack, [database([BACKUPS])], { protections }))).toEqual([]);
  expect(
    problemsOf((stack) => void plan(stack, [database([BACKUPS])], { protections, acceptedGaps: [REGION] })),
  ).toEqual([expect.stringContaining("acceptedGaps[0] must be a gap, and this scenario is covered")]);
});

test("references to unknown data, keys without a place, no retention and bad times are refused together", () => {
  const keyless: Protection = {
    ...BACKUPS,
    retentionDays: 0,
    keys: [{ name: "KMS key", location: " " }],
  };
  const problems = problemsOf((stack) => {
    plan(stack, [database([keyless]), { ...cache, id: "Bad Id" }], {
      acceptedGaps: [REGION, { data: "nothing", scenario: LOST_CLUSTER, reason: "typing error" }],
      protections: [{ data: "databse", protection: BACKUPS }],
      rehearsals: [
        {
          data: "database",
          scenario: LOST_DATABASE,
          mechanism: "Backups",
          finishedAt: "yesterday",
          passed: true,
        },
      ],
    });
  });
  expect(problems.map((problem) => problem.split(" (got")[0])).toEqual([
    expect.stringContaining("database.keys.location must be the place of the key KMS key outside the data"),
    expect.stringContaining("database.retentionDays must be more than 0 days"),
    expect.stringContaining("data[1].id must be lower-case letters, digits and hyphens"),
    expect.stringContaining("protections[0].data must be the id of an item"),
    expect.stringContaining("acceptedGaps[1].data must be the id of an item"),
    expect.stringContaining("rehearsals[0].finishedAt must be an ISO 8601 time"),
  ]);
});

test("text, Markdown and JSON state place, mechanism, reach, loss, gaps, keys and measurements", () => {
  synthesize((stack) => {
    const made = plan(stack, [database([BACKUPS])], {
      acceptedGaps: [REGION],
      rehearsals: [
        {
          data: "database",
          scenario: LOST_DATABASE,
          mechanism: "Backups",
          finishedAt: "2026-11-20T04:00:00Z",
          passed: true,
          restoreMinutes: 42,
          lossMinutes: 3,
        },
      ],
    });
    for (const text of [made.toText(), made.toMarkdown()]) {
      for (const part of [
        "db.example.com",
        "Backups",
        "14 days",
        "5 minutes",
        "lost-region",
        "restored in 42 minutes, loss of 3 minutes",
      ]) {
        expect(text).toContain(part);
      }
    }
    expect(JSON.parse(made.toJson())).toMatchObject({
      application: "Shop",
      data: [
        {
          id: "database",
          keys: [{ name: "KMS key", location: "the vault" }],
          protections: [
            {
              mechanism: "Backups",
              retentionDays: 14,
              lossMinutes: 5,
              covers: [LOST_DATABASE, BAD_MIGRATION],
            },
          ],
          notCovered: [{ scenario: LOST_REGION, acceptedBecause: "one region is enough" }],
        },
      ],
    });
    expect(made.keys).toEqual([{ name: "KMS key", location: "the vault", check: "true" }]);
  });
});

test("a rehearsal that failed is stated as failed, and none as not rehearsed", () => {
  synthesize((stack) => {
    const failed = {
      data: "database",
      scenario: LOST_DATABASE,
      mechanism: "Backups",
      finishedAt: "2026-11-20T04:00:00Z",
      passed: false,
    };
    const made = plan(stack, [database([BACKUPS])], { acceptedGaps: [REGION], rehearsals: [failed] });
    expect(made.toText()).toContain("the rehearsal of 2026-11-20T04:00:00Z FAILED");
  });
  synthesize((stack) => {
    expect(plan(stack, [database([BACKUPS])], { acceptedGaps: [REGION] }).toText()).toContain(
      "not rehearsed",
    );
  });
});

const WEEKLY = {
  rehearsedBy: "CronJob shop-rehearsal",
  mechanisms: ["Backups"],
  schedule: "30 5 * * 0",
  timeZone: "Etc/UTC",
  longestGapMinutes: 7 * 1440,
  proves: "The rows pass the checks.",
  resultCommands: ['kubectl get cronjob "shop-rehearsal"'],
  permissions: ["get cronjobs"],
  source: "https://example.com/rehearsals",
};

test("a rehearsal on a schedule stands beside its mechanism, with the command of its last result", () => {
  synthesize((stack) => {
    const dumps = { ...BACKUPS, mechanism: "Dumps" };
    const made = plan(stack, [database([BACKUPS, dumps]), { ...cache, protections: [BACKUPS] }], {
      acceptedGaps: [REGION],
      scheduledRehearsals: [{ data: "database", rehearsal: WEEKLY }],
    });
    const [, backups, second] = made.toText().split(/\n {2}(?=Backups|Dumps)/);
    expect(backups).toContain("    rehearsed every week by CronJob shop-rehearsal\n    last result:");
    expect(backups).toContain('      kubectl get cronjob "shop-rehearsal"');
    expect(second).toContain("    not rehearsed");
    expect(made.toMarkdown()).toContain(
      "| rehearsed every week by CronJob shop-rehearsal<br>not rehearsed |",
    );
    const [first] = JSON.parse(made.toJson()).data;
    expect(first.protections[0].rehearsals).toEqual([
      {
        rehearsedBy: "CronJob shop-rehearsal",
        schedule: "30 5 * * 0",
        timeZone: "Etc/UTC",
        longestGapMinutes: 10_080,
        proves: "The rows pass the checks.",
        resultCommands: ['kubectl get cronjob "shop-rehearsal"'],
        source: "https://example.com/rehearsals",
      },
    ]);
    expect(first.protections[1].rehearsals).toEqual([]);
  });
});

test.each([
  [3 * 1440, "at least every 3 days"],
  [90, "at least every 90 minutes"],
  [undefined, "on the schedule 30 5 * * 0"],
])("a gap of %s minutes is written as %s", (longestGapMinutes, words) => {
  synthesize((stack) => {
    const made = plan(stack, [database([BACKUPS])], {
      acceptedGaps: [REGION],
      scheduledRehearsals: [{ data: "database", rehearsal: { ...WEEKLY, longestGapMinutes } }],
    });
    expect(made.toText()).toContain(`rehearsed ${words} by CronJob shop-rehearsal`);
  });
});

test("a rehearsal of a mechanism that the data does not have, and of unknown data, is refused", () => {
  expect(
    problemsOf(
      (stack) =>
        void plan(stack, [database([BACKUPS])], {
          acceptedGaps: [REGION],
          scheduledRehearsals: [
            { data: "database", rehearsal: { ...WEEKLY, mechanisms: ["Dumps"] } },
            { data: "objects", rehearsal: WEEKLY },
          ],
        }),
    ),
  ).toEqual([
    expect.stringContaining(
      'scheduledRehearsals[1].data must be the id of an item: database (got "objects")',
    ),
    expect.stringContaining(
      'scheduledRehearsals[0].mechanisms must have a mechanism of database: Backups (got "Dumps"); add its protection',
    ),
  ]);
});
