/** Pool sizes of the stacks by size of the installation: enough for the machine, and at most the server's connections. */
import { App, Testing } from "cdktf";
import { GitlabSize } from "../../../lib/gitlab";
import { GitlabLayout } from "../../../stacks/gitlab-stack";
import { gitlabAws } from "../../../stacks/inputs/aws";
import type { Json } from "../../support/synth";

/** The pools of one server, the server's `max_connections`, and PgBouncer's memory in MiB. */
function pooler(size: GitlabSize, layout: GitlabLayout) {
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  const { resource } = gitlabAws(app, { size, layout }).toTerraform() as Json;
  const [group] = Object.values<Json>(resource.aws_db_parameter_group);
  const texts = Object.values<Json>(resource.kubernetes_config_map_v1).map(
    ({ data }) => data["pgbouncer.ini"],
  );
  const ini: string = texts.find((text) => text !== undefined);
  const [deployment] = Object.values<Json>(resource.kubernetes_deployment_v1);
  const [container] = deployment.spec.template.spec.container;
  return {
    pools: [...ini.matchAll(/ pool_size=(\d+)/g)].reduce((sum, [, each]) => sum + Number(each), 0),
    replicas: Number(deployment.spec.replicas),
    clients: Number(/max_client_conn = (\d+)/.exec(ini)?.[1]),
    memory: Number.parseInt(container.resources.limits.memory, 10),
    maximum: Number(group.parameter.find(({ name }: Json) => name === "max_connections").value),
  };
}

test.each(["S", "M", "L", "XL", "5k", "10k", "25k", "50k"])(
  "%s: concurrent connections follow the vCPUs",
  (name) => {
    const size = GitlabSize.of(name);
    const { vcpu } = size.database;
    const { pools, replicas, maximum } = pooler(size, GitlabLayout.ONE_SERVER);
    // GitLab: 2 to 10 connections for each vCPU.
    expect(pools * replicas).toBeGreaterThanOrEqual(6 * vcpu);
    expect(pools * 2 * replicas).toBeLessThan(maximum);
  },
);

test("the smallest size keeps GitLab's minimum", () => {
  expect(pooler(GitlabSize.S, GitlabLayout.ONE_SERVER)).toMatchObject({ maximum: 400, memory: 256 });
});

test("PgBouncer has memory for all clients in one pod", () => {
  for (const layout of [GitlabLayout.ONE_SERVER, GitlabLayout.THREE_SERVERS]) {
    const { clients, memory } = pooler(GitlabSize.XL, layout);
    // 15 KiB for each were measured; a third of the clients is margin.
    expect(memory * 1024).toBeGreaterThan(clients * 0.64 * 20);
  }
});
