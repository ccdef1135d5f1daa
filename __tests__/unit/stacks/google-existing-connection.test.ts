/** The lines that the pages of the Google stacks give for `stacks/main.ts`: a VPC network that has its connection already. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { coderGoogle, gitlabGoogle, gitpodGoogle } from "../../../stacks/inputs/google";

interface Attributes {
  readonly count?: unknown;
  readonly settings?: { readonly ip_configuration: unknown };
}

const NETWORK = "projects/platform/global/networks/main";

describe.each<[string, (app: App, others: object) => TerraformStack]>([
  ["coder", coderGoogle],
  ["gitlab", gitlabGoogle],
  ["gitpod", gitpodGoogle],
])("the deployable %s stack on Google Cloud", (name, build) => {
  const resources = (others: object) =>
    JSON.parse(JSON.stringify(build(new App({ stackTraces: false }), others).toTerraform().resource));

  test("uses the existing private services access connection of the program, and creates none", () => {
    const found = resources({ databaseNetwork: { networkId: NETWORK, allocatedRangeName: "google" } });
    expect(Object.keys(found)).not.toContain("google_service_networking_connection");
    expect(Object.keys(found)).not.toContain("google_compute_global_address");
    for (const server of Object.values<Attributes>(found.google_sql_database_instance)) {
      expect(server.settings?.ip_configuration).toMatchObject({
        private_network: NETWORK,
        allocated_ip_range: "google",
      });
    }
  });

  test("creates the connection otherwise, at an address without an index", () => {
    const found = resources({});
    const [connection] = Object.values<Attributes>(found.google_service_networking_connection);
    expect(connection).toBeDefined();
    expect(connection?.count).toBeUndefined();
  });

  test("has these lines on its page, for the line that main.ts has", () => {
    const read = (...path: string[]) => readFileSync(join(__dirname, "../../..", ...path), "utf8");
    const removed = read("docs", `${name}-google.md`).match(/^ {2}- {2}(\[".*)$/m)?.[1];
    expect(removed).toContain(`${name}Google`);
    expect(read("stacks", "main.ts")).toContain(removed);
  });
});
