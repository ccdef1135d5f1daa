import { type TerraformStack, TerraformVariable } from "cdktf";
import { ConnectionPlanner, type ConnectionPlannerProps, GitlabSize } from "../../../lib/gitlab";
import { problemsOf, synthesize } from "../../support/synth";
import { ciOn, mainOn, serverIn, topologyIn } from "./model-fixtures";

const demand = (props: ConnectionPlannerProps) => new ConnectionPlanner(props).demand;

describe("the documented examples", () => {
  const one = { pumaWorkers: 8, sidekiqProcesses: 1 };
  const two = { pumaWorkers: 8, railsNodes: 2, sidekiqProcesses: 4 };
  test.each([
    [286, one],
    [308, { ...one, geoSecondaryNodes: 1 }],
    [696, two],
    [740, { ...two, geoSecondaryNodes: 2 }],
    [696, { ...two, sidekiqProcesses: 1, sidekiqNodes: 4 }],
  ])("%i", (expected, props) => {
    expect(demand(props)).toBe(expected);
  });

  test("a third connection, for sec, adds half as much", () => {
    expect(demand({ ...one, connections: 3 })).toBe(429);
    expect(demand({ ...one, connections: 1 })).toBe(143);
  });

  test("threads, concurrency and headroom count", () => {
    expect(demand({ ...one, pumaThreads: 8 })).toBe(286 + 2 * 8 * 4);
    expect(demand({ ...one, sidekiqConcurrency: 10 })).toBe(286 - 20);
    expect(demand({ ...one, headroom: 0 })).toBe(2 * (8 * 4 + 21));
  });

  test("the largest S needs 1752", () => {
    expect(ConnectionPlanner.ofSize(GitlabSize.S).demand).toBe(1752);
  });
});

test("a size sets the poolers and the vCPUs", () => {
  const planner = ConnectionPlanner.ofSize(GitlabSize.UP_TO_10K);
  expect(planner.demand).toBe(2 * (80 * 14 + 14 * 31));
  expect(planner.pooler).toMatchObject({ nodes: 3, maxClientConn: 2072 });
  expect(ConnectionPlanner.ofSize(GitlabSize.UP_TO_10K, 3, 0).warnings).toEqual([
    "GitLab may open 4662 connections, and 8 vCPU support about 80 (10 for each); use PgBouncer or a larger machine",
  ]);
});

test("a missing required number is refused, not read as 0", () => {
  expect(() => new ConnectionPlanner({ vcpu: 8 } as ConnectionPlannerProps)).toThrow(
    /pumaWorkers must be .* \(got not set\); sidekiqProcesses must be a whole number .* \(got not set\)/,
  );
});

describe("settings and warnings", () => {
  const props = { pumaWorkers: 8, railsNodes: 2, sidekiqProcesses: 4 };

  test("without a pooler the server needs the demand, and at least 400", () => {
    expect(new ConnectionPlanner(props).recommendedMaxConnections).toBe(696);
    expect(new ConnectionPlanner({ pumaWorkers: 2, sidekiqProcesses: 1 }).recommendedMaxConnections).toBe(
      400,
    );
    expect(new ConnectionPlanner(props).pooler).toBeUndefined();
  });

  test("with PgBouncer: twice the demand as clients, the server's connections in its pools", () => {
    const planner = new ConnectionPlanner({ ...props, poolerNodes: 3, maxConnections: 500 });
    expect(planner.recommendedMaxConnections).toBe(400);
    expect(planner.pooler).toEqual({
      nodes: 3,
      maxClientConn: 464,
      defaultPoolSize: 166,
      poolSizePerConnection: 83,
    });
    expect(planner.warnings).toEqual([]);
    // All pools of all nodes fit the server.
    expect(3 * 2 * 83).toBeLessThanOrEqual(500);
  });

  test("more pools than the server has connections", () => {
    const planner = new ConnectionPlanner({ ...props, poolerNodes: 500 });
    expect(planner.pooler).toMatchObject({ defaultPoolSize: 1, poolSizePerConnection: 1 });
    expect(planner.warnings).toEqual([
      "500 PgBouncer nodes have 1000 pools, and max_connections is 400, so some pools get no connection; use fewer nodes or raise max_connections",
    ]);
  });

  test("a warning if the demand exceeds the vCPUs, only without a pooler", () => {
    const vcpu = 8;
    expect(new ConnectionPlanner({ ...props, vcpu }).warnings).toEqual([
      "GitLab may open 696 connections, and 8 vCPU support about 80 (10 for each); use PgBouncer or a larger machine",
    ]);
    expect(new ConnectionPlanner({ ...props, vcpu, poolerNodes: 3 }).warnings).toEqual([]);
    expect(new ConnectionPlanner({ ...props, vcpu: 70 }).warnings).toEqual([]);
    expect(new ConnectionPlanner({ ...props, vcpu: 69 }).warnings).toHaveLength(1);
  });

  test("a warning for a server with too few connections", () => {
    expect(new ConnectionPlanner({ ...props, maxConnections: 695 }).warnings).toEqual([
      "GitLab may open 696 connections, and max_connections is 695; raise it to 696 or use PgBouncer",
    ]);
    expect(new ConnectionPlanner({ ...props, maxConnections: 100, poolerNodes: 1 }).warnings).toEqual([
      "max_connections must be at least 400, as GitLab requires (got 100)",
    ]);
  });

  test("all invalid numbers are reported together", () => {
    expect(
      () =>
        new ConnectionPlanner({ pumaWorkers: -1, sidekiqProcesses: 1.5, connections: 4, vcpu: Number.NaN }),
    ).toThrow(
      /^GITLAB-CONNECTIONS: pumaWorkers must be a whole number from 0 to 100000 \(got -1\); sidekiqProcesses .* \(got 1.5\); connections .* 1 to 3 \(got 4\); vcpu .* \(got NaN\)/,
    );
  });

  test("a token is refused", () => {
    synthesize((stack) => {
      const workers = new TerraformVariable(stack, "workers", {}).numberValue;
      expect(() => new ConnectionPlanner({ pumaWorkers: workers, sidekiqProcesses: 1 })).toThrow(
        "(got not known at synth)",
      );
    });
  });
});

describe("the budget of a topology's servers", () => {
  const planner = () => new ConnectionPlanner({ pumaWorkers: 8, sidekiqProcesses: 1 });

  test("main and ci on one server need the whole demand", () => {
    synthesize((stack) => {
      const server = serverIn(stack);
      planner().addTo(topologyIn(stack, { main: mainOn(server) }), 0);
      expect(server.connectionBudget.needed).toBe(286);
      expect(server.connectionBudget.consumers.map(({ name }) => name)).toEqual([
        "test/topology main (Puma)",
        "test/topology main (Sidekiq)",
        "test/topology ci (Puma)",
        "test/topology ci (Sidekiq)",
      ]);
    });
  });

  test("on two servers each needs its half", () => {
    synthesize((stack) => {
      const [one, two] = [serverIn(stack, "one"), serverIn(stack, "two")];
      const topology = topologyIn(stack, { main: mainOn(one), ci: ciOn(two), allowSeparateCiDatabase: true });
      planner().addTo(topology, 0);
      expect([one, two].map((s) => s.connectionBudget.needed)).toEqual([143, 143]);
    });
  });

  const add = (props: ConnectionPlannerProps, maxConnections: number) => (stack: TerraformStack) => {
    const server = serverIn(stack, "postgres", { maxConnections });
    new ConnectionPlanner(props).addTo(topologyIn(stack, { main: mainOn(server) }), 0);
  };

  test("a server that is too small is refused by its budget", () => {
    const big = { pumaWorkers: 8, railsNodes: 2, sidekiqProcesses: 4 };
    expect(problemsOf(add(big, 500))).toEqual([expect.stringContaining("(got 696)")]);
    expect(problemsOf(add(big, 900))).toEqual([]);
  });

  test("a number of connections that differs from the topology is refused, and warnings are reported at the topology", () => {
    expect(problemsOf(add({ pumaWorkers: 1, sidekiqProcesses: 1, connections: 3 }, 500))).toEqual([
      "[topology] GITLAB-DB-CONNECTIONS: connections must be 2, as configured in the topology: main, ci (got 3)",
    ]);
    expect(
      synthesize(add({ pumaWorkers: 8, sidekiqProcesses: 1, vcpu: 2 }, 500)).warnings.filter(
        ({ path }) => path === "topology",
      ),
    ).toHaveLength(1);
  });
});
