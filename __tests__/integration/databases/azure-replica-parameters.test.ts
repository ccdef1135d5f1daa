/**
 * The order in which the parameters of a PostgreSQL server on Azure and of its read replica are set, on a real primary with a real hot
 * standby. Names, values and order are read from the synthesized stack; each step restarts one server, as the provider does.
 */
import { PostgresReadReplica, type PostgresReadReplicaProps } from "../../../lib/azure";
import { RECOVERY_PARAMETERS } from "../../../lib/azure/flexible-server/data/parameters";
import { type PostgresVersionTools, postgresVersions } from "../../../tools/machine/postgres";
import { postgres } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { HotStandby } from "../../support/servers/hot-standby";
import { synthesize } from "../../support/synth";

jest.setTimeout(300_000);

const TYPE = "azurerm_postgresql_flexible_server_configuration";

interface Values {
  readonly maxConnections: number;
  readonly parameters: { readonly [name: string]: string };
}

const LOW: Values = {
  maxConnections: 60,
  parameters: {
    max_locks_per_transaction: "64",
    max_prepared_transactions: "0",
    max_wal_senders: "10",
    max_worker_processes: "8",
  },
};
const HIGH: Values = {
  maxConnections: 120,
  parameters: {
    max_locks_per_transaction: "128",
    max_prepared_transactions: "20",
    max_wal_senders: "20",
    max_worker_processes: "16",
  },
};

interface Step {
  readonly server: "primary" | "standby";
  readonly name: string;
  readonly value: string;
}

/** The recovery parameters that a stack of a server and its replica sets, in the order in which Terraform sets them. */
function steps(source: Values, replica: Partial<PostgresReadReplicaProps> = {}): Step[] {
  const { json } = synthesize((stack) => {
    const server = postgres(stack, { maxConnections: source.maxConnections, parameters: source.parameters });
    new PostgresReadReplica(stack, "replica", { source: server, ...replica });
  });
  const resources: { [id: string]: { name: string; value: string; depends_on: string[] } } =
    json.resource[TYPE];
  const sorted: string[] = [];
  const visit = (id: string) => {
    const { depends_on } = resources[id] as { depends_on: string[] };
    for (const other of depends_on) {
      const [type, name] = other.split(".") as [string, string];
      if (type === TYPE) visit(name);
    }
    if (!sorted.includes(id)) sorted.push(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return sorted
    .map((id) => ({ id, ...(resources[id] as { name: string; value: string }) }))
    .filter(({ name }) => RECOVERY_PARAMETERS.includes(name))
    .map(({ id, name, value }) => ({
      server: id.startsWith("replica_") ? "standby" : "primary",
      name,
      value,
    }));
}

/** What differs between two stacks, in the order of the second. */
function changes(before: Step[], after: Step[]): Step[] {
  const same = (one: Step, other: Step) =>
    one.server === other.server && one.name === other.name && one.value === other.value;
  return after.filter((step) => !before.some((other) => same(step, other)));
}

const values = (all: Step[]) =>
  Object.fromEntries(
    all.filter(({ server }) => server === "primary").map(({ name, value }) => [name, value]),
  );

/** The oldest, the newest and one between them. */
function chosen(all: PostgresVersionTools[]): PostgresVersionTools[] {
  const picked = new Set([all[0], all[Math.floor(all.length / 2)], all.at(-1)]);
  return [...picked].filter((each) => each !== undefined);
}

test("all recovery parameters are set on both servers, the replica's first", () => {
  const found = changes(steps(LOW), steps(HIGH));
  expect(found.map(({ server }) => server)).toEqual([
    ...RECOVERY_PARAMETERS.map(() => "standby"),
    ...RECOVERY_PARAMETERS.map(() => "primary"),
  ]);
  for (const server of ["standby", "primary"]) {
    const names = found.filter((step) => step.server === server).map(({ name }) => name);
    expect(names.sort()).toEqual([...RECOVERY_PARAMETERS].sort());
  }
});

describeWith("a primary and its hot standby", postgresVersions, (versions) => {
  describe.each(chosen(versions).map((each) => [each.version, each.tools] as const))(
    "of PostgreSQL %i",
    (_, tools) => {
      let pair: HotStandby;
      const set = async ({ server, name, value }: Step) => {
        await pair[server].restartWith(name, value);
        await pair[server].ready();
      };

      beforeEach(async () => {
        pair = await HotStandby.start(tools, values(steps(LOW)));
        expect(await pair.replicates(30)).toBe(true);
      });
      afterEach(() => pair?.stop());

      test("go on replicating after each step of an apply that raises all parameters", async () => {
        for (const step of changes(steps(LOW), steps(HIGH))) {
          await set(step);
          expect([step, await pair.replicates(30)]).toEqual([step, true]);
        }
        expect(pair.standby.log).not.toContain("insufficient parameter settings");
      });

      test("stop replicating after each parameter that is raised on the primary first, until the standby has it", async () => {
        for (const { name, value } of changes(steps(LOW), steps(HIGH)).filter(
          (s) => s.server === "primary",
        )) {
          await set({ server: "primary", name, value });
          // PostgreSQL 13 shuts the standby down, later versions pause its recovery.
          const refused = new RegExp(`${name} = \\d+ is a lower setting`);
          expect([name, await pair.standby.logs(refused, 60)]).toEqual([name, true]);
          expect([name, await pair.replicates(1)]).toEqual([name, false]);
          await set({ server: "standby", name, value });
          expect([name, await pair.replicates(30)]).toEqual([name, true]);
        }
      });

      test("go on replicating where the source is lowered first and then the replica, as the property says", async () => {
        for (const step of changes(steps(LOW), steps(HIGH))) await set(step);
        // Run 1: the old values on the replica, the lower ones on the source. Run 2: nothing more on the replica.
        const kept = steps(LOW, { maxConnections: HIGH.maxConnections, parameters: HIGH.parameters });
        const down = changes(steps(HIGH), kept);
        expect(new Set(down.map(({ server }) => server))).toEqual(new Set(["primary"]));
        for (const step of down) await set(step);
        expect(await pair.replicates(30)).toBe(true);
        for (const step of changes(kept, steps(LOW))) {
          expect(step.server).toBe("standby");
          await set(step);
        }
        expect(await pair.replicates(30)).toBe(true);
      });

      test("the standby does not start with a lower value than the primary's", async () => {
        await pair.standby.restartWith("max_connections", "30");
        await expect(pair.standby.ready()).rejects.toThrow(/max_connections = 30 is a lower setting/);
      });
    },
  );
});
