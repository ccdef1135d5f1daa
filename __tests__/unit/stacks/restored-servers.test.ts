/**
 * A restored server takes the old one's place by one property: the server alone changes in the synthesized stack, so passwords, keys, network
 * and parameters stay, and every consumer reads the address of the same resource.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { coderAws, gitlabAws, gitpodAws } from "../../../stacks/inputs/aws";
import { coderAzure, gitlabAzure, gitpodAzure } from "../../../stacks/inputs/azure";
import { coderGoogle, gitlabGoogle, gitpodGoogle } from "../../../stacks/inputs/google";
import type { Json } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "devplatforms-restored-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

type Build = (app: App, others?: Json) => TerraformStack;

const AWS = { sourceResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
const GOOGLE = { instanceName: "restored-20261127" };
const AZURE = { serverName: "restored-20261127" };

const CASES: readonly (readonly [string, Build, string, Json, string])[] = [
  ["coder aws", coderAws, "postgres", AWS, "aws_db_instance"],
  ["gitpod aws", gitpodAws, "mysql", AWS, "aws_db_instance"],
  ["gitlab aws", gitlabAws, "postgres-main", AWS, "aws_db_instance"],
  ["coder google", coderGoogle, "postgres", GOOGLE, "google_sql_database_instance"],
  ["gitpod google", gitpodGoogle, "mysql", GOOGLE, "google_sql_database_instance"],
  ["gitlab google", gitlabGoogle, "postgres-main", GOOGLE, "google_sql_database_instance"],
  ["coder azure", coderAzure, "postgres", AZURE, "azurerm_postgresql_flexible_server"],
  ["gitpod azure", gitpodAzure, "mysql", AZURE, "azurerm_mysql_flexible_server"],
  ["gitlab azure", gitlabAzure, "postgres-main", AZURE, "azurerm_postgresql_flexible_server"],
];

/** Resources by address, without CDKTF's metadata. */
function resourcesOf(build: Build, others?: Json): Map<string, string> {
  const stack = build(new App({ outdir, stackTraces: false }), others);
  const problems = stack.node.findAll().flatMap((construct) => construct.node.validate());
  expect(problems).toEqual([]);
  const { resource } = stack.toTerraform() as Json;
  return new Map(
    Object.entries<Json>(resource).flatMap(([type, byName]) =>
      Object.entries<Json>(byName).map(([name, { "//": _, ...attributes }]): [string, string] => [
        `${type}.${name}`,
        JSON.stringify(attributes),
      ]),
    ),
  );
}

test.each(CASES)("%s: only the server changes", (_, build, server, source, type) => {
  const before = resourcesOf(build);
  const after = resourcesOf(build, { restoredServers: [{ server, ...source }] });
  const changed = [...after]
    .filter(([address, text]) => before.get(address) !== text)
    .map(([address]) => address);
  // On Azure the lock, the private endpoint and the parameters carry the name of the server; the runbook forgets those of the old one. Alerts and
  // the dashboard name it, too, and watch the server of the program, whichever that is.
  const others = changed.filter((address) => !address.startsWith(`${type}.`));
  expect(changed.filter((address) => address.startsWith(`${type}.`))).toHaveLength(1);
  expect(
    others.filter(
      (address) =>
        !/^azurerm_(management_lock|private_endpoint|mysql_flexible_server_configuration)\./.test(address) &&
        !/^azurerm_(monitor_(metric|activity_log)_alert|portal_dashboard)\./.test(address),
    ),
  ).toEqual([]);
  // The random suffix of the name is all that may go.
  const gone = [...before.keys()].filter((address) => !after.has(address));
  expect(gone.filter((address) => !/^random_id\./.test(address))).toEqual([]);
});

test("on AWS the instance is restored, under its name, and keeps what the data brings", () => {
  const after = resourcesOf(coderAws, { restoredServers: [{ server: "postgres", ...AWS }] });
  const server = JSON.parse(
    [...after].find(([address]) => address.startsWith("aws_db_instance."))?.[1] ?? "{}",
  );
  expect(server).toMatchObject({
    identifier: "coder-aws-postgres",
    restore_to_point_in_time: {
      source_dbi_resource_id: AWS.sourceResourceId,
      use_latest_restorable_time: true,
    },
  });
  expect([server.username, server.kms_key_id]).toEqual([undefined, undefined]);
});

test("servers that the stack does not have, and two sources for one, are refused", () => {
  const problems = (restoredServers: Json) => {
    const stack = coderGoogle(new App({ outdir, stackTraces: false }), { restoredServers });
    return stack.node.findAll().flatMap((construct) => construct.node.validate());
  };
  expect(problems([{ server: "mysql", ...GOOGLE }])).toEqual([
    'GOOGLE-RESTORED-SERVERS-SERVER: restoredServers[0].server must be the construct id of a server of the stack: postgres (got "mysql")',
  ]);
  const twice = [
    { server: "postgres", ...GOOGLE },
    { server: "postgres", instanceName: "another" },
  ];
  expect(problems(twice)).toEqual([
    'GOOGLE-RESTORED-SERVERS: restoredServers must have one entry for a server (got "postgres"); remove the others',
  ]);
});
