/** What the leader watch says to PgBouncer's console, with a console of ours: answers of versions that Debian does not have. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEADER_HANDLER_SCRIPT } from "../../../lib/pooling";
import { run } from "../../../tools/machine/processes";

const DATABASES = `name|host|port|database|force_user|pool_size|paused|disabled
main|old.internal|5432|main||5|0|0
(1 row)`;
const ANSWER = JSON.stringify([
  {
    Node: { Node: "new" },
    Service: { Address: "new.internal", Port: 5432 },
    Checks: [{ Status: "passing" }],
  },
]);

/** `SHOW CLIENTS` as PgBouncer writes it; `id` came with 1.24. */
const clients = (rows: string[], columns: string) => `${columns}\n${rows.join("\n")}\n(${rows.length} rows)`;
const NEW = "type|user|database|state|ptr|link|application_name|prepared_statements|id";
const OLD = "type|user|database|state|ptr|link|remote_pid|tls|application_name";

describe("a leader change while transactions do not finish", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-handler-"));
    writeFileSync(join(folder, "handler"), LEADER_HANDLER_SCRIPT);
    writeFileSync(join(folder, "main.ini"), "[databases]\nmain = host=old.internal port=5432 dbname=main\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  /** @returns the commands that PgBouncer got, but for questions. */
  function commands(before: string, after = before): string[] {
    const file = (name: string) => join(folder, name);
    writeFileSync(file("before"), before);
    writeFileSync(file("after"), after);
    writeFileSync(file("databases"), DATABASES);
    // The console: PAUSE does not end in time, KILL_CLIENT ends a client, RELOAD takes the new file.
    writeFileSync(
      file("psql"),
      `#!/bin/sh
for command do :; done
printf '%s\\n' "$command" >> ${folder}/log
case $command in
  'SHOW DATABASES;') cat ${folder}/databases ;;
  'SHOW CLIENTS;') cat ${folder}/before ;;
  PAUSE*) exit 124 ;;
  KILL_CLIENT*) cp ${folder}/after ${folder}/before ;;
  RELOAD*) sed 's/old.internal/new.internal/' ${folder}/databases > ${folder}/d && mv ${folder}/d ${folder}/databases ;;
esac
`,
    );
    chmodSync(file("psql"), 0o755);
    const args = ["handle", "--database", "main", "--ini", file("main.ini"), "--psql", file("psql")];
    const done = run("/bin/sh", [file("handler"), ...args], { input: ANSWER });
    expect(done).toMatchObject({ code: 0 });
    expect(readFileSync(file("main.ini"), "utf8")).toContain(
      "main = host=new.internal port=5432 dbname=main",
    );
    return readFileSync(file("log"), "utf8")
      .split("\n")
      .filter((line) => line && !line.startsWith("SHOW"));
  }

  const idle = "C|gitlab|main|idle|0x1||puma|0|11";
  const busy = "C|gitlab|main|active|0x2|0x20|side|kiq|0|12";
  const others = "C|reg|registry|active|0x3|0x30|registry|0|13";

  test("terminates running transactions one by one, and no waiting clients", () => {
    expect(commands(clients([idle, busy, others], NEW), clients([idle, others], NEW))).toEqual([
      'PAUSE "main";',
      "KILL_CLIENT 12;",
      "RELOAD;",
      'RESUME "main";',
    ]);
  });

  test("terminates no client when no transaction runs: PAUSE also waits for other paused databases", () => {
    for (const [rows, columns] of [
      [[idle, others], NEW],
      [["C|gitlab|main|active|0x1||0||puma", "C|reg|registry|active|0x3|0x30|0||x"], OLD],
    ] as const) {
      rmSync(join(folder, "log"), { force: true });
      writeFileSync(
        join(folder, "main.ini"),
        "[databases]\nmain = host=old.internal port=5432 dbname=main\n",
      );
      expect(commands(clients([...rows], columns))).toEqual(['PAUSE "main";', "RELOAD;", 'RESUME "main";']);
    }
  });

  test.each([
    [
      "before 1.24, which has no command for one client",
      clients(["C|gitlab|main|active|0x2|0x20|0||x"], OLD),
    ],
    [
      "whose answer is torn by a line break in an application's name",
      clients([idle, "C|gitlab|main|active|0x2|0x20|a", "b|0|12"], NEW),
    ],
    ["that does not answer", ""],
  ])("PgBouncer %s closes all connections of the database", (_, answer) => {
    expect(commands(answer)).toEqual(['PAUSE "main";', 'KILL "main";', "RELOAD;", 'RESUME "main";']);
  });

  test("closes all connections when a transaction does not terminate", () => {
    expect(commands(clients([idle, busy], NEW))).toEqual([
      'PAUSE "main";',
      "KILL_CLIENT 12;",
      'KILL "main";',
      "RELOAD;",
      'RESUME "main";',
    ]);
  });
});

describe("a lock left by a killed handler", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-handler-"));
    writeFileSync(join(folder, "handler"), LEADER_HANDLER_SCRIPT);
    writeFileSync(join(folder, "main.ini"), "[databases]\nmain = host=old.internal port=5432 dbname=main\n");
    // Time flies: what the handler waits for is over at once.
    writeFileSync(join(folder, "sleep"), '#!/bin/sh\necho $(($(cat "$CLOCK") + 7)) > "$CLOCK"\n');
    writeFileSync(join(folder, "date"), '#!/bin/sh\ncat "$CLOCK"\n');
    writeFileSync(join(folder, "clock"), "1800000000\n");
    for (const name of ["sleep", "date"]) chmodSync(join(folder, name), 0o755);
    mkdirSync(join(folder, "main.ini.lock"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test.each([
    ["before it wrote the time", undefined],
    ["after it wrote the time", "1800000000\n"],
    ["while it wrote the time", ""],
  ])("%s is released", (_, since) => {
    if (since !== undefined) writeFileSync(join(folder, "main.ini.lock", "since"), since);
    // Without the second process that repeats a failed move: it would outlive the test's folder.
    const args = ["--database", "main", "--ini", join(folder, "main.ini"), "--psql", "false", "--retry", "0"];
    const done = run("/bin/sh", [join(folder, "handler"), "handle", ...args], {
      input: ANSWER,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, CLOCK: join(folder, "clock") },
    });
    expect(done.stderr).toContain("new.internal:5432 is written");
    expect(existsSync(join(folder, "main.ini.lock"))).toBe(false);
  });
});
