/** A server in one stack and an application in another: refused where Terraform would refuse it, possible as the page says. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { StoredSecret as AwsSecret } from "../../../lib/aws";
import { StoredSecret as AzureSecret } from "../../../lib/azure";
import { CoderRelease } from "../../../lib/coder";
import {
  Cloud,
  DatabaseLogin,
  DatabaseServer,
  EngineFamily,
  type IDatabase,
  type IDatabaseServer,
  SecretValue,
} from "../../../lib/database";
import { StoredSecret as GoogleSecret } from "../../../lib/google";
import type { Json } from "../../support/synth";
import { IMPLEMENTATIONS } from "../conformance/implementations";

const POSTGRES = IMPLEMENTATIONS.filter(
  ({ family, cloud }) => family === EngineFamily.POSTGRES && cloud !== Cloud.SELF_MANAGED,
).map((each) => [each.label, each] as const);

function coder(stack: TerraformStack, database: IDatabase): void {
  new CoderRelease(stack, "coder", {
    database,
    accessUrl: "https://coder.example.com",
    chartVersion: "2.33.6",
  });
}

/** The Secret with the URL of the database. */
const urlSecret = (json: Json): Json =>
  Object.entries(json.resource.kubernetes_secret_v1).find(([name]) =>
    name.startsWith("coder_DatabaseSecret"),
  )?.[1];
/** The password's part of the version of a Secret, before the URL: that of the other stack, so that a rotation there is followed. */
const versionIn = (secret: Json): string => secret.data_wo_revision.split("postgres://")[0];

type Reader = Pick<typeof AwsSecret, "login">;
const READERS = new Map<Cloud, Reader>([
  [Cloud.AWS, AwsSecret],
  [Cloud.AZURE, AzureSecret],
  [Cloud.GOOGLE, GoogleSecret],
]);

/** Prepares a stack with a server and one that uses it, as an app does, and returns what is said of references. */
function between(
  implementation: (typeof IMPLEMENTATIONS)[number],
  use: (stack: TerraformStack, server: IDatabaseServer) => void,
): { problems: string[]; json: Json } {
  const app = new App({ stackTraces: false, context: { "cdktf-devplatforms/today": "2026-11-22" } });
  const data = new TerraformStack(app, "data");
  const apps = new TerraformStack(app, "apps");
  const server = implementation.build(data, {});
  server.database("coder");
  use(apps, server);
  for (const stack of [data, apps]) stack.prepareStack();
  const problems = data.node
    .findAll()
    .flatMap((each) => each.node.validate())
    .filter((message) => message.startsWith("STACK-REFERENCES"));
  return { problems, json: JSON.parse(JSON.stringify(apps.toTerraform())) };
}

describe.each(POSTGRES)("%s", (_, implementation) => {
  test("a password and whole resources of another stack are refused, all in one message with the way out", () => {
    const { problems } = between(implementation, (stack, server) => coder(stack, server.database("coder")));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^STACK-REFERENCES: references of other stacks must be attributes of resources/,
    );
    expect(problems[0]).toMatch(/got ".*\b(ephemeral\.|[a-z_]+\.[\w-]+[,"])/);
    expect(problems[0]).toContain("DatabaseServer.fromServer");
  });

  test("a resource of the server to wait for is refused", () => {
    const { problems } = between(implementation, (stack, server) => {
      const { dependables } = server.database("coder");
      expect(dependables.length).toBeGreaterThan(0);
      new NamespaceV1(stack, "namespace", { metadata: { name: "coder" }, dependsOn: dependables });
    });
    expect(problems).toHaveLength(1);
  });

  const reader = READERS.get(implementation.cloud) as Reader;
  const described = (stack: TerraformStack, server: IDatabaseServer) => {
    const adminLogin = server.adminLogin && reader.login(stack, "admin", server.adminLogin);
    const copy = DatabaseServer.fromServer(stack, "postgres", server, { adminLogin });
    return { copy, owner: reader.login(stack, "owner", server.database("coder").owner) };
  };

  test("a server described by fromServer, with passwords of the secret store, is taken", () => {
    const { problems, json } = between(implementation, (stack, server) => {
      const { copy, owner } = described(stack, server);
      coder(stack, copy.database("coder", { owner }));
    });
    expect(problems).toEqual([]);
    expect(Object.keys(json.data.terraform_remote_state)).toHaveLength(1);
    const secrets = Object.values(Object.values(json.ephemeral)[0] as object);
    expect(secrets).toHaveLength(2);
    expect(JSON.stringify(secrets[0])).toMatch(/data\.terraform_remote_state\.[\w-]+\.outputs\./);
    const url = urlSecret(json);
    expect(versionIn(url)).toMatch(/data\.terraform_remote_state\.[\w-]+\.outputs\./);
    expect(url.depends_on.join()).toContain("kubernetes_job_v1.coder_DatabaseSetup");
  });

  test("the description keeps what the contract says of the server, and counts connections with it", () => {
    between(implementation, (stack, server) => {
      const { copy } = described(stack, server);
      const { endpoint, tls, engine, location, reservedNames, sqlRules, acceptsCloudIdentity } = server;
      expect(copy).toMatchObject({
        endpoint,
        tls,
        engine,
        location,
        reservedNames,
        sqlRules,
        acceptsCloudIdentity,
      });
      expect(copy.connectionBudget).toBe(server.connectionBudget);
      expect(copy.dependables).toEqual([]);
    });
  });

  test("a login whose password no store has cannot be read", () => {
    between(implementation, (stack) => {
      const login = DatabaseLogin.withPassword(
        "coder",
        SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 1 }),
      );
      expect(() => reader.login(stack, "owner", login)).toThrow(
        /^\[apps\/owner\] [A-Z-]+-LOGIN: login must have a password that the library generated and stored/,
      );
      expect(() => reader.login(stack, "owner", DatabaseLogin.withCloudIdentity("coder"))).toThrow(
        /got a login without a password/,
      );
    });
  });

  test("a password from a variable follows the version of the other stack", () => {
    const { problems, json } = between(implementation, (stack, server) => {
      const password = new TerraformVariable(stack, "database_password", { type: "string" });
      const { owner } = server.database("coder");
      const secret = SecretValue.fromVariable(password, owner.password?.store?.version as number);
      const copy = DatabaseServer.fromServer(stack, "postgres", server);
      coder(stack, copy.database("coder", { owner: DatabaseLogin.withPassword("coder", secret) }));
    });
    expect(problems).toEqual([]);
    expect(json.variable.database_password).toMatchObject({ ephemeral: true });
    expect(versionIn(urlSecret(json))).toMatch(/data\.terraform_remote_state\.[\w-]+\.outputs\./);
  });
});
