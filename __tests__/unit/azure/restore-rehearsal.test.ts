import { PostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AksWorkloadIdentity,
  DatabaseNetwork,
  DelegatedDatabaseNetwork,
  PostgresReadReplica,
} from "../../../lib/azure";
import {
  FlexibleServerRestoreRehearsal,
  type FlexibleServerRestoreRehearsalProps,
} from "../../../lib/azure/aks";
import { EngineFamily, type IDatabase, SecretValue } from "../../../lib/database";
import { RehearsalCheck } from "../../../lib/recovery";
import { RoleEvaluation } from "../../support/azure/role-evaluation";
import { azureId, azureNetwork, mysql, NETWORK_ID, postgres, SUBSCRIPTION } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";

const PRINCIPAL = "11111111-1111-1111-1111-111111111111";
const NEWEST = "SELECT extract(epoch FROM max(created_at)) FROM audit_logs";

const rehearsals = (stack: TerraformStack, location = "westeurope") =>
  DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "rehearsals", {
    resourceGroupName: "network",
    location,
    subnetId: azureId("Microsoft.Network/virtualNetworks", "hub/subnets/rehearsals"),
    privateDnsZoneIds: {},
  });
const identity = (stack: TerraformStack) =>
  AksWorkloadIdentity.fromIdentityAttributes(stack, "identity", {
    namespace: "rehearsals",
    serviceAccountName: "coder",
    clientId: "client",
    principalId: PRINCIPAL,
  });

/** The smallest rehearsal, with whatever a test changes. */
function rehearse(
  change: (
    stack: TerraformStack,
    database: IDatabase,
  ) => Partial<FlexibleServerRestoreRehearsalProps> = () => ({}),
  make: (stack: TerraformStack) => ReturnType<typeof postgres> | ReturnType<typeof mysql> = (stack) =>
    postgres(stack),
) {
  return (stack: TerraformStack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    const server = make(stack);
    const database = server.database("coder");
    new FlexibleServerRestoreRehearsal(stack, "rehearsal", {
      server,
      network: rehearsals(stack),
      identity: identity(stack),
      rehearsalName: "coder",
      resourceGroupName: "rehearsals",
      checks: [RehearsalCheck.newestRow(database, NEWEST, 1)],
      ...change(stack, database),
    });
  };
}

/** The stack's rights, with the ids that Azure would give. */
function rightsOf(build: (stack: TerraformStack) => void) {
  const { json } = synthesize(build);
  const first = (type: string) => `\${${type}.${Object.keys(json.resource[type])[0]}.id}`;
  const type = json.resource.azurerm_postgresql_flexible_server
    ? "azurerm_postgresql_flexible_server"
    : "azurerm_mysql_flexible_server";
  const provider = type.includes("postgresql") ? "Microsoft.DBforPostgreSQL" : "Microsoft.DBforMySQL";
  const source = `${SUBSCRIPTION}/resourceGroups/platform/providers/${provider}/flexibleServers/coder`;
  const group = `${SUBSCRIPTION}/resourceGroups/rehearsals`;
  const rights = new RoleEvaluation(json, PRINCIPAL, {
    [first(type)]: source,
    [first("azurerm_resource_group")]: group,
  });
  return { rights, source, group, provider };
}

describe("FlexibleServerRestoreRehearsal", () => {
  test.each([
    ["PostgreSQL", (stack: TerraformStack) => postgres(stack)],
    ["MySQL", (stack: TerraformStack) => mysql(stack)],
  ])(
    "%s: the identity reads the source, and can write and delete in the group of the copies only",
    (_, make) => {
      const { rights, source, group, provider } = rightsOf(rehearse(undefined, make));
      const servers = `${provider}/flexibleServers`;
      const copy = `${group}/providers/${servers}/coder-rehearsal-20261127t053000z`;
      const outcome = (id: string) =>
        Object.fromEntries(
          ["read", "write", "delete"].map((verb) => [verb, rights.allows(`${servers}/${verb}`, id)]),
        );
      expect(outcome(source)).toEqual({ read: true, write: false, delete: false });
      expect(outcome(copy)).toEqual({ read: true, write: true, delete: true });
      // A group whose name only begins like that of the copies, and the server's own group.
      for (const other of [`${group}-2`, `${SUBSCRIPTION}/resourceGroups/platform`, SUBSCRIPTION]) {
        const id = `${other}/providers/${servers}/other`;
        expect(outcome(id)).toEqual({ read: false, write: false, delete: false });
        expect(rights.allows("Microsoft.Resources/subscriptions/resourceGroups/delete", other)).toBe(false);
      }
      for (const action of [
        "stop/action",
        "firewallRules/write",
        "databases/delete",
        "backups/delete",
        "configurations/write",
      ]) {
        expect([action, rights.allows(`${servers}/${action}`, source)]).toEqual([action, false]);
      }
      expect(rights.allows("Microsoft.Resources/subscriptions/resourceGroups/delete", group)).toBe(false);
      expect(rights.allows("Microsoft.Authorization/roleAssignments/write", source)).toBe(false);
      expect(rights.actions().filter((action) => action.includes("*"))).toEqual([]);
    },
  );

  test("the evaluation of rights finds a wildcard and a scope above the source", () => {
    const json = (scope: string, permissions: object) => ({
      resource: {
        azurerm_role_definition: { wide: { permissions: [permissions] } },
        azurerm_role_assignment: {
          wide: {
            scope,
            principal_id: PRINCIPAL,
            role_definition_id: "${azurerm_role_definition.wide.role_definition_resource_id}",
          },
        },
      },
    });
    const source = `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.DBforPostgreSQL/flexibleServers/coder`;
    const action = "Microsoft.DBforPostgreSQL/flexibleServers/delete";
    const allows = (scope: string, permissions: object) =>
      new RoleEvaluation(json(scope, permissions), PRINCIPAL).allows(action, source);
    expect(allows(SUBSCRIPTION, { actions: ["microsoft.dbforpostgresql/*"] })).toBe(true);
    expect(
      allows(SUBSCRIPTION.toUpperCase().replace("SUBSCRIPTIONS", "subscriptions"), { actions: ["*"] }),
    ).toBe(true);
    expect(allows(SUBSCRIPTION, { actions: ["*"], not_actions: ["*/delete"] })).toBe(false);
    expect(allows(`${SUBSCRIPTION}/resourceGroups/plat`, { actions: ["*"] })).toBe(false);
  });

  test("the pod has the identity in one container, and no login of the source", () => {
    const { json, resources } = synthesize(rehearse());
    const [job, watch] = resources("kubernetes_cron_job_v1");
    expect([job.metadata.name, watch.metadata.name]).toEqual(["coder-rehearsal", "coder-rehearsal-watch"]);
    const { metadata, spec } = job.spec.job_template.spec.template;
    expect(metadata.labels["azure.workload.identity/use"]).toBe("true");
    expect(metadata.annotations["azure.workload.identity/skip-containers"]).toBe("sql");
    expect(spec.container.map(({ name, image }: { name: string; image: string }) => [name, image])).toEqual([
      ["azure", "mcr.microsoft.com/azure-cli:2.91.0"],
      ["sql", "docker.io/library/postgres:17.11-alpine3.24"],
    ]);
    expect(job.spec).toMatchObject({ concurrency_policy: "Forbid", schedule: "30 5 * * 0" });
    expect(job.spec.job_template.spec.backoff_limit).toBe(0);
    expect(json.resource.kubernetes_secret_v1).toBeUndefined();
    expect(JSON.stringify(spec)).not.toMatch(/secret_key_ref|postgres\.database\.azure\.com/);
    expect(resources("kubernetes_network_policy_v1")[0].spec).toMatchObject({
      policy_types: ["Ingress", "Egress"],
    });
    expect(resources("kubernetes_network_policy_v1")[0].spec.ingress).toBeUndefined();
    const [group] = resources("azurerm_resource_group");
    expect(group).toMatchObject({
      name: "rehearsals",
      location: "westeurope",
      lifecycle: { ignore_changes: ["tags"] },
    });
  });

  test("a secret that a check uses is mounted into the container with the client only", () => {
    const { resources } = synthesize(
      rehearse((stack, database) => ({
        checks: [
          RehearsalCheck.isTrue("key", database, "SELECT true", {
            secret: SecretValue.fromVariable(new TerraformVariable(stack, "key", { type: "string" }), 1),
          }),
        ],
      })),
    );
    const { container } = resources("kubernetes_cron_job_v1")[0].spec.job_template.spec.template.spec;
    const mounts = container.map((each: { volume_mount: { name: string }[] }) =>
      each.volume_mount.map(({ name }) => name),
    );
    expect(mounts).toEqual([
      ["scripts", "exchange", "tmp-azure"],
      ["scripts", "exchange", "tmp-sql", "secrets"],
    ]);
  });

  test("a group that is known at apply only is compared by a precondition", () => {
    const { resource } = synthesize(
      rehearse(
        () => ({}),
        (stack) =>
          postgres(stack, {
            resourceGroupName: new TerraformVariable(stack, "group", { type: "string" }).stringValue,
          }),
      ),
    );
    expect(resource("azurerm_resource_group").lifecycle.precondition).toEqual([
      {
        condition: '${(lower("rehearsals") != lower(var.group))}',
        error_message: expect.stringContaining("must not be"),
      },
    ]);
  });

  test("copies in the subnet of the source are recorded as an opt-out", () => {
    const { infos } = synthesize((stack) => {
      const network = azureNetwork(stack);
      rehearse(
        () => ({ network }),
        (of) => postgres(of, { network }),
      )(stack);
    });
    expect(infos.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        "opt-out: AZURE-REHEARSAL-NETWORK: network: the copies are in the subnet of the source",
      ),
    );
  });

  test.each<
    [string, (stack: TerraformStack, database: IDatabase) => Partial<FlexibleServerRestoreRehearsalProps>]
  >([
    [
      "resourceGroupName must be another resource group than that of the source",
      () => ({ resourceGroupName: "Platform" }),
    ],
    ["schedule must", () => ({ schedule: "61 * * * *" })],
    ["alertAfterDays must be more than 7 days", () => ({ alertAfterDays: 3 })],
    ["rehearsalName must be 2 to 36", () => ({ rehearsalName: "Coder" })],
    ["restorePointMinutes must be a whole number from 1", () => ({ restorePointMinutes: 0 })],
    ["deadlineMinutes must be a whole number from 60", () => ({ deadlineMinutes: 5 })],
    ["clientImage must be an image with an exact tag", () => ({ clientImage: "postgres:latest" })],
    ["azureCliImage must be an image with an exact tag", () => ({ azureCliImage: "azure-cli" })],
    ["checks must have at least one entry", () => ({ checks: [] })],
    ["checks.maxAgeHours must be more than 90 minutes", () => ({ restorePointMinutes: 90 })],
    [
      "network must be a network in westeurope",
      (stack) => ({
        network: DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "other", {
          resourceGroupName: "network",
          location: "northeurope",
          subnetId: azureId("Microsoft.Network/virtualNetworks", "n/subnets/r"),
          privateDnsZoneIds: {},
        }),
      }),
    ],
    [
      "network must be a DatabaseNetwork",
      (stack) => ({
        network: DelegatedDatabaseNetwork.fromDelegatedDatabaseNetworkAttributes(stack, "delegated", {
          family: EngineFamily.POSTGRES,
          resourceGroupName: "network",
          location: "westeurope",
          subnetId: `${NETWORK_ID}/subnets/r`,
          privateDnsZoneId: azureId("Microsoft.Network/privateDnsZones", "r.postgres.database.azure.com"),
        }),
      }),
    ],
    [
      "checks.database must be a database of the server",
      (stack) => ({
        checks: [
          RehearsalCheck.newestRow(
            mysql(stack, { network: rehearsalsOf(stack) }).database("other"),
            NEWEST,
            1,
          ),
        ],
      }),
    ],
  ])("refused: %s", (message, change) => {
    expect(problemsOf(rehearse(change))).toContainEqual(expect.stringContaining(message));
  });

  test("a read replica and a server without passwords are refused, with all other mistakes at once", () => {
    const found = problemsOf((stack) => {
      const source = postgres(stack);
      rehearse(
        (_, database) => ({
          server: new PostgresReadReplica(stack, "replica", { source }),
          schedule: "never",
          checks: [RehearsalCheck.newestRow(database, NEWEST, 1)],
        }),
        () => source,
      )(stack);
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining("server must not be a read replica"),
        expect.stringContaining("schedule must"),
      ]),
    );
    const entra = { objectId: PRINCIPAL, principalName: "admins" };
    const build = rehearse(undefined, (stack) =>
      postgres(stack, { passwordAuthentication: false, entraAdministrator: entra }),
    );
    expect(problemsOf(build)).toContainEqual(
      expect.stringContaining("server must have password authentication"),
    );
  });
});

function rehearsalsOf(stack: TerraformStack) {
  return azureNetwork(stack, "other-network", "others");
}

test.each([postgres, mysql])(
  "the rehearsal names a mechanism of the server, and the command of its results",
  (make) => {
    synthesize((stack) => {
      rehearse(() => ({}), make)(stack);
      const made = stack.node.findChild("rehearsal") as FlexibleServerRestoreRehearsal;
      const { mechanisms, longestGapMinutes, resultCommands } = made.rehearsal();
      const [server] = stack.node.findAll().filter((each) => "protections" in each && "engine" in each);
      const protections = (server as ReturnType<typeof postgres>).protections ?? [];
      expect(protections.map(({ mechanism }) => mechanism)).toEqual(expect.arrayContaining([...mechanisms]));
      expect(longestGapMinutes).toBe(7 * 1440);
      expect(resultCommands).toEqual([
        expect.stringMatching(/^az group show --name ".+" --query tags --output json$/),
      ]);
    });
  },
);

test("a group with other servers of the program is refused: the rehearsal may delete in it", () => {
  const problems = problemsOf((stack) => {
    rehearse()(stack);
    new PostgresqlFlexibleServer(stack, "other", {
      name: "other",
      location: "westeurope",
      resourceGroupName: "Rehearsals",
    });
  });
  expect(problems).toEqual([
    expect.stringMatching(
      /resourceGroupName must be another resource group than that of test\/other: the rehearsal may delete in its group \(got "rehearsals"\)/,
    ),
  ]);
});

test("its alerts name the CronJobs of the stack, and wait for the first success as long as the watch does", () => {
  const build = rehearse(() => ({ alertAfterDays: 10 }));
  const { resources, stack } = synthesize(build);
  const made = stack.node.findChild("rehearsal") as FlexibleServerRestoreRehearsal;
  const { alerts } = made.metrics();
  const names = resources("kubernetes_cron_job_v1").map(({ metadata }) => metadata.name);
  expect(names).toContain("coder-rehearsal-watch");
  for (const { expression } of alerts) {
    expect(expression).toContain('{namespace="rehearsals",cronjob="coder-rehearsal-watch"}');
  }
  const never = alerts.find(({ name }) => name === "RestoreRehearsalNever");
  expect(never?.expression).toContain(`> ${10 * 86_400 + 13 * 3600})`);
});
