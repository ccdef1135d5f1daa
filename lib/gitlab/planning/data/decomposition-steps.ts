// Migration from one database to main and ci as GitLab documents it. Sources, read 2026-11: gitlabhq/gitlabhq
// doc/administration/postgresql/multiple_databases.md commit 1dfe61a9, the chart's doc/advanced/multiple-databases commit 2990f53e,
// omnibus-gitlab ctl/lib/gitlab_ctl/postgresql/decomposition_migration.rb. A beta feature that cannot be undone.
//
// Names in capitals between @ are placeholders. `down` marks steps during which GitLab is down.

/** A documented step. */
export interface StepFacts {
  readonly title: string;
  readonly why: string;
  readonly commands: readonly string[];
  readonly down: boolean;
  /** True if the step can be undone only by a restore from backup. */
  readonly oneWay?: boolean;
}

const BACKUP: StepFacts = {
  title: "Back up and try a restore",
  why: "There is no way back from two databases to one; a backup taken now is the only one.",
  commands: [],
  down: false,
};

export const PACKAGE_STEPS: readonly StepFacts[] = [
  BACKUP,
  {
    title: "Make the database of ci",
    why: "It has to be there, empty, owned by GitLab's user and with the extensions of main. The topology's SQL objects make it.",
    commands: [
      `psql --host @CI_HOST@ --port @CI_PORT@ --dbname @CI_DATABASE@ --username @CI_USER@ --command 'SELECT 1'`,
    ],
    down: false,
  },
  {
    title: "Write the settings, without reconfiguring",
    why: "GitLab refuses a separate ci without the switch. A reconfigure now would start GitLab on the empty database.",
    commands: [
      `gitlab_rails['env']['GITLAB_ALLOW_SEPARATE_CI_DATABASE'] = 'true'`,
      `gitlab_rails['databases']['ci']['enable'] = true`,
      `gitlab_rails['databases']['ci']['db_database'] = '@CI_DATABASE@'`,
    ],
    down: false,
  },
  {
    title: "Move the tables of ci",
    why: "One command stops background migrations and GitLab, copies, reconfigures, locks writes and starts again.",
    commands: ["gitlab-ctl pg-decomposition-migration"],
    down: true,
    oneWay: true,
  },
  {
    title: "Check",
    why: "Both databases have to be told apart before the old rows go.",
    commands: ["gitlab-rake gitlab:db:validate_config", "gitlab-rake gitlab:check SANITIZE=true"],
    down: false,
  },
  {
    title: "Empty the old tables",
    why: "Each database still has the other's rows, locked. Emptying them takes locks and frees the disk; it is the last step.",
    commands: [
      "gitlab-rake gitlab:db:truncate_legacy_tables:main",
      "gitlab-rake gitlab:db:truncate_legacy_tables:ci",
    ],
    down: false,
    oneWay: true,
  },
];

const TOOLBOX =
  "kubectl --namespace @NAMESPACE@ exec deployment/@RELEASE@-toolbox --container toolbox -- gitlab-rake";
const SCALE = "kubectl --namespace @NAMESPACE@ scale deployment --replicas";
const SELECTOR = "--selector 'release=@RELEASE@,app in (webservice,sidekiq,kas,gitlab-exporter)'";

export const CHART_STEPS: readonly StepFacts[] = [
  BACKUP,
  {
    title: "Make the database of ci",
    why: "It has to be there, empty, owned by GitLab's user and with the extensions of main. The topology's SQL objects make it.",
    commands: [
      `psql --host @CI_HOST@ --port @CI_PORT@ --dbname @CI_DATABASE@ --username @CI_USER@ --command 'SELECT 1'`,
    ],
    down: false,
  },
  {
    title: "Write down how many pods run",
    why: "They come back to these numbers at the end.",
    commands: [`kubectl --namespace @NAMESPACE@ get deployment ${SELECTOR}`],
    down: false,
  },
  {
    title: "Stop GitLab",
    why: "No client may write while tables are copied.",
    commands: [`${SCALE}=0 ${SELECTOR}`],
    down: true,
  },
  {
    title: "Move the tables of ci",
    why: "Copies main's database into ci's. It has to come before the new values: GitLab refuses it with two databases.",
    commands: [`${TOOLBOX} gitlab:db:decomposition:migrate`],
    down: true,
    oneWay: true,
  },
  {
    title: "Give GitLab both databases",
    why: "The release gets main and ci and the switch, and no migrations. Pods that it starts are stopped again: nothing is locked yet.",
    commands: [
      "helm --namespace @NAMESPACE@ upgrade @RELEASE@ gitlab/gitlab --version @CHART@ --values new-values.yaml --set global.psql.database=null --set global.psql.main.database=@MAIN_DATABASE@ --set global.psql.ci.database=@CI_DATABASE@ --set-string global.extraEnv.GITLAB_ALLOW_SEPARATE_CI_DATABASE=1 --set gitlab.migrations.enabled=false",
      `${SCALE}=0 ${SELECTOR}`,
    ],
    down: true,
  },
  {
    title: "Lock the old tables",
    why: "From now on a write into the wrong database fails instead of being lost.",
    commands: [`${TOOLBOX} gitlab:db:lock_writes`, `${TOOLBOX} gitlab:db:validate_config`],
    down: true,
  },
  {
    title: "Start GitLab",
    why: "With the numbers of pods from before, and migrations on again.",
    commands: [
      "helm --namespace @NAMESPACE@ upgrade @RELEASE@ gitlab/gitlab --version @CHART@ --values new-values.yaml",
    ],
    down: true,
  },
  {
    title: "Empty the old tables",
    why: "Each database still has the other's rows, locked. Emptying them takes locks and frees the disk; it is the last step.",
    commands: [
      `${TOOLBOX} gitlab:db:truncate_legacy_tables:main`,
      `${TOOLBOX} gitlab:db:truncate_legacy_tables:ci`,
    ],
    down: false,
    oneWay: true,
  },
];

/** Documented downtime: under 50 GB about half an hour, for 100 GB one to two hours. Beyond that the same pace [inferred]. */
export const DOWNTIME = { smallGB: 50, smallMinutes: 30, perHundredGB: { min: 60, max: 120 } };

/** Extra disk space: a quarter of the database on its server, and a quarter of the tables on the machine that copies. */
export const EXTRA_DISK_SHARE = 0.25;
