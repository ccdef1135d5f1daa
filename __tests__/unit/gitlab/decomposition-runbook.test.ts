import type { TerraformStack } from "cdktf";
import {
  DecompositionRunbook,
  type DecompositionRunbookProps,
  GitlabInstallation,
} from "../../../lib/gitlab";
import { problemsOf, synthesize } from "../../support/synth";
import { ciOn, database, mainOn, serverIn, topologyIn } from "./model-fixtures";

const split = (stack: TerraformStack) => {
  const server = serverIn(stack);
  return topologyIn(stack, { main: mainOn(server), ci: ciOn(server), allowSeparateCiDatabase: true });
};
const add = (stack: TerraformStack, props: Partial<DecompositionRunbookProps> = {}) =>
  new DecompositionRunbook(stack, "runbook", {
    topology: props.topology ?? split(stack),
    installation: GitlabInstallation.CHART,
    databaseSizeGB: 40,
    ...props,
  });
function runbook(props: Partial<DecompositionRunbookProps> = {}): DecompositionRunbook {
  let made: DecompositionRunbook | undefined;
  synthesize((stack) => {
    made = add(stack, props);
  });
  return made as DecompositionRunbook;
}
const problems = (props: (stack: TerraformStack) => Partial<DecompositionRunbookProps>) =>
  problemsOf((stack) => void add(stack, props(stack)));
const at = (made: DecompositionRunbook, command: string) =>
  made.steps.findIndex(({ commands }) => commands.some((each) => each.includes(command)));

describe("the chart", () => {
  const made = runbook({ chartVersion: "9.5.2", namespace: "git", releaseName: "lab" });

  test("the documented steps in the documented order", () => {
    const order = [
      "scale deployment --replicas=0",
      // GitLab refuses to copy once it has two databases.
      "gitlab:db:decomposition:migrate",
      "global.psql.ci.database=gitlabhq_production_ci",
      "gitlab:db:lock_writes",
      "gitlab:db:truncate_legacy_tables:main",
    ].map((command) => at(made, command));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(made.steps.map(({ number }) => number)).toEqual(made.steps.map((_, index) => index + 1));
    expect(made.steps[0]?.title).toBe("Back up and try a restore");
  });

  test("the release gets both databases and the switch, and no migrations", () => {
    const helm = made.steps[at(made, "global.psql.ci.database")]?.commands[0];
    expect(helm).toBe(
      "helm --namespace git upgrade lab gitlab/gitlab --version 9.5.2 --values new-values.yaml --set global.psql.database=null --set global.psql.main.database=gitlabhq_production --set global.psql.ci.database=gitlabhq_production_ci --set-string global.extraEnv.GITLAB_ALLOW_SEPARATE_CI_DATABASE=1 --set gitlab.migrations.enabled=false",
    );
  });

  test("pods that an upgrade starts are stopped again, since no client may write while tables move", () => {
    const copy = at(made, "decomposition:migrate");
    expect(made.steps[copy - 1]?.commands).toEqual([expect.stringContaining("--replicas=0")]);
    expect(made.steps[copy]?.down).toBe(true);
    const upgrade = made.steps[at(made, "global.psql.ci.database")];
    expect(upgrade?.commands.at(-1)).toContain("--replicas=0");
  });

  test("steps that cannot be undone are marked, and truncating the tables is the last", () => {
    expect(made.steps.filter(({ oneWay }) => oneWay).map(({ title }) => title)).toEqual([
      "Move the tables of ci",
      "Empty the old tables",
    ]);
    expect(made.steps.at(-1)?.title).toBe("Empty the old tables");
  });

  test("no placeholder is left", () => {
    expect(made.markdown).not.toMatch(/@[A-Z_]+@|undefined/);
    expect(runbook().markdown).not.toMatch(/@[A-Z_]+@|undefined/);
  });
});

test("the package: one command moves the tables, after the settings and without a reconfigure", () => {
  const made = runbook({ installation: GitlabInstallation.LINUX_PACKAGE });
  expect(at(made, "GITLAB_ALLOW_SEPARATE_CI_DATABASE")).toBeLessThan(at(made, "pg-decomposition-migration"));
  expect(at(made, "pg-decomposition-migration")).toBeLessThan(at(made, "truncate_legacy_tables:ci"));
  expect(made.markdown).not.toMatch(/@[A-Z_]+@|undefined|gitlab-ctl reconfigure|helm|kubectl/);
  // One key, so that what else is in the environment stays.
  expect(made.markdown).toContain("gitlab_rails['env']['GITLAB_ALLOW_SEPARATE_CI_DATABASE'] = 'true'\n");
  expect(made.markdown).toContain(
    "gitlab_rails['databases']['ci']['db_database'] = 'gitlabhq_production_ci'",
  );
});

test.each([
  [40, 10, 30, 30],
  [49.9, 13, 30, 30],
  [50, 13, 60, 120],
  [100, 25, 60, 120],
  [400, 100, 240, 480],
])("%d GB: %d GB of disk, %d to %d minutes", (databaseSizeGB, disk, min, max) => {
  const made = runbook({ databaseSizeGB });
  expect([made.serverDiskGB, made.downtimeMinutesMin, made.downtimeMinutesMax]).toEqual([disk, min, max]);
  expect(made.warnings.some((w) => w.includes("not a promise"))).toBe(databaseSizeGB > 100);
});

test("the head of the text", () => {
  expect(runbook().markdown.split("\n").slice(0, 5)).toEqual([
    "# Splitting GitLab's database into main and ci",
    "",
    "- Time without GitLab: about 30 minutes for 40 GB.",
    "- Free disk: 10 GB on the database server, up to 10 GB where the copy runs.",
    "- GitLab calls a separate database of ci a beta feature that is not ready for production.",
  ]);
});

describe("refused", () => {
  test("with Geo", () => {
    const found = problems((s) => {
      const server = serverIn(s);
      const databases = { main: mainOn(server), ci: ciOn(server) };
      return { topology: topologyIn(s, { ...databases, allowSeparateCiDatabase: true, geoSites: true }) };
    });
    expect(found).toContain(
      "[runbook] GITLAB-TOPOLOGY-GEO-SITES: topology.geoSites must be false, since GitLab does not support separate main and ci databases with Geo (epic 8631) (got true)",
    );
  });

  test("if ci stays in main's database", () => {
    expect(problems((s) => ({ topology: topologyIn(s, { main: mainOn(serverIn(s)) }) }))).toEqual([
      '[runbook] GITLAB-TOPOLOGY-CI-SHARED: topology.ci must be a separate database in the target topology (got "gitlabhq_production")',
    ]);
  });

  test("if ci is not the target of GitLab's command", () => {
    const found = problems((s) => {
      const [server, other] = [serverIn(s), serverIn(s, "other")];
      const databases = { main: mainOn(server), ci: database(other, "pipelines", "gitlab_ci") };
      return { topology: topologyIn(s, { ...databases, allowSeparateCiDatabase: true }) };
    });
    expect(found).toEqual([
      '[runbook] GITLAB-TOPOLOGY-CI: topology.ci must be gitlabhq_production_ci, the target of GitLab\'s command (got "pipelines")',
      "[runbook] GITLAB-TOPOLOGY-CI-SERVER: topology.ci.server must be main's server, the target of GitLab's command (got \"test/other\"); move ci to another server afterwards by promoting a replica",
      "[runbook] GITLAB-TOPOLOGY-CI-OWNER: topology.ci.owner must be main's owner, as whom GitLab's command copies (got \"gitlab_ci\")",
    ]);
  });

  test("for sec, and invalid values, all at once", () => {
    const found = problems((s) => {
      const server = serverIn(s);
      const sec = database(server, "gitlabhq_production_sec", "gitlab");
      const databases = { main: mainOn(server), ci: ciOn(server), sec };
      return {
        topology: topologyIn(s, { ...databases, allowSeparateCiDatabase: true }),
        databaseSizeGB: 0,
        namespace: "a b",
        releaseName: "x;y",
        chartVersion: "latest",
      };
    });
    expect(found).toEqual([
      '[runbook] GITLAB-TOPOLOGY-SEC: topology.sec must not be set, since GitLab documents the migration for ci only (got "sec"); leave sec in main\'s database',
      "[runbook] GITLAB-DATABASE-SIZE-GB: databaseSizeGB must be a number of GB above 0, known at synth (got 0)",
      '[runbook] GITLAB-NAMESPACE: namespace must be the name of a namespace (got "a b")',
      '[runbook] GITLAB-RELEASE-NAME: releaseName must be the name of a Helm release (got "x;y")',
      '[runbook] GITLAB-CHART-VERSION: chartVersion must be an exact version, such as 9.5.2 (got "latest")',
    ]);
  });
});
