/** Servers of each cloud: their checks accept GitLab's settings, and GitLab's checks accept the servers. */
import type { TerraformStack } from "cdktf";
import { Cloud, type IDatabaseServer, type MachineSize } from "../../../lib/database";
import { GitlabObjects, GitlabServerSettings, GitlabSize } from "../../../lib/gitlab";
import { CloudSqlAdminLogin } from "../../../lib/google";
import { postgres as azureServer } from "../../support/azure-stack";
import { RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize } from "../../support/synth";
import { server as awsServer } from "../aws/fixture";
import { server as googleServer } from "../google/fixture";
import { topologyIn } from "./model-fixtures";

type Make = (
  stack: TerraformStack,
  settings: GitlabServerSettings | undefined,
  size?: MachineSize,
) => IDatabaseServer;
const common = (settings: GitlabServerSettings | undefined, size: MachineSize | undefined) => ({
  ...(settings && {
    maxConnections: settings.maxConnections,
    slowQueryMs: settings.slowQueryMs,
    parameters: settings.parameters,
  }),
  ...(size && { size }),
});
const CLOUDS: readonly [Cloud, Make][] = [
  [Cloud.AWS, (stack, settings, size) => awsServer(stack, common(settings, size))],
  [
    Cloud.GOOGLE,
    (stack, settings, size) =>
      googleServer(stack, { ...common(settings, size), adminLogin: CloudSqlAdminLogin.generated() }),
  ],
  [
    Cloud.AZURE,
    (stack, settings, size) =>
      azureServer(stack, {
        ...common(settings, size),
        extensions: settings?.extensions,
      }),
  ],
];

const topologyOn = (stack: TerraformStack, server: IDatabaseServer) =>
  topologyIn(stack, {
    main: server.database("gitlabhq_production", { ownerName: "gitlab" }),
    registry: server.database("registry"),
  });

describe.each(CLOUDS)("%s", (cloud, make) => {
  const settings = GitlabServerSettings.forCloud(cloud);

  test("the server accepts GitLab's settings, and GitLab accepts the server", () => {
    const backend = new RecordingBackend();
    const build = (stack: TerraformStack) => {
      const topology = topologyOn(stack, make(stack, settings));
      new GitlabObjects(stack, "objects", { topology, backend });
    };
    expect(problemsOf(build)).toEqual([]);
  });

  test("the timeout is set on the server, or on each database if the server has no such setting", () => {
    synthesize((stack) => {
      const topology = topologyOn(stack, make(stack, settings));
      const [server] = GitlabObjects.describe(topology);
      const inSql = server?.components[0]?.databases[0]?.settings?.map(({ name }) => name);
      expect(inSql).toEqual(cloud === Cloud.GOOGLE ? ["statement_timeout"] : undefined);
      expect(topology.main.direct.server.parameters?.statement_timeout).toBe(
        cloud === Cloud.GOOGLE ? undefined : "60000",
      );
    });
  });

  test("GitLab's checks see the parameters of the server", () => {
    const found = problemsOf((stack) => {
      const wrong = { ...settings, parameters: { ...settings.parameters, work_mem: "4096" } };
      topologyOn(stack, make(stack, wrong as GitlabServerSettings));
    });
    expect(found).toEqual([
      expect.stringContaining(
        'GITLAB-DB-SERVER-PARAMETERS-WORK-MEM: main, ci, registry.server.parameters.work_mem must be at least 8 MB, as GitLab requires (got "4096")',
      ),
    ]);
  });

  test.each(GitlabSize.names)("the machine of %s accepts the connections that GitLab requires", (name) => {
    expect(
      problemsOf((stack) => {
        topologyOn(stack, make(stack, undefined, GitlabSize.of(name).database.machine));
      }),
    ).toEqual([]);
  });
});
