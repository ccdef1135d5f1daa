/** A server in one stack and an application in another: refused where Terraform would refuse it, possible as the page says. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack, TerraformVariable } from "cdktf";
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
    expect(problems[0]).toContain("fromServerAttributes");
  });

  test("a resource of the server to wait for is refused", () => {
    const { problems } = between(implementation, (stack, server) => {
      const { dependables } = server.database("coder");
      expect(dependables.length).toBeGreaterThan(0);
      new NamespaceV1(stack, "namespace", { metadata: { name: "coder" }, dependsOn: dependables });
    });
    expect(problems).toHaveLength(1);
  });

  test("a server described by its host and certificates, with a password of the other stack, is taken", () => {
    const { problems, json } = between(implementation, (stack, server) => {
      const password = new TerraformVariable(stack, "database_password", { type: "string" });
      const described = DatabaseServer.fromServerAttributes(stack, "postgres", {
        engine: server.engine,
        host: server.endpoint.host,
        port: server.endpoint.port,
        tls: server.tls,
        maxConnections: 400,
      });
      const owner = DatabaseLogin.withPassword("coder", SecretValue.fromVariable(password, 1));
      coder(stack, described.database("coder", { owner }));
    });
    expect(problems).toEqual([]);
    expect(Object.keys(json.data.terraform_remote_state)).toHaveLength(1);
    expect(JSON.stringify(json.resource)).toMatch(/data\.terraform_remote_state\.[\w-]+\.outputs\./);
    expect(json.variable.database_password).toMatchObject({ ephemeral: true });
  });
});
