/** The runbooks of the reference architectures as documents: commands that parse, names that exist, nothing of the inventory missing. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizedStacks } from "../../support/terraform/stacks";

const runbooks = synthesizedStacks().map(({ name, folder, json }) => ({
  name,
  json,
  text: readFileSync(join(folder, "RESTORE.md"), "utf8"),
}));

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, "gms"))].map(
    ([, block]) => block as string,
  );
}

/** Kinds of data that each application declares. */
const KINDS: { readonly [application: string]: readonly string[] } = {
  coder: ["infrastructure", "database", "secrets", "release", "workspaces"],
  gitpod: [
    "infrastructure",
    "database",
    "encryption-keys",
    "workspaces",
    "images",
    "configuration",
    "running-workspaces",
  ],
  gitlab: [
    "infrastructure",
    "database",
    "repositories",
    "store-artifacts",
    "store-registry",
    "rails-secrets",
    "release",
  ],
};

test("there are nine runbooks", () => {
  expect(runbooks).toHaveLength(9);
});

test.each(runbooks)("every command of $name parses in Bash", ({ text }) => {
  const found = blocks(text, "bash");
  expect(found.length).toBeGreaterThan(10);
  const broken = found.filter((block) => spawnSync("bash", ["-n"], { input: block }).status !== 0);
  expect(broken).toEqual([]);
});

/** Text of Bash inside single quotes, where it expands no variables; comments and double quotes are skipped. */
function singleQuoted(block: string): string[] {
  const found: string[] = [];
  const tokens = /^\s*#[^\n]*$|\\[\s\S]|"(?:\\[\s\S]|\$\([^)]*\)|[^"\\])*"|'([^']*)'/gm;
  for (const [, text] of block.matchAll(tokens)) if (text !== undefined) found.push(text);
  return found;
}

test.each(runbooks)("single quotes hide no value from the shell in $name", ({ text }) => {
  const quoted = blocks(text, "bash").flatMap(singleQuoted);
  expect(quoted.length).toBeGreaterThan(0);
  expect(quoted.filter((each) => /\$[A-Z][A-Z0-9_]+/.test(each))).toEqual([]);
});

test.each(runbooks)(
  "every variable of $name is read from an output or filled in by the reader",
  ({ text, json }) => {
    const commands = blocks(text, "bash").join("\n");
    const outputs = Object.keys((json as { output?: Record<string, unknown> }).output ?? {});
    const read = [...commands.matchAll(/terraform output -raw ([\w-]+)/g)].map(([, name]) => name as string);
    expect(read.length).toBeGreaterThan(1);
    expect(read.filter((name) => !outputs.includes(name))).toEqual([]);
    const assigned = new Set([
      "PWD",
      ...[...commands.matchAll(/^(?:export )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name),
    ]);
    const used = [...commands.matchAll(/\$([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name);
    expect([...new Set(used.filter((name) => !assigned.has(name)))]).toEqual([]);
    expect(text).not.toMatch(/TfToken|\$\{|undefined|\[object/);
  },
);

test.each(runbooks)("every Terraform address of $name is in its stack", ({ text, json }) => {
  const addresses = [...text.matchAll(/terraform (?:state rm|import) '([a-z_]+)\.([\w-]+)'/g)];
  expect(addresses.length).toBeGreaterThan(0);
  const missing = addresses.filter(
    ([, type, name]) => json.resource?.[type as string]?.[name as string] === undefined,
  );
  expect(missing.map(([text]) => text)).toEqual([]);
  // The pattern that forgets a server finds it and its users.
  for (const [, pattern] of text.matchAll(/terraform state list \| grep -E '([^']+)'/g)) {
    const all = Object.entries(json.resource ?? {}).flatMap(([type, byName]) =>
      Object.keys(byName).map((name) => `${type}.${name}`),
    );
    const forgotten = all.filter((address) => new RegExp(pattern as string).test(address));
    expect(forgotten.filter((address) => /server\.|sql_database_instance\./.test(address))).toHaveLength(1);
    expect(forgotten.filter((address) => /^\w*(secret|kms|vault|random_)\w*\./.test(address))).toEqual([]);
  }
});

test.each(runbooks)(
  "every piece of data of $name is in the runbook, covered or accepted",
  ({ name, text }) => {
    const table = text.split("## Data and coverage")[1]?.split("\n## ")[0] ?? "";
    const items = [...table.matchAll(/^\| \*\*([a-z-]+)\*\*/gm)].map(([, id]) => id as string);
    expect(items).toEqual(expect.arrayContaining([...(KINDS[name.split("-")[0] as string] ?? [])]));
    const scenarios = text.slice(text.indexOf("## Lost database"));
    // A cache is in the table only: nothing of it is lost.
    for (const id of items.filter((each) => each !== "store-dependency-proxy"))
      expect(scenarios).toContain(`\`${id}\``);
  },
);

test.each(runbooks)("$name counts its own backups, and says how they come back", ({ name, text }) => {
  const application = name.split("-")[0] as string;
  const schedule = `${application}-velero-${application}`;
  const table = text.split("## Data and coverage")[1]?.split("\n## ")[0] ?? "";
  expect(table).toContain(`[Velero schedule ${schedule}]`);
  expect(table).toMatch(new RegExp(`\\[Logical backup ${application}-`));
  const cluster = text.split("## Lost cluster")[1]?.split("\n## ")[0] ?? "";
  expect(cluster).toContain(`Velero schedule ${schedule}`);
  const database = text.split("## Lost database")[1]?.split("\n## ")[0] ?? "";
  // The server's own backups lose less: the dump is the second way.
  expect(database).toMatch(new RegExp(`If that fails: [a-z-]+ is also in Logical backup ${application}-`));
  const others = text.split("\n## Other ways")[1] ?? "";
  const commands = blocks(others, "bash").join("\n");
  expect(commands).toContain(
    application === "gitpod"
      ? '| mysql --host="$RESTORE_HOST"'
      : 'pg_restore --host="$RESTORE_HOST" --username="$RESTORE_USER"',
  );
  // Every way that a scenario names in case of a failure is written down, if it has steps.
  const named = [...text.matchAll(/^- If that fails: .* is also in (Logical backup [\w-]+)/gm)].map(
    ([, way]) => way,
  );
  expect(named.filter((way) => !others.includes(`. ${way}: `))).toEqual([]);
});

test.each(runbooks.filter(({ name }) => name.startsWith("coder-")))(
  "$name: Velero writes nothing until the restore is done, and the program is applied before and after it",
  ({ text }) => {
    const cluster = text.split("## Lost cluster")[1]?.split("\n## ")[0] ?? "";
    const titles = [...cluster.matchAll(/^#### [\d.]+ (.*)$/gm)].map(([, title]) => title as string);
    const at = (begin: string, from = 0) =>
      titles.findIndex((title, i) => i >= from && title.startsWith(begin));
    const order = [at("Install Velero on the rebuilt cluster"), at("Velero reaches its store")];
    order.push(at("Restore the backup"), at("Let Velero write backups again"), at("Velero writes backups"));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(titles[(order[0] as number) + 1]).toBe("Apply the program");
    expect(titles[(order[3] as number) + 1]).toBe("Apply the program");
    expect(cluster).toContain('velero restore create "$BACKUP-restore" --namespace "coder-velero"');
  },
);

/** Titles of the steps of a scenario, in their order. */
function stepTitles(text: string, scenario: string): string[] {
  const section = text.split(`## ${scenario}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^#### [\d.]+ (.*)$/gm)].map(([, title]) => title as string);
}

const STOP = "Note the replicas and scale the workloads to zero";
const START = "Scale the workloads back";
const APPLY = "Apply the program";

test("an application that an apply has started is stopped while its data is restored", () => {
  const text = (wanted: string) => runbooks.find(({ name }) => name === wanted)?.text ?? "";
  for (const name of ["coder-aws", "coder-azure", "coder-google"]) {
    const titles = stepTitles(text(name), "Lost cluster");
    const restore = titles.indexOf("Restore the backup");
    expect(titles.indexOf(STOP)).toBe(titles.indexOf(APPLY) + 1);
    expect(titles.indexOf(STOP)).toBeLessThan(restore);
    expect(titles.indexOf(START)).toBeGreaterThan(restore);
  }
  for (const name of ["coder-google", "gitpod-google", "gitlab-google"]) {
    const titles = stepTitles(text(name), "Lost region");
    const create = titles.findIndex((title) => title.startsWith("Create the server that takes the place"));
    expect(titles.slice(create + 1, create + 3)).toEqual([APPLY, STOP]);
    expect(titles[create + 3]).toMatch(/^Restore a backup of .* into the server of the other region$/);
    // The passwords of the lost server are in the backup, and those of the new one in the application's secrets.
    expect(titles.slice(create + 4, create + 6)).toEqual([
      "Write new passwords to the users of the restored server",
      APPLY,
    ]);
    expect(titles.lastIndexOf(START)).toBeGreaterThan(create + 5);
  }
});

test.each(runbooks)("$name has no example as the value of a variable", ({ text }) => {
  const commands = blocks(text, "bash").join("\n");
  expect(commands).toMatch(/^[A-Z_]+=''$/m);
  expect(commands).not.toMatch(/^[A-Z_]+='[^']+'$/m);
});

/**
 * Flags of gcloud's commands: cloud.google.com/sdk/gcloud/reference (read 2026-11), and for backups the sources of the commands. Flags that
 * commands take together: a backup is restored by its name, or by its id with the instance and the project.
 */
const GCLOUD: { readonly [command: string]: readonly string[] } = {
  "sql backups list": ["project", "filter", "sort-by", "format"],
  "sql backups restore": ["project", "restore-instance"],
  "sql instances clone": ["project", "point-in-time", "source-instance-deletion-time"],
  "sql instances describe": ["project", "format"],
  "sql instances get-latest-recovery-time": ["project", "source-instance-deletion-time"],
  "storage cp": [],
  "storage ls": ["all-versions", "long", "soft-deleted"],
  "storage restore": ["deleted-after-time", "async"],
};

const onGoogle = runbooks.filter(({ name }) => name.endsWith("-google"));

test.each(onGoogle)("gcloud has each command of $name with its flags", ({ text }) => {
  const lines = blocks(text, "bash")
    .flatMap((block) => block.split("\n"))
    .filter((line) => /(^|\()gcloud /.test(line));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const command = Object.keys(GCLOUD).find((each) => line.includes(`gcloud ${each} `));
    expect([line, command]).toEqual([line, expect.any(String)]);
    const flags = [...line.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag);
    expect(flags.filter((flag) => !GCLOUD[command as string]?.includes(flag as string))).toEqual([]);
  }
  // The filter goes to the API, which compares names only; a limit would come before the order.
  const lists = lines.filter((line) => line.includes("sql backups list"));
  expect(lists.filter((line) => !/ --filter="instance:\$[A-Z0-9_a-f]+"/.test(line))).toEqual([]);
});

test.each(onGoogle)(
  "$name: the backups of a lost server are the second way, into a new instance",
  ({ text }) => {
    const others = text.split("\n## Other ways")[1] ?? "";
    const titles = [...others.matchAll(/^#### [\d.]+ (.*)$/gm)].map(([, title]) => title as string);
    const restore = titles.findIndex((title) => /^Restore a backup of .* into a new instance$/.test(title));
    expect(restore).toBeGreaterThanOrEqual(0);
    expect(titles[restore + 1]).toMatch(/^Put the restored instance in the place of /);
  },
);

test.each(runbooks.filter(({ name }) => name.endsWith("-aws")))(
  "$name waits for each new name of a server",
  ({ text }) => {
    const lines = blocks(text, "bash").flatMap((block) => block.split("\n"));
    const renames = lines.flatMap((line, i) => {
      const name = /--new-db-instance-identifier ("[^"]+")/.exec(line)?.[1];
      return name === undefined ? [] : [{ name, next: lines.slice(i + 1, i + 3) }];
    });
    expect(renames.length).toBeGreaterThan(2);
    for (const { name, next } of renames) {
      expect(next).toEqual([
        expect.stringMatching(
          new RegExp(
            `^until aws rds describe-db-instances .* --db-instance-identifier ${name.replace("$", "\\$")} `,
          ),
        ),
        expect.stringMatching(/^aws rds wait db-instance-available /),
      ]);
    }
  },
);
