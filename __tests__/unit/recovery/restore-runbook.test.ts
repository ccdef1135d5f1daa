/** A runbook has the steps in their order, reads each name before the restore, and runs in a shell as it is. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { type Protection, RecoveryScenario, type RestoreStep } from "../../../lib/database";
import { type DataItem, DataKind, RecoveryPlan, RestoreRunbook } from "../../../lib/recovery";
import { problemsOf, synthesize } from "../../support/synth";
import { BACKUPS, recoverable } from "./fixture";

const GAP = { data: "database", scenario: RecoveryScenario.LOST_REGION, reason: "one region is enough" };

function item(protections: readonly Protection[], location = "db.example.com"): DataItem {
  return {
    id: "database",
    kind: DataKind.DATABASE,
    description: "Database shop",
    location,
    holdsUserData: true,
    protections,
  };
}

/** Text of a section, by its heading. */
function section(markdown: string, heading: string): string {
  return markdown.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
}

test("a lost database: keys, stop, restore, start, and the way back at the end", () => {
  synthesize((stack) => {
    const plan = new RecoveryPlan(stack, "recovery", {
      application: recoverable(stack, [item([BACKUPS])]),
      acceptedGaps: [GAP],
    });
    const markdown = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
    const lost = section(markdown, "Lost database");
    const titles = [...lost.matchAll(/^#{3,4} (?:[\d.]+ )?(.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "Keys",
      "Make sure that KMS key is there: the vault",
      "Stop the writes",
      "Note the replicas and scale the workloads to zero",
      "Databases",
      "Restore the server",
      "Start",
      "Scale the workloads back",
      "Way back",
    ]);
    expect(lost).toContain("loss to expect: 5 minutes; recovery time: not rehearsed");
    expect(lost).toContain('p1["1. Keys (1 step)"]');
    expect(section(markdown, "Lost region")).toContain("Accepted: one region is enough");
  });
});

test("the rehearsal of a mechanism stands in its scenarios, and the command of its last result before them", () => {
  const { json } = synthesize((stack) => {
    const name = new TerraformVariable(stack, "rehearsal_name", { type: "string" }).stringValue;
    const dumps = { ...BACKUPS, mechanism: "Dumps", lossMinutes: 1440 };
    const plan = new RecoveryPlan(stack, "recovery", {
      application: recoverable(stack, [item([BACKUPS, dumps])]),
      acceptedGaps: [GAP],
      scheduledRehearsals: [
        {
          data: "database",
          rehearsal: {
            rehearsedBy: `CronJob ${name}`,
            mechanisms: ["Dumps"],
            schedule: "30 5 * * 0",
            timeZone: "Etc/UTC",
            longestGapMinutes: 7 * 1440,
            proves: "The rows pass the checks.",
            resultCommands: [`kubectl get cronjob "${name}"`],
            permissions: ["get cronjobs"],
            source: "https://example.com/rehearsals",
          },
        },
      ],
    });
    const markdown = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
    expect(section(markdown, "Last results of the rehearsals").trimEnd()).toBe(
      [
        "Last results of the rehearsals",
        "They tell which recovery time and loss were measured, and whether the mechanism that a scenario begins with could be restored the last time. The commands read cloud, cluster and store with the credentials of the shell: run them where these can be reached. A rehearsal that has never passed has no result.",
        "### `database`: Dumps",
        "Rehearsed every week by CronJob `$VAR_REHEARSAL_NAME` (`30 5 * * 0`, Etc/UTC). The rows pass the checks.",
        "Needs: `get cronjobs`.",
        '```bash\nkubectl get cronjob "$VAR_REHEARSAL_NAME"\n```',
        "See <https://example.com/rehearsals>.",
      ].join("\n\n"),
    );
    expect(section(markdown, "Lost database")).toContain(
      "recovery time: not rehearsed; Dumps: rehearsed every week by CronJob `$VAR_REHEARSAL_NAME`",
    );
    expect(markdown).toContain("for tool in kubectl ");
  });
  expect(json.output).toHaveProperty("restore_var_rehearsal_name");
});

test("a name that only Terraform knows is an output, read once before the restore", () => {
  const { json } = synthesize((stack) => {
    const host = new TerraformVariable(stack, "database_host", { type: "string" }).stringValue;
    const step = {
      title: "Restore",
      commands: [`restore --host "${host}"`],
      undo: [`restore --undo "${host}"`],
    };
    const backups = {
      ...BACKUPS,
      procedures: [{ scenarios: Object.values(RecoveryScenario), steps: [step] }],
    };
    const plan = new RecoveryPlan(stack, "recovery", {
      application: recoverable(stack, [item([backups], host)]),
    });
    const markdown = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
    expect(markdown.match(/terraform output -raw/g)).toHaveLength(1);
    expect(section(markdown, "Before each restore")).toContain(
      'VAR_DATABASE_HOST="$(terraform output -raw restore_var_database_host)"',
    );
    expect(section(markdown, "Lost database")).toContain('restore --host "$VAR_DATABASE_HOST"');
    expect(section(markdown, "Data and coverage")).toContain("`$VAR_DATABASE_HOST`");
  });
  expect(json.output.restore_var_database_host.value).toBe("${var.database_host}");
});

test("a change of the program is synthesized, imported, planned and applied in this order", () => {
  synthesize((stack) => {
    const step = { title: "Restore", programChange: "new Server();", beforePlan: ["terraform import a b"] };
    const backups = {
      ...BACKUPS,
      procedures: [{ scenarios: Object.values(RecoveryScenario), steps: [step] }],
    };
    const plan = new RecoveryPlan(stack, "recovery", { application: recoverable(stack, [item([backups])]) });
    const runbook = new RestoreRunbook(stack, "runbook", { plan, synthesize: "npm run synth" });
    const lost = section(runbook.toMarkdown(), "Lost database");
    const order = [
      "new Server();",
      "npm run synth",
      "terraform init",
      "terraform import a b",
      "terraform plan -out",
      "terraform apply",
    ];
    const places = order.map((text) => lost.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    // The other region has a state of its own.
    expect(section(runbook.toMarkdown(), "Lost region")).toContain(
      'cd "$PROGRAM/cdktf.out/stacks/$NEW_STACK"',
    );
  });
});

const LIST = "list-backups";
const STEP = {
  title: "Restore",
  inputs: [
    { name: "NEW", description: "New server", example: "restored" },
    { name: "BACKUP", description: "Newest backup, from the list", example: "b1" },
  ],
  commands: [LIST, 'restore "$BACKUP"', 'rename "$NEW"'],
};

/** Runbook of a lost database that comes back by these steps. */
function lostDatabase(...steps: RestoreStep[]): string {
  let text = "";
  synthesize((stack) => {
    const backups = { ...BACKUPS, procedures: [{ scenarios: Object.values(RecoveryScenario), steps }] };
    const plan = new RecoveryPlan(stack, "recovery", { application: recoverable(stack, [item([backups])]) });
    text = section(new RestoreRunbook(stack, "runbook", { plan }).toMarkdown(), "Lost database");
  });
  return text;
}

const bashBlocks = (text: string) =>
  [...text.matchAll(/^```bash\n([\s\S]*?)\n```$/gm)].map(([, block]) => block as string);

test("no block runs a command with a value that the reader has yet to fill in", () => {
  const blocks = bashBlocks(lostDatabase(STEP)).filter((block) => !block.includes("kubectl"));
  const own = blocks.slice(blocks.indexOf(LIST));
  expect(own).toEqual([
    LIST,
    "# Newest backup, from the list, such as b1\nBACKUP=''",
    'restore "$BACKUP"',
    "# New server, such as restored\nNEW=''",
    'rename "$NEW"',
  ]);
});

test("a value that only a later step takes is filled in behind the command that prints it", () => {
  const input = { name: "SNAPSHOT", description: "Newest snapshot", example: "s1" };
  const text = lostDatabase(
    { title: "List", inputs: [input], commands: [LIST] },
    { title: "Restore", commands: ['restore "$SNAPSHOT"'] },
  );
  const places = [LIST, "SNAPSHOT=''", 'restore "$SNAPSHOT"'].map((each) => text.indexOf(each));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test("what an apply brings about is verified after it", () => {
  const text = lostDatabase({ title: "Restore", programChange: "new Server();", verify: ["look-at-server"] });
  expect(text.indexOf("terraform apply")).toBeGreaterThan(0);
  expect(text.indexOf("look-at-server")).toBeGreaterThan(text.indexOf("terraform apply"));
  expect(text.match(/look-at-server/g)).toHaveLength(1);
});

test("the replicas that one restore has noted are not those of the next", () => {
  const text = lostDatabase({ title: "Restore", commands: ["restore"] });
  const file = '"$PROGRAM/replicas-before-restore.txt"';
  expect(text.lastIndexOf(`mv ${file} `)).toBeGreaterThan(text.lastIndexOf(`done < ${file}`));
});

test("braces of the shell are refused, which Terraform would take for a template", () => {
  const problems = problemsOf((stack) => {
    const step = { title: "Restore", commands: ["echo ${HOME}"] };
    const backups = {
      ...BACKUPS,
      procedures: [{ scenarios: Object.values(RecoveryScenario), steps: [step] }],
    };
    const plan = new RecoveryPlan(stack, "recovery", { application: recoverable(stack, [item([backups])]) });
    new RestoreRunbook(stack, "runbook", { plan });
  });
  expect(problems).toEqual([
    expect.stringContaining("RUNBOOK-COMMANDS: commands must write a variable of the shell as $NAME"),
  ]);
});

test("the file is written where it is asked for", () => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-runbook-"));
  try {
    synthesize((stack) => {
      const plan = new RecoveryPlan(stack, "recovery", {
        application: recoverable(stack, [item([BACKUPS])]),
        acceptedGaps: [GAP],
      });
      const file = new RestoreRunbook(stack, "runbook", { plan }).writeTo(join(folder, "new"));
      expect([file, existsSync(file)]).toEqual([join(folder, "new", "RESTORE.md"), true]);
      expect(readFileSync(file, "utf8")).toContain("# Restore Shop: stack test");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a mechanism that one scenario begins with is written down where it is the second way of another", () => {
  const step = (title: string): RestoreStep => ({ title, commands: ["true"] });
  const snapshots: Protection = {
    mechanism: "Snapshots",
    location: "everywhere",
    lossMinutes: 24 * 60,
    procedures: [
      { scenarios: [RecoveryScenario.LOST_DATABASE], steps: [step("Restore into a new server")] },
      { scenarios: [RecoveryScenario.LOST_REGION], steps: [step("Restore into the other region")] },
    ],
    source: "https://example.com/snapshots",
  };
  synthesize((stack) => {
    const plan = new RecoveryPlan(stack, "recovery", {
      application: recoverable(stack, [item([BACKUPS, snapshots])]),
    });
    const markdown = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
    expect(section(markdown, "Lost database")).toContain("database is also in Snapshots");
    expect(section(markdown, "Lost region")).toContain("Restore into the other region");
    const others = section(markdown, "Other ways");
    expect(others).toContain("Restore into a new server");
    expect(others).not.toContain("Restore into the other region");
  });
});
