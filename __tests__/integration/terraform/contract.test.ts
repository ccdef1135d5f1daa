/** What the contract leaves to Terraform (URLs, conditions, secrets) does there what it says. Needs no provider. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataResource, Fn, TerraformOutput, TerraformVariable } from "cdktf";
import {
  Cloud,
  ConnectionBudget,
  type ConnectionConsumer,
  connectionUrlWithPassword,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
  SslMode,
} from "../../../lib/database";
import { escapeTemplate, passwordConditions } from "../../../lib/database/private";
import { goProgram } from "../../../tools/machine/go-program";
import { must } from "../../../tools/machine/processes";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { passwordRulesOf } from "../../support/cloud-facts";
import { describeWith } from "../../support/describe-with";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

describeWith("texts", terraformTools, (terraform) => {
  test("escapeTemplate: Terraform reads every text as it was", async () => {
    const texts = [
      "plain",
      "${var.x}",
      "%{ if true }a%{ endif }",
      "$${x} $$${y} $$$${z}",
      "%%{x} %%%{y}",
      "$ $$ % %% {} ${ %{",
      PRINTABLE,
      'quotes " and \\ back\nslashes',
    ];
    const folder = writtenStack((stack) => {
      texts.forEach((text, i) => {
        new TerraformOutput(stack, `text${i}`, { value: escapeTemplate(text) });
      });
    });
    const copy = new StackCopy(terraform, folder);
    try {
      copy.init();
      await copy.apply();
      const outputs = copy.outputs();
      expect(texts.map((_, i) => outputs[`text${i}`]?.value)).toEqual(texts);
    } finally {
      copy.remove();
    }
  });
});

const goParser = () => {
  const terraform = terraformTools();
  if (terraform instanceof Unavailable) return terraform;
  const program = goProgram("parse-url", ".");
  return program instanceof Unavailable ? program : { terraform, program };
};

describeWith("connection URLs", goParser, ({ terraform, program }) => {
  const samples = [
    "simple",
    "# % ? / [ ] @ + space",
    PRINTABLE.trim(),
    "%41%zz",
    "a:b@c:d",
    "+",
    "ends with %",
    "ä ß € 日本 🐘",
    '${not.a.template} %{neither} "quoted"',
  ];

  test("parsers of Go and of the web read back what Terraform encoded", async () => {
    const folder = writtenStack((stack) => {
      samples.forEach((_, i) => {
        const user = new TerraformVariable(stack, `user${i}`, { type: "string" });
        const password = new TerraformVariable(stack, `password${i}`, { type: "string" });
        const port = new TerraformVariable(stack, `port${i}`, { type: "number", default: 6432 });
        const secret = SecretValue.fromEphemeral(password.stringValue, { version: 1 });
        const server = DatabaseServer.fromServerAttributes(stack, `server${i}`, {
          engine: PG,
          host: "db.example.com",
          port: port.numberValue,
        });
        const owner = DatabaseLogin.withPassword(user.stringValue, secret);
        const url = connectionUrlWithPassword(server.database("gitpod-sessions", { owner }), {
          sslMode: SslMode.VERIFY_FULL,
          sslRootCert: "/etc/ca certs/ca.crt",
          searchPath: user.stringValue,
        });
        new TerraformOutput(stack, `url${i}`, { value: url.writeOnly() });
      });
    });
    const variables: Record<string, unknown> = {};
    samples.forEach((sample, i) => {
      variables[`user${i}`] = sample;
      // Stored passwords often end in a line break, which is no part of them.
      variables[`password${i}`] = `${sample}\n`;
    });
    const copy = new StackCopy(terraform, folder, { variables });
    try {
      copy.init();
      await copy.apply();
      const outputs = copy.outputs();
      const urls = samples.map((_, i) => String(outputs[`url${i}`]?.value));
      const inGo = JSON.parse(must(program, [], { input: JSON.stringify(urls) }));
      samples.forEach((sample, i) => {
        expect(inGo[i]).toEqual({
          user: sample,
          password: sample,
          host: "db.example.com",
          port: "6432",
          path: "/gitpod-sessions",
          query: { sslmode: ["verify-full"], sslrootcert: ["/etc/ca certs/ca.crt"], search_path: [sample] },
        });
        const web = new URL(urls[i] as string);
        expect(decodeURIComponent(web.username)).toBe(sample);
        expect(decodeURIComponent(web.password)).toBe(sample);
        expect([web.hostname, web.port, web.pathname]).toEqual([
          "db.example.com",
          "6432",
          "/gitpod-sessions",
        ]);
        expect(web.searchParams.get("search_path")).toBe(sample);
      });
    } finally {
      copy.remove();
    }
  });

  test("encoding at synth and in Terraform agree", async () => {
    const { percentEncoded } = require("../../../lib/database/connections/connection-url");
    const folder = writtenStack((stack) => {
      const all = new TerraformVariable(stack, "all", { type: "list(string)" });
      samples.forEach((_, i) => {
        new TerraformOutput(stack, `text${i}`, { value: percentEncoded(Fn.element(all.listValue, i)) });
      });
    });
    const copy = new StackCopy(terraform, folder, { variables: { all: samples } });
    try {
      copy.init();
      await copy.apply();
      const outputs = copy.outputs();
      const read = (text: unknown) => decodeURIComponent(String(text));
      samples.forEach((sample, i) => {
        expect(read(outputs[`text${i}`]?.value)).toBe(sample);
        expect(read(percentEncoded(escapeTemplate(sample)))).toBe(escapeTemplate(sample));
      });
    } finally {
      copy.remove();
    }
  });
});

describeWith("the connection budget", terraformTools, (terraform) => {
  // The largest number that fails and the smallest that passes show what Terraform counted.
  const boundary = (
    consumers: (n: (name: string) => number) => ConnectionConsumer[],
    variables: Record<string, number>,
    needed: number,
    reserved = 3,
  ) => {
    const folder = writtenStack((stack) => {
      const n = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
      const budget = new ConnectionBudget(stack, "", {
        maximum: n("max"),
        reserved,
        basis: "maxConnections",
      });
      for (const consumer of consumers(n)) budget.add(consumer);
      new DataResource(stack, "release", { lifecycle: { precondition: budget.preconditions() } });
    });
    const copy = new StackCopy(terraform, folder, { variables: { ...variables, max: needed + reserved } });
    try {
      copy.init();
      expect(copy.plan().resource_changes).toHaveLength(1);
      copy.setVariables({ ...variables, max: needed + reserved - 1 });
      const output = copy.planFails().replace(/[│╷╵\s]+/g, " ");
      expect(output).toContain(
        `The applications may open more connections than the server accepts (${consumers(() => 0)
          .map((c) => c.name)
          .join(", ")}). Reduce their pools or replicas`,
      );
    } finally {
      copy.remove();
    }
  };

  test("a capacity known later: 3 replicas with a pool of 10 and a listener need 44", () => {
    boundary(() => [{ name: "coder", replicas: 3, poolMax: 10, listeners: 1 }], {}, 44);
  });

  test("replicas known later: 10 need 13 x 51", () => {
    boundary(
      (n) => [{ name: "coder", replicas: n("replicas"), poolMax: 50, listeners: 1 }],
      { replicas: 10 },
      663,
    );
  });

  test("everything known later, beside a consumer that is known", () => {
    boundary(
      (n) => [
        {
          name: "coder",
          replicas: n("replicas"),
          surge: n("surge"),
          poolMax: n("pool"),
          listeners: n("listeners"),
          other: n("other"),
        },
        { name: "grafana", replicas: 1, poolMax: 5, other: 1 },
      ],
      { replicas: 4, surge: 0.3, pool: 20, listeners: 2, other: 10 },
      // (4 + ceil(1.2)) x 22 + 10, and (1 + 1) x 5 + 1.
      142 + 11,
    );
  });

  test("neither a surge nor a reserve: zeros are counted as zeros", () => {
    boundary((n) => [{ name: "a", replicas: n("replicas"), surge: 0, poolMax: 10 }], { replicas: 5 }, 50, 0);
  });

  test("no replicas: only what comes beside them", () => {
    boundary((n) => [{ name: "idle", replicas: n("replicas"), poolMax: 50, other: 7 }], { replicas: 0 }, 7);
  });
});

describeWith("password conditions", terraformTools, (terraform) => {
  const good = "Abcdefgh12345678";
  const messages = {
    length: /The password has to have \d+ to \d+ characters/,
    space: /The password begins or ends with white space or a line break/,
    alphabet: /The password may have printable ASCII characters only/,
    classes: /The password has to have three of these/,
  };
  const bad: [string, Cloud, DatabaseEngine, string, RegExp[]][] = [
    ["too short", Cloud.AWS, PG, "Abc4567", [messages.length]],
    ["too long for MySQL on RDS", Cloud.AWS, MYSQL, "Abcdefgh12".repeat(5).slice(0, 42), [messages.length]],
    ["too long", Cloud.AZURE, PG, "Abcdefgh12".repeat(13), [messages.length]],
    ["a line break at the end", Cloud.AWS, PG, `${good}\n`, [messages.space, messages.alphabet]],
    ["a space before it", Cloud.GOOGLE, PG, ` ${good}`, [messages.space, messages.alphabet]],
    ["a space on a server of one's own", Cloud.SELF_MANAGED, PG, `${good} `, [messages.space]],
    ["nothing", Cloud.SELF_MANAGED, PG, "", [messages.length]],
    ...['"', "'", "/", "@", " ", "ä", "\t"].map((c): [string, Cloud, DatabaseEngine, string, RegExp[]] => [
      `the character ${JSON.stringify(c)}`,
      Cloud.AWS,
      PG,
      `Abcdefgh${c}12345678`,
      [messages.alphabet],
    ]),
    ["two classes on Azure", Cloud.AZURE, MYSQL, "abcdefgh12345678", [messages.classes]],
  ];
  const fine: [string, Cloud, DatabaseEngine, string][] = [
    ["letters and digits", Cloud.AWS, PG, good],
    ["41 characters for MySQL on RDS", Cloud.AWS, MYSQL, "Abcdefgh12".repeat(5).slice(0, 41)],
    ["every legal character", Cloud.AWS, PG, PRINTABLE.replace(/["'/@ ]/g, "")],
    ["three classes on Azure", Cloud.AZURE, PG, "abcdefgh-12345678"],
    ["two classes elsewhere", Cloud.GOOGLE, MYSQL, "abcdefgh12345678"],
    ["anything on a server of one's own", Cloud.SELF_MANAGED, MYSQL, "pässword with / and @"],
  ];

  /** Terraform's verdict on all samples in one plan: what it says of each variable. */
  function verdicts(samples: (readonly [string, Cloud, DatabaseEngine, string, ...unknown[]])[]) {
    const folder = writtenStack((stack) => {
      samples.forEach(([, cloud, engine], i) => {
        const variable = new TerraformVariable(stack, `sample${i}`, { type: "string" });
        // The first stands in for the stored secret, whose postconditions they are meant to be.
        SecretValue.fromVariable(variable, 1);
        for (const condition of passwordConditions(`var.sample${i}`, passwordRulesOf(cloud, engine))) {
          variable.addValidation(condition);
        }
      });
    });
    // From the environment: of a value in a file Terraform prints the line.
    const env = Object.fromEntries(samples.map(([, , , text], i) => [`TF_VAR_sample${i}`, text]));
    return { folder, env };
  }

  /** What Terraform says of each variable; a diagnostic names the line on which the variable begins. */
  function sayings(output: string, folder: string): Map<string, string> {
    const lines = readFileSync(join(folder, "cdk.tf.json"), "utf8").split("\n");
    const said = new Map<string, string>();
    for (const line of output.split("\n").filter((each) => each.startsWith("{"))) {
      const { diagnostic } = JSON.parse(line);
      if (!diagnostic) continue;
      const name = /"(\w+)"/.exec(lines[diagnostic.range.start.line - 1] ?? "")?.[1] ?? "";
      said.set(name, `${said.get(name) ?? ""}\n${diagnostic.detail}`);
    }
    return said;
  }

  test("refuse what the clouds refuse, and never show it", () => {
    const { folder, env } = verdicts(bad);
    const copy = new StackCopy(terraform, folder, { env });
    try {
      copy.init();
      const output = copy.planFails("-json");
      const said = sayings(output, folder);
      bad.forEach(([what, , , text, expected], i) => {
        for (const message of Object.values(messages)) {
          const wanted = expected.some((each) => each.source === message.source);
          expect([what, message.test(said.get(`sample${i}`) ?? "")]).toEqual([what, wanted]);
        }
        if (text.length > 1) expect(output).not.toContain(JSON.stringify(text.trim()).slice(1, -1));
      });
    } finally {
      copy.remove();
    }
  });

  test("let pass what they take", () => {
    const { folder, env } = verdicts(fine);
    const copy = new StackCopy(terraform, folder, { env });
    try {
      copy.init();
      expect(copy.plan().resource_changes ?? []).toEqual([]);
    } finally {
      copy.remove();
    }
  });
});
