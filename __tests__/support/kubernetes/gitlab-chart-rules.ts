/**
 * What GitLab's chart makes of its values, as far as databases go, and what its own checks complain about. Written after its
 * templates and compared with what `helm template` of chart 8.3.0 renders; a release can so be judged without the chart.
 *
 * Sources: charts/gitlab/templates/_databaseDatamodel.tpl and _database.yml.tpl, each subchart's serviceaccount.yaml,
 * templates/_checkConfig_{postgresql,redis,geo,object_storage,toolbox,registry,openbao}.tpl, of 8.3.0 and of the 10.x line.
 */
import type { Json } from "../synth";

/** An entry of `database.yml`, with the secret that its password is read from. */
export interface DatabaseYmlEntry {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly databaseTasks: boolean;
  readonly preparedStatements: boolean;
  readonly replicas?: Json;
  readonly mutualTls: boolean;
}

const KNOWN = ["main", "ci", "embedding", "sec"];

/** @returns the entries of a subchart's `database.yml`, by name. */
export function databaseYml(values: Json, subchart: string): { readonly [name: string]: DatabaseYmlEntry } {
  const global = model(values.global.psql);
  const local = model(values.gitlab?.[subchart]?.psql ?? {});
  const contexts: Json = {};
  for (const name of KNOWN) {
    if (!(name in global.entries) && !(name in local.entries)) continue;
    contexts[name] = {
      global: { ...global.blank, ...global.entries[name] },
      local: { ...local.blank, ...local.entries[name] },
    };
  }
  const of = (name: string, key: string) => contexts[name].local[key] ?? contexts[name].global[key];
  const place = (name: string) => JSON.stringify(["host", "port", "database"].map((key) => of(name, key)));
  const entries = Object.keys(contexts)
    .filter((name) => contexts[name].global.enabled !== false)
    .map((name) => {
      const context = contexts[name];
      const said = of(name, "databaseTasks");
      const password = { ...context.global.password, ...context.local.password };
      const balancing = (Object.keys(context.local).length > 0 ? context.local : context.global)
        .load_balancing;
      return [
        name,
        {
          host: of(name, "host"),
          port: of(name, "port") ?? 5432,
          database: of(name, "database") ?? "gitlabhq_production",
          username: of(name, "username") ?? "gitlab",
          password: `${password.secret}/${password.key}`,
          databaseTasks:
            said === undefined ? name === "main" || place(name) !== place("main") : said === true,
          preparedStatements: of(name, "preparedStatements") === true,
          replicas: typeof balancing === "object" ? balancing : undefined,
          mutualTls: context.global.ssl !== undefined,
        },
      ];
    });
  return Object.fromEntries(entries);
}

/** `main` goes into what the others inherit; an entry that is empty or not there is a copy of that. */
function model(psql: Json): { blank: Json; entries: Json } {
  const merged = { ...psql, ...psql.main };
  const blank = Object.fromEntries(
    Object.entries(merged).filter(([key]) => !KNOWN.includes(key) && key !== "knownDecompositions"),
  );
  const filled = (entry: Json) => (entry && Object.keys(entry).length > 0 ? entry : blank);
  const others = KNOWN.filter((name) => name !== "main" && name !== "ci" && name in psql);
  return {
    blank,
    entries: {
      main: filled(psql.main),
      ci: filled(psql.ci),
      ...Object.fromEntries(others.map((name) => [name, psql[name]])),
    },
  };
}

/** Subcharts of `gitlab` with a template serviceaccount.yaml; those of `registry` are the same. */
const WITH_ACCOUNT = [
  "geo-logcursor",
  "gitaly",
  "gitlab-exporter",
  "gitlab-pages",
  "gitlab-shell",
  "kas",
  "mailroom",
  "migrations",
  "praefect",
  "sidekiq",
  "spamcheck",
  "toolbox",
  "webservice",
];

/** @returns the names of the service accounts that the chart creates. Its global `create` is true unless said otherwise. */
export function serviceAccounts(values: Json, release = "gitlab"): string[] {
  const global = { enabled: false, create: true, ...values.global?.serviceAccount };
  const components = [
    ...WITH_ACCOUNT.map((name) => [name, values.gitlab?.[name]?.serviceAccount]),
    ["registry", values.registry?.serviceAccount],
  ];
  return components.flatMap(([name, own]) => {
    const account = { enabled: false, create: false, ...own };
    const made = (account.enabled || global.enabled) && (account.create || global.create);
    return made ? [account.name ?? global.name ?? `${release}-${name}`] : [];
  });
}

/** @returns what the chart's own checks say; empty when it would be installed. */
export function complaints(values: Json, chartMajor: number): string[] {
  const found: string[] = [];
  const need = (there: unknown, what: string) => {
    if (there === undefined || there === null || there === "" || there === false) found.push(what);
  };
  const { global, gitlab, registry } = values;
  need(global.psql?.host, "global.psql.host");
  need(global.psql?.password?.secret, "global.psql.password.secret");
  const balancings = ["webservice", "sidekiq"].flatMap((name) =>
    Object.values<Json>(gitlab?.[name]?.psql ?? {}).map((entry) => entry?.load_balancing),
  );
  for (const balancing of [global.psql?.load_balancing, ...balancings]) {
    if (typeof balancing !== "object") continue;
    need(balancing.hosts ?? balancing.discover, "load_balancing without hosts and discover");
    if (balancing.hosts !== undefined)
      need(Array.isArray(balancing.hosts), "load_balancing.hosts is no list");
    if (balancing.discover) need(balancing.discover.record, "load_balancing.discover without record");
  }
  if (values.redis?.install !== true) need(global.redis?.host, "global.redis.host");
  if (global.geo?.role === "secondary") {
    need(global.geo.psql?.host, "global.geo.psql.host");
    need(global.geo.psql?.password?.secret, "global.geo.psql.password.secret");
  }
  for (const ssl of [global.psql?.ssl, global.geo?.psql?.ssl, registry?.database?.ssl]) {
    if (ssl)
      for (const key of ["secret", "serverCA", "clientCertificate", "clientKey"])
        need(ssl[key], `ssl.${key}`);
  }
  for (const name of [
    "artifacts",
    "lfs",
    "uploads",
    "packages",
    "externalDiffs",
    "terraformState",
    "dependencyProxy",
  ]) {
    const object = global.appConfig?.[name] ?? {};
    if (object.enabled === false) continue;
    need(object.bucket, `global.appConfig.${name}.bucket`);
    if (global.appConfig?.object_store?.enabled) {
      need(
        object.connection === undefined,
        `global.appConfig.${name}.connection beside the consolidated one`,
      );
    } else need(object.connection, `global.appConfig.${name}.connection`);
  }
  if (chartMajor < 10) {
    need(values.postgresql?.install === false, "postgresql.install");
    need(global.minio?.enabled === false, "global.minio.enabled");
    need(
      global.ingress?.configureCertmanager === false || values["certmanager-issuer"]?.email,
      "certmanager-issuer.email",
    );
  }
  need(registry?.storage?.secret, "registry.storage.secret");
  const backups = gitlab?.toolbox?.backups?.objectStorage ?? {};
  if (backups.backend !== "gcs")
    need(backups.config?.secret, "gitlab.toolbox.backups.objectStorage.config.secret");
  // With "prefer", the default of later charts, the registry would use a database that only the bundled PostgreSQL has.
  need(registry?.database?.enabled !== undefined, "registry.database.enabled");
  if (registry?.database?.sslmode !== undefined) {
    need(
      ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"].includes(
        registry.database.sslmode,
      ),
      "registry.database.sslmode",
    );
  }
  if (values.openbao?.install) {
    need(global.openbao?.psql?.host, "global.openbao.psql.host");
    need(global.openbao?.psql?.password?.secret, "global.openbao.psql.password.secret");
  }
  return found;
}
