/** The three GitLab architectures differ in the cloud's part only, and each layout is what it says. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import { EncryptionKey } from "../../../lib/aws";
import { DeletionPolicy, PostgresVersion } from "../../../lib/database";
import {
  type DatabaseTopology,
  type GitlabObjects,
  type GitlabRelease,
  GitlabVersion,
} from "../../../lib/gitlab";
import { GITLAB_CHART_VERSION } from "../../../stacks/data/default-versions";
import type { GitlabAwsStack, GitlabAwsStackProps } from "../../../stacks/gitlab-aws";
import { GitlabLayout, type GitlabStack, type GitlabStackProps } from "../../../stacks/gitlab-stack";
import { gitlabAws } from "../../../stacks/inputs/aws";
import { gitlabAzure } from "../../../stacks/inputs/azure";
import { gitlabGoogle } from "../../../stacks/inputs/google";
import { repository } from "../../../tools/machine/repository";
import { complaints, databaseYml, serviceAccounts } from "../../support/kubernetes/gitlab-chart-rules";
import type { Json } from "../../support/synth";
import { synthesizedStacks } from "../../support/terraform/stacks";

type Made = GitlabStack & {
  readonly gitlab: GitlabRelease;
  readonly servers: readonly { readonly node: { readonly id: string } }[];
};
type Common = Partial<GitlabStackProps>;

const CLOUDS: { readonly [cloud: string]: (app: App, others: Common) => Made } = {
  aws: (app, others) => gitlabAws(app, others),
  google: (app, others) => gitlabGoogle(app, others),
  azure: (app, others) => gitlabAzure(app, others),
};
const { ONE_DATABASE, ONE_SERVER, THREE_SERVERS } = GitlabLayout;

const folder = mkdtempSync(join(tmpdir(), "devplatforms-gitlab-stacks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = new Map<string, Made>();
function stack(cloud: string, others: Common = {}): Made {
  const key = JSON.stringify([cloud, others]);
  const build = CLOUDS[cloud] as (typeof CLOUDS)[string];
  const found = made.get(key) ?? build(new App({ outdir: folder, stackTraces: false }), others);
  made.set(key, found);
  return found;
}

const topology = (of: Made) => of.node.findChild("topology") as DatabaseTopology;
const pooled = (of: Made) => of.gitlab.topology;

/** The chart's values, with Terraform's expressions in the place of tokens. */
function values(of: Made): Json {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(of.gitlab.release.values, { scope: of, resolver, preparing: false });
}

function problems(of: Made): string[] {
  return of.node.findAll().flatMap((each) => each.node.validate());
}

function notes(of: Made, level: string): string[] {
  const all = of.node.findAll().flatMap((each) => each.node.metadata);
  return all.filter(({ type }) => type === `@cdktf/${level}`).map(({ data }) => String(data));
}

/** What says how a server's certificate is checked, where objects are, and which secrets roll the pods. */
const OF_THE_CLOUD = [
  "PGSSLMODE",
  "PGSSLROOTCERT",
  "SSL_CERT_DIR",
  "sslmode",
  "extraKey",
  "objectStorage",
  "extraArgs",
  "annotations",
  "podLabels",
];

/** The values without the cloud's part; its addresses and buckets as one word. */
function common(node: Json): Json {
  if (typeof node === "string") return /\$\{.*(aws|google|azurerm)_/s.test(node) ? "of the cloud" : node;
  if (Array.isArray(node)) return node.map(common);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node)
    .filter(([name]) => !OF_THE_CLOUD.includes(name))
    .map(([name, inner]) => [name, common(inner)] as const)
    // An environment may have nothing else in it.
    .filter(([name, inner]) => name !== "extraEnv" || Object.keys(inner).length > 0);
  return Object.fromEntries(kept);
}

test.each([ONE_DATABASE, ONE_SERVER, THREE_SERVERS])(
  "GitLab gets equal values on all three but for object storage and TLS: %s",
  (layout) => {
    const aws = common(values(stack("aws", { layout })));
    expect(aws.global.psql.host).toBe("pgbouncer.gitlab.svc");
    expect(aws.gitlab.migrations.psql.main.host).toBe("of the cloud");
    expect(aws.gitlab.webservice.maxReplicas).toBe(9);
    expect(aws.global.appConfig.lfs).toEqual({ enabled: true, bucket: "of the cloud" });
    expect(common(values(stack("google", { layout })))).toEqual(aws);
    expect(common(values(stack("azure", { layout })))).toEqual(aws);
  },
);

test("servers are verified and objects are accessed as each cloud allows", () => {
  const of = (cloud: string) => {
    const { gitlab, registry } = values(stack(cloud));
    return [
      gitlab.webservice.extraEnv.PGSSLMODE,
      gitlab.migrations.extraEnv.PGSSLMODE,
      registry.database.sslmode,
      gitlab.toolbox.backups.objectStorage.backend,
      gitlab.webservice.podLabels,
    ];
  };
  // Cloud SQL's certificate does not name the address; the pooler's always names it.
  expect(of("aws")).toEqual(["verify-full", "verify-full", "verify-full", "s3", undefined]);
  expect(of("google")).toEqual(["verify-full", "verify-ca", "verify-ca", "gcs", undefined]);
  expect(of("azure")).toEqual([
    "verify-full",
    "verify-full",
    "verify-full",
    "azure",
    { "azure.workload.identity/use": "true" },
  ]);
});

describe.each(Object.keys(CLOUDS))("%s", (cloud) => {
  const entries = (layout: GitlabLayout) =>
    topology(stack(cloud, { layout })).entries.map(({ name, direct, databaseTasks, sharesWith }) =>
      [name, direct.server.node.id, direct.databaseName, direct.owner.username, databaseTasks, sharesWith]
        .filter((each) => each !== undefined)
        .join(" "),
    );

  test("one database: ci has a separate connection, and no migrations", () => {
    expect(entries(ONE_DATABASE)).toEqual([
      "main postgres-main gitlabhq_production gitlab true",
      "ci postgres-main gitlabhq_production gitlab false main",
      "registry postgres-main registry registry true",
    ]);
    expect(topology(stack(cloud, { layout: ONE_DATABASE })).isSplit).toBe(false);
  });

  test("one server, the default: two databases of Rails with one login", () => {
    expect(entries(ONE_SERVER)).toEqual([
      "main postgres-main gitlabhq_production gitlab true",
      "ci postgres-main gitlabhq_production_ci gitlab true",
      "registry postgres-main registry registry true",
    ]);
    const { main, entry } = { main: topology(stack(cloud)).main, entry: topology(stack(cloud)).ci };
    expect(entry?.direct.owner).toBe(main.direct.owner);
    const withDefaults = topology(stack(cloud)).entries.map(({ direct }) => direct.databaseName);
    expect(withDefaults).toEqual(["gitlabhq_production", "gitlabhq_production_ci", "registry"]);
  });

  test("three servers: main, ci and sec each with a server and a login", () => {
    expect(entries(THREE_SERVERS)).toEqual([
      "main postgres-main gitlabhq_production gitlab true",
      "ci postgres-ci gitlabhq_production_ci gitlab_ci true",
      "sec postgres-sec gitlabhq_production_sec gitlab_sec true",
      "registry postgres-main registry registry true",
    ]);
  });

  test.each([
    [ONE_DATABASE, ["main"]],
    [ONE_SERVER, ["main"]],
    [THREE_SERVERS, ["main", "ci", "sec"]],
  ])("%s makes its servers and the SQL objects of each", (layout, names) => {
    const of = stack(cloud, { layout });
    expect(of.servers.map(({ node }) => node.id)).toEqual(names.map((name) => `postgres-${name}`));
    const objects = of.node.findChild("objects") as GitlabObjects;
    expect(objects.objects.map(({ node }) => node.id)).toEqual(names.map((name) => `Server-${name}`));
    expect(problems(of)).toEqual([]);
  });

  test.each([
    [ONE_DATABASE, undefined, 0],
    [ONE_SERVER, "1", 1],
    [THREE_SERVERS, "1", 1],
  ])("%s sets the switch only where it is split, and then the review says so once", (layout, set, times) => {
    const of = stack(cloud, { layout });
    expect(values(of).global.extraEnv?.GITLAB_ALLOW_SEPARATE_CI_DATABASE).toBe(set);
    const said = notes(of, "info").filter((note) => note.includes("allowSeparateCiDatabase"));
    expect(said).toHaveLength(times);
    // What the servers of RDS and Azure say of their parameters and storage is another matter.
    const warnings = notes(of, "warn").filter(
      (note) => !/^(AZURE|RDS)-\S+ (storage\.maxSizeGiB|max_connections)\b/.test(note),
    );
    expect(warnings).toEqual([]);
  });

  test.each([ONE_DATABASE, ONE_SERVER, THREE_SERVERS])(
    "%s: Rails goes through the pooler; migrations, the toolbox and the registry go past it",
    (layout) => {
      const of = stack(cloud, { layout });
      const all = values(of);
      expect(complaints(all, GitlabVersion.ofChart(GITLAB_CHART_VERSION).chartMajor)).toEqual([]);
      const rails = pooled(of).rails;
      for (const subchart of ["webservice", "sidekiq", "migrations", "toolbox"]) {
        const seen = databaseYml(all, subchart);
        expect(Object.keys(seen).sort()).toEqual(rails.map(({ name }) => name).sort());
        for (const { name, direct, databaseTasks } of rails) {
          const past = ["migrations", "toolbox"].includes(subchart);
          const { host, port, database, username, ...rest } = seen[name] as (typeof seen)[string];
          expect([subchart, name, port, database, username]).toEqual([
            subchart,
            name,
            past ? 5432 : 6432,
            direct.databaseName,
            direct.owner.username,
          ]);
          if (past) expect(host).toContain(`.${direct.server.node.id}_`);
          else expect(host).toBe("pgbouncer.gitlab.svc");
          expect(rest).toMatchObject({ databaseTasks, preparedStatements: false, mutualTls: false });
        }
      }
      expect(all.registry.database.host).toContain(".postgres-main_");
      expect(all.registry.database).toMatchObject({ port: 5432, user: "registry", name: "registry" });
    },
  );
});

test("max_connections of a server is at least GitLab's minimum", () => {
  const props: Partial<GitlabAwsStackProps> = { layout: THREE_SERVERS };
  for (const server of (stack("aws", props) as GitlabAwsStack).servers) {
    expect(server.connectionBudget.capacity?.maximum).toBeGreaterThanOrEqual(400);
  }
});

test("the cert-manager of the cluster is used, and values of the user are passed to the chart", () => {
  expect(values(stack("aws")).installCertmanager).toBe(false);
  const own = values(stack("aws", { values: { gitlab: { gitaly: { persistence: { size: "200Gi" } } } } }));
  expect(own.gitlab.gitaly).toEqual({ persistence: { size: "200Gi" } });
  expect(own.installCertmanager).toBe(false);
  expect(own.gitlab.webservice.maxReplicas).toBe(9);
});

test("the key that switches off the chart's cert-manager is that of the chart's line", () => {
  const old = values(
    stack("aws", { chartVersion: "8.11.3", postgres: PostgresVersion.V16, layout: ONE_DATABASE }),
  );
  expect([old.certmanager, old.installCertmanager]).toEqual([{ install: false }, undefined]);
  expect(values(stack("aws")).certmanager).toBeUndefined();
});

test("the chart creates no service account, since the release creates those of the identities", () => {
  for (const cloud of Object.keys(CLOUDS)) expect(serviceAccounts(values(stack(cloud)))).toEqual([]);
});

describe("on destroy", () => {
  const kmsKey = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const HOLDERS = [
    "aws_s3_bucket",
    "azurerm_storage_account",
    "google_storage_bucket",
    "kubernetes_namespace_v1",
  ];
  /** The addresses that hold data, with whether Terraform refuses to destroy them. */
  const held = (cloud: string, deletionPolicy: DeletionPolicy): [string, boolean][] => {
    const others =
      cloud === "aws"
        ? { deletionPolicy, encryptionKey: EncryptionKey.fromKeyArn(kmsKey) }
        : { deletionPolicy };
    const made = stack(cloud, others);
    expect(problems(made)).toEqual([]);
    const { resource } = made.toTerraform();
    return HOLDERS.flatMap((type) =>
      Object.entries<Json>(resource[type] ?? {}).map(([name, { lifecycle }]): [string, boolean] => [
        `${type}.${name}`,
        lifecycle?.prevent_destroy ?? false,
      ]),
    );
  };

  test.each(Object.keys(CLOUDS))(
    "%s: resources without snapshots are kept unless the policy is DELETE",
    (cloud) => {
      for (const policy of [DeletionPolicy.RETAIN, DeletionPolicy.SNAPSHOT]) {
        const open = held(cloud, policy).filter(([, refused]) => !refused);
        // The namespaces of jobs hold nothing.
        expect(open.map(([address]) => address)).toEqual([
          expect.stringMatching(/^kubernetes_namespace_v1\.sql_/),
          expect.stringMatching(/^kubernetes_namespace_v1\.protection_dumps-namespace_/),
        ]);
      }
      const all = held(cloud, DeletionPolicy.DELETE);
      expect(all.filter(([, refused]) => refused)).toEqual([]);
      expect(all.length).toBeGreaterThan(2);
    },
  );

  test("with DELETE no resource of AWS is protected, nor its keys", () => {
    const { resource } = stack("aws", { deletionPolicy: DeletionPolicy.DELETE }).toTerraform();
    const refused = Object.entries<Json>(resource).flatMap(([type, each]) =>
      Object.entries<Json>(each)
        .filter(([, { lifecycle }]) => lifecycle?.prevent_destroy)
        .map(([name]) => `${type}.${name}`),
    );
    expect(refused).toEqual([]);
  });
});

describe("as deployed programs", () => {
  const all = synthesizedStacks().filter(({ name }) => name.startsWith("gitlab-"));

  test.each(all.map((each) => [each.name, each.json] as const))(
    "%s: each input has a variable that is used, and no variable is missing",
    (_, json) => {
      const { variable = {}, ...rest } = json;
      const used = new Set(JSON.stringify(rest).match(/(?<=\bvar\.)[a-z_]+/g));
      expect([...used].sort()).toEqual(Object.keys(variable).sort());
      for (const each of Object.values(variable)) {
        expect((each as { description?: string }).description).toBeTruthy();
      }
    },
  );

  test.each(all.map((each) => [each.name, each.json] as const))(
    "%s takes each secret without keeping it",
    (_, json) => {
      for (const name of ["redis_password", "rails_secrets"]) {
        expect(json.variable?.[name]).toMatchObject({ sensitive: true, ephemeral: true });
      }
    },
  );

  test.each(all.map((each) => [each.name, each.json] as const))(
    "the page of %s has a line for each variable and none for another, and names the namespace",
    (name, json) => {
      const page = readFileSync(join(repository, `docs/${name}.md`), "utf8");
      const [, table = ""] = /^\| variable \|.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
      const documented = [...table.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, variable]) => variable);
      expect(documented.sort()).toEqual(Object.keys(json.variable ?? {}).sort());
      const [, target] = /-target=kubernetes_namespace_v1\.(\w+)/.exec(page) ?? [];
      expect(Object.keys(json.resource?.kubernetes_namespace_v1 ?? {})).toContain(target);
    },
  );
});
