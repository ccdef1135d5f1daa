/** A real MySQL decrypts rows that were encrypted as Gitpod encrypts them, and notices a key that is missing or wrong. */
import { createCipheriv, randomBytes } from "node:crypto";
import { TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  MysqlVersion,
  SecretValue,
} from "../../../lib/database";
import { GitpodEncryptionKeys, GitpodRehearsal } from "../../../lib/gitpod";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { Mysql, mysqlTools } from "../../support/servers/mysql";
import { synthesize } from "../../support/synth";

jest.setTimeout(240_000);

interface Key {
  readonly name: string;
  readonly version: number;
  readonly material: string;
}

const key = (name: string, version: number): Key => ({
  name,
  version,
  material: randomBytes(32).toString("base64"),
});

/** The column of a token: EncryptionEngineImpl and EncryptionServiceImpl of Gitpod, after its SIMPLE_JSON. */
function encrypted(value: object, { name, version, material }: Key): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", Buffer.from(material, "base64"), iv);
  const text = JSON.stringify(JSON.stringify(value));
  const data = Buffer.concat([cipher.update(Buffer.from(text, "utf8")), cipher.final()]).toString("base64");
  return JSON.stringify({ data, keyParams: { iv: iv.toString("base64") }, keyMetadata: { name, version } });
}

describeWith("tokens of Gitpod in a restored database", mysqlTools, (tools) => {
  let mysql: Mysql;
  const [old, current] = [key("general", 1), key("general", 2)];
  let sql = "";

  beforeAll(async () => {
    if (tools instanceof Unavailable) throw new Error(tools.reason);
    mysql = await Mysql.start(tools);
    mysql.query(`CREATE DATABASE gitpod CHARACTER SET utf8mb4; USE gitpod;
      CREATE TABLE d_b_token_entry (uid char(36) PRIMARY KEY, token text NOT NULL,
        _lastModified timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))`);
    const rows = [encrypted({ value: "one", scopes: ["ä €"] }, old), encrypted({ value: "two" }, current)];
    for (const [index, row] of rows.entries()) {
      mysql.query(`INSERT INTO gitpod.d_b_token_entry (uid, token) VALUES ('${index}', '${row}')`);
    }
    synthesize((stack) => {
      const variable = (name: string) =>
        SecretValue.fromVariable(new TerraformVariable(stack, name, { type: "string" }), 1);
      const server = DatabaseServer.fromServerAttributes(stack, "server", {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
        host: "mysql.example.com",
      });
      const database = server.database("gitpod", {
        owner: DatabaseLogin.withPassword("gitpod", variable("password")),
      });
      sql = GitpodRehearsal.tokensDecrypt(database, GitpodEncryptionKeys.single(variable("key"))).query.sql;
    });
  });
  afterAll(() => mysql?.stop());

  // As the rehearsal hands the secret over: as hexadecimal digits, in a session that only reads.
  const answer = (keys: readonly object[]) => {
    const secret = Buffer.from(JSON.stringify(keys)).toString("hex");
    return mysql.query(
      `SET @secret = CONVERT(x'${secret}' USING utf8mb4); SET SESSION TRANSACTION READ ONLY; ${sql}`,
      true,
      "gitpod",
    );
  };

  test("all decrypt with the kept keys", () => {
    expect(answer([old, { ...current, primary: true }])).toEqual(["2"]);
  });

  test.each([
    ["a key is missing", [current]],
    ["a key is another", [old, key("general", 2)]],
    ["a key has another name", [old, { ...current, name: "other" }]],
    ["there is none", []],
  ])("noticed: %s", (_, keys) => {
    expect(answer(keys)).toEqual(["-1"]);
  });

  test("noticed: each of many wrong keys, also where the padding happens to be right", () => {
    const wrong = Array.from({ length: 40 }, () => answer([old, key("general", 2)]));
    expect(new Set(wrong.flat())).toEqual(new Set(["-1"]));
  });

  test("an installation without tokens has none that decrypt", () => {
    mysql.query("DELETE FROM gitpod.d_b_token_entry");
    expect(answer([old, current])).toEqual(["0"]);
  });
});
