// That parsers of URLs read back what went in, also when Terraform encodes it, is shown in __tests__/terraform.
import { TerraformOutput, TerraformVariable } from "cdktf";
import {
  type ConnectionUrlOptions,
  connectionUrl,
  connectionUrlWithPassword,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  LoginAuthentication,
  MysqlVersion,
  PostgresVersion,
  percentEncoded,
  SecretValue,
  SslMode,
} from "../../../lib/database";
import { synthesize } from "../../support/synth";

const secret = SecretValue.fromEphemeral("${ephemeral.random_password.db.result}", { version: 3 });
const FULL = { sslMode: SslMode.VERIFY_FULL };

interface Case extends Partial<DatabaseServerAttributes> {
  readonly database?: string;
  readonly owner?: DatabaseLogin;
}

/** What `url` gives for the database, as it stands in the synthesized JSON. */
function rendered(url: (database: IDatabase) => string, of: Case = {}): string {
  const { database = "coder", owner = DatabaseLogin.withPassword("coder", secret), ...props } = of;
  const { json } = synthesize((stack) => {
    const server = DatabaseServer.fromServerAttributes(stack, "db", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "db.example.com",
      acceptsCloudIdentity: true,
      ...props,
    });
    new TerraformOutput(stack, "url", { value: url(server.database(database, { owner })) });
  });
  return json.output.url.value;
}
const plain = (options: ConnectionUrlOptions, of?: Case) => rendered((d) => connectionUrl(d, options), of);
const withPassword = (options: ConnectionUrlOptions, of?: Case) =>
  rendered((d) => connectionUrlWithPassword(d, options).writeOnly(), of);

describe("connectionUrl", () => {
  test("always has port and sslmode, and never the password", () => {
    expect(plain(FULL)).toBe("postgres://coder@db.example.com:5432/coder?sslmode=verify-full");
    expect(plain({ sslMode: SslMode.VERIFY_CA }, { port: 6432 })).toBe(
      "postgres://coder@db.example.com:6432/coder?sslmode=verify-ca",
    );
  });

  test("writes files readably and schemas safely", () => {
    expect(
      plain({
        sslMode: SslMode.VERIFY_FULL,
        sslRootCert: "/etc/ssl/certs/rds ca.crt",
        sslCert: "/a/tls.crt",
        sslKey: "/a/tls.key",
        searchPath: "my,schema",
      }),
    ).toBe(
      "postgres://coder@db.example.com:5432/coder?sslmode=verify-full&sslrootcert=/etc/ssl/certs/rds%20ca.crt" +
        "&sslcert=/a/tls.crt&sslkey=/a/tls.key&search_path=my%2Cschema",
    );
  });

  test("encodes the user, which may be an address", () => {
    const owner = DatabaseLogin.withCloudIdentity("coder@my-project.iam");
    expect(plain(FULL, { owner })).toMatch("postgres://coder%40my-project.iam@db.example.com:5432/");
    expect(owner.authentication).toBe(LoginAuthentication.CLOUD_IDENTITY);
  });

  test("puts an IPv6 address into brackets", () => {
    expect(plain(FULL, { host: "2001:db8::1" })).toMatch("@[2001:db8::1]:5432/");
  });

  test("leaves what only Terraform knows to Terraform", () => {
    const { json } = synthesize((stack) => {
      const v = (name: string) => new TerraformVariable(stack, name, {});
      const server = DatabaseServer.fromServerAttributes(stack, "db", {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: v("host").stringValue,
        port: v("port").numberValue,
      });
      const owner = DatabaseLogin.withPassword(v("user").stringValue, secret);
      const options = { ...FULL, sslRootCert: v("file").stringValue, searchPath: "${var.schema}" };
      const database = server.database("coder", { owner });
      new TerraformOutput(stack, "url", { value: connectionUrl(database, options) });
    });
    const encoded = (name: string) => `\${replace(urlencode(var.${name}), "+", "%20")}`;
    expect(json.output.url.value).toBe(
      `postgres://${encoded("user")}@\${var.host}:\${var.port}/coder` +
        `?sslmode=verify-full&sslrootcert=${encoded("file")}&search_path=${encoded("schema")}`,
    );
  });

  test("has MySQL's own names for TLS", () => {
    const engine = DatabaseEngine.mysql(MysqlVersion.V8_4);
    expect(plain({ ...FULL, sslRootCert: "/etc/ca.pem", sslCert: "/a", sslKey: "/b" }, { engine })).toBe(
      "mysql://coder@db.example.com:3306/coder?ssl-mode=VERIFY_IDENTITY&ssl-ca=%2Fetc%2Fca.pem&ssl-cert=%2Fa&ssl-key=%2Fb",
    );
    const modes = Object.values(SslMode).map((sslMode) => plain({ sslMode }, { engine }).split("=")[1]);
    expect(modes).toEqual(["DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"]);
    expect(() => plain({ ...FULL, searchPath: "x" }, { engine })).toThrow(
      "[test/db/Database-coder] DB-SEARCH-PATH: searchPath must be left out for MySQL",
    );
  });
});

describe("connectionUrlWithPassword", () => {
  test("encodes the password by Terraform, without white space at its ends", () => {
    expect(withPassword(FULL)).toBe(
      'postgres://coder:${replace(urlencode(trimspace(ephemeral.random_password.db.result)), "+", "%20")}' +
        "@db.example.com:5432/coder?sslmode=verify-full",
    );
  });

  test("is a secret with the password's version and dependencies", () => {
    synthesize((stack) => {
      const first = new TerraformVariable(stack, "first", {});
      const password = SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 3, dependables: [first] });
      const server = DatabaseServer.fromServerAttributes(stack, "db", {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: "db.example.com",
      });
      const database = server.database("coder", { owner: DatabaseLogin.withPassword("coder", password) });
      const url = connectionUrlWithPassword(database, FULL);
      expect(url.version).toBe(3);
      expect(url.dependables).toEqual([first]);
      expect(() => `${url}`).toThrow("a secret must not be part of a text");
      expect(JSON.stringify(url)).toBe('"(secret, version 3)"');
    });
  });

  test("needs a password", () => {
    const owner = DatabaseLogin.withCloudIdentity("coder");
    expect(() => withPassword(FULL, { owner })).toThrow(
      "[test/db/Database-coder] DB-OWNER: owner must have a password",
    );
  });
});

describe("percentEncoded", () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

  test("leaves nothing that means something in a URL", () => {
    expect(percentEncoded(printable)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$/);
    expect(decodeURIComponent(percentEncoded(printable))).toBe(printable);
  });

  test.each([
    ["a b+c", "a%20b%2Bc"],
    ["#%?/[]@", "%23%25%3F%2F%5B%5D%40"],
    ["!'()*", "%21%27%28%29%2A"],
    ["äß€", "%C3%A4%C3%9F%E2%82%AC"],
    ["", ""],
  ])("%p is %p", (text, encoded) => {
    expect(percentEncoded(text)).toBe(encoded);
  });
});
