/** Invalid machines of the Linux package: all mistakes are reported at synth. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, DatabaseLogin, type IDatabaseServer } from "../../../lib/database";
import {
  DatabaseTopology,
  GitlabVersion,
  LinuxPackageConfig,
  type LinuxPackageConfigProps,
  type LinuxPackageNode,
  LinuxPackageRole,
} from "../../../lib/gitlab";
import { problemsOf, synthesize } from "../../support/synth";
import { login, managed, named, ownClusters, secret, server, topology } from "./package-fixture";

const { RAILS, PATRONI, POSTGRES, PGBOUNCER, CONSUL, SINGLE_NODE, PRAEFECT } = LinuxPackageRole;
const node = (name: string, role: LinuxPackageRole, more: Partial<LinuxPackageNode> = {}) => ({
  name,
  role,
  host: `${name}.example.com`,
  ...more,
});

/** The problems of one managed server, with these properties. */
const onManaged = (props: Partial<LinuxPackageConfigProps>) => problemsOf((s) => void managed(s, props));
const onOwn = (props: (stack: TerraformStack) => Partial<LinuxPackageConfigProps>) =>
  problemsOf((s) => void ownClusters(s, props(s)));

/** A cluster of one's own with main on it. */
function own(stack: TerraformStack, props: Partial<LinuxPackageConfigProps>, cluster: object = {}) {
  const postgres = (stack.node.tryFindChild("db") as IDatabaseServer | undefined) ?? server(stack, "db");
  return new LinuxPackageConfig(stack, "package", {
    topology:
      props.topology ?? topology(stack, { main: named(stack, postgres, "gitlabhq_production", "gitlab") }),
    externalUrl: "https://gitlab.example.com",
    nodes: [node("pg", POSTGRES, { cluster: "gitlab" }), node("app", SINGLE_NODE)],
    clusters: [{ name: "gitlab", server: postgres, passwordAddresses: ["10.0.0.0/8"], ...cluster }],
    ...props,
  });
}

test("valid configurations are accepted", () => {
  expect(onManaged({})).toEqual([]);
  expect(onOwn(() => ({}))).toEqual([]);
  expect(problemsOf((s) => void own(s, {}))).toEqual([]);
});

describe("machines", () => {
  const one = (props: Partial<LinuxPackageNode>) =>
    onManaged({ nodes: [{ ...node("app", SINGLE_NODE), ...props }] });

  test.each<[string, string[], RegExp]>([
    [
      "none",
      onManaged({ nodes: [] }),
      /GITLAB-PACKAGE-NODES: nodes must have at least one machine \(got \[\]\)/,
    ],
    [
      "a name",
      one({ name: "app one" }),
      /GITLAB-PACKAGE-NODES-NAME: nodes\.name must be 1 to 63 letters, digits and hyphens, as in a host name \(got "app one"\)/,
    ],
    [
      "twice",
      onManaged({ nodes: [node("app", RAILS, { runsMigrations: true }), node("app", RAILS)] }),
      /GITLAB-PACKAGE-NODES-NAME: nodes\.name must be unique \(got "app"\)/,
    ],
    [
      "a role",
      one({ role: "web" as never }),
      /GITLAB-PACKAGE-NODES-APP-ROLE: nodes\.app\.role must be one of single-node, rails, sidekiq, patroni, postgres, pgbouncer, consul, praefect \(got "web"\)/,
    ],
    [
      "a host",
      one({ host: "https://app" }),
      /GITLAB-PACKAGE-NODES-APP-HOST: nodes\.app\.host must be a DNS name or an address, without scheme, port and brackets \(got "https:\/\/app"\)/,
    ],
    [
      "a cluster",
      one({ cluster: "x" }),
      /nodes\.app\.cluster must not be set on a machine without PostgreSQL \(got "x"\)/,
    ],
    [
      "no cluster",
      onManaged({ nodes: [node("app", RAILS), node("pg", POSTGRES)] }),
      /nodes\.pg\.cluster must be one of clusters for a machine with PostgreSQL: none \(got not set\)/,
    ],
    [
      "Praefect without a database",
      onManaged({ nodes: [node("app", RAILS), node("p", PRAEFECT)] }),
      /GITLAB-PACKAGE-TOPOLOGY-PRAEFECT: topology\.praefect must be set for a Praefect machine \(got not set\)/,
    ],
    [
      "no address",
      onManaged({ externalUrl: undefined }),
      /GITLAB-PACKAGE-EXTERNAL-URL: externalUrl must be set for machines with Rails, such as https:\/\/gitlab\.example\.com \(got not set\)/,
    ],
    [
      "an address",
      onManaged({ externalUrl: "gitlab.example.com" }),
      /GITLAB-PACKAGE-EXTERNAL-URL: externalUrl must be https:\/\/ or http:\/\/ and a host, with an optional port and path \(got "gitlab\.example\.com"\)/,
    ],
    [
      "a folder",
      onManaged({ secretFolder: "secrets" }),
      /GITLAB-PACKAGE-SECRET-FOLDER: secretFolder must be an absolute path of letters, digits, dots, hyphens and underscores \(got "secrets"\)/,
    ],
    [
      "a command",
      onManaged({ railsSecretCommand: "sh -c 'x'" }),
      /GITLAB-PACKAGE-RAILS-SECRET-COMMAND: railsSecretCommand must be the absolute path of an executable, with optional plain arguments \(got "sh -c 'x'"\)/,
    ],
  ])("%s", (_, found, message) => expect(found.join("\n")).toMatch(message));
});

describe("migrations", () => {
  test.each<[string, LinuxPackageNode[], RegExp]>([
    [
      "on none of two",
      [node("a", RAILS), node("b", RAILS)],
      /GITLAB-PACKAGE-NODES-RUNS-MIGRATIONS: nodes\.runsMigrations must be true on exactly one machine with Rails \(got \[\]\); set it on one of a, b/,
    ],
    [
      "on both",
      [node("a", RAILS, { runsMigrations: true }), node("b", RAILS, { runsMigrations: true })],
      /GITLAB-PACKAGE-NODES-RUNS-MIGRATIONS: nodes\.runsMigrations must be true on exactly one machine with Rails \(got \["a","b"\]\); set it on one of a, b/,
    ],
    [
      "on the only one not",
      [node("a", RAILS, { runsMigrations: false })],
      /GITLAB-PACKAGE-NODES-RUNS-MIGRATIONS: nodes\.runsMigrations must not be false on the only machine with Rails, or migrations never run \(got false\)/,
    ],
    [
      "where there are none",
      [node("a", RAILS), node("c", CONSUL, { runsMigrations: true })],
      /GITLAB-PACKAGE-NODES-C-RUNS-MIGRATIONS: nodes\.c\.runsMigrations must not be true on a machine with the role consul, which has no migrations \(got true\)/,
    ],
  ])("%s", (_, nodes, message) => expect(onManaged({ nodes }).join("\n")).toMatch(message));
});

describe("clusters", () => {
  test("Patroni without Consul, and an even number of Consul servers", () => {
    const nodes = [
      node("app", SINGLE_NODE),
      node("pg", PATRONI, { cluster: "gitlab" }),
      node("pg2", PATRONI, { cluster: "gitlab" }),
    ];
    expect(problemsOf((s) => void own(s, { nodes })).join("\n")).toMatch(
      /GITLAB-PACKAGE-NODES-CONSUL: nodes must include machines with the role consul, best three, since Patroni keeps the leader lock in Consul \(got \["pg","pg2"\]\)/,
    );
    const two = [...nodes, node("c1", CONSUL), node("c2", CONSUL)];
    expect(problemsOf((s) => void own(s, { nodes: two })).join("\n")).toMatch(
      /GITLAB-PACKAGE-NODES-CONSUL-ODD: nodes must have an odd number of Consul servers, so that a majority exists when they are split \(got \["c1","c2"\]\)/,
    );
  });

  test("a cluster on a managed server is refused", () => {
    const found = problemsOf((s) => {
      const rds = server(s, "rds", { location: { cloud: Cloud.AWS, region: "eu-central-1" } });
      new LinuxPackageConfig(s, "package", {
        topology: topology(s, { main: named(s, rds, "gitlabhq_production", "gitlab") }),
        externalUrl: "https://gitlab.example.com",
        nodes: [
          node("app", SINGLE_NODE),
          node("pg", POSTGRES, { cluster: "gitlab" }),
          node("pool", PGBOUNCER),
        ],
        clusters: [{ name: "gitlab", server: rds, passwordAddresses: ["10.0.0.0/8"] }],
        pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
      });
    }).join("\n");
    expect(found).toMatch(
      /GITLAB-PACKAGE-CLUSTERS-GITLAB-SERVER: clusters\.gitlab\.server must be a self-managed server \(got "aws"\); a managed one needs no cluster and no watch, since the cloud moves its endpoint/,
    );
    expect(found).toMatch(
      /GITLAB-PACKAGE-TOPOLOGY-MANAGED: topology\.main must be self-managed behind the package's PgBouncer, which supports MD5 hashes only, and managed servers refuse them \(got "aws"\); use the cloud's pooler or `PgBouncer` of the pooling module, or none/,
    );
  });

  test.each<[string, object, Partial<LinuxPackageConfigProps>, RegExp]>([
    [
      "a name",
      { name: "Git_Lab" },
      {},
      /GITLAB-PACKAGE-CLUSTERS-NAME: clusters\.name must be 1 to 63 lower-case letters, digits and hyphens, as the name of a service in Consul \(got "Git_Lab"\)/,
    ],
    [
      "nobody let in",
      { passwordAddresses: [] },
      {},
      /GITLAB-PACKAGE-CLUSTERS-GITLAB-PASSWORD-ADDRESSES: clusters\.gitlab\.passwordAddresses must have a network, or no client can log in \(got \[\]\)/,
    ],
    [
      "a network",
      { passwordAddresses: ["10.0.0.1"] },
      {},
      /GITLAB-PACKAGE-CLUSTERS-GITLAB-PASSWORD-ADDRESSES: clusters\.gitlab\.passwordAddresses must be a network in CIDR notation, such as 10\.6\.0\.0\/16 \(got "10\.0\.0\.1"\)/,
    ],
    [
      "no machine",
      {},
      { nodes: [node("app", SINGLE_NODE)] },
      /GITLAB-PACKAGE-CLUSTERS-GITLAB: clusters\.gitlab must have at least one machine \(got \[\]\); set cluster of a node/,
    ],
    [
      "two without Patroni",
      {},
      {
        nodes: [
          node("app", SINGLE_NODE),
          node("p1", POSTGRES, { cluster: "gitlab" }),
          node("p2", POSTGRES, { cluster: "gitlab" }),
        ],
      },
      /GITLAB-PACKAGE-CLUSTERS-GITLAB: clusters\.gitlab must have PATRONI machines if there are several, since Patroni elects the leader \(got \["p1","p2"\]\)/,
    ],
    [
      "some with Patroni",
      {},
      {
        nodes: [
          node("app", SINGLE_NODE),
          node("p1", POSTGRES, { cluster: "gitlab" }),
          node("p2", PATRONI, { cluster: "gitlab" }),
        ],
      },
      /GITLAB-PACKAGE-CLUSTERS-GITLAB: clusters\.gitlab must have PATRONI machines only, or a single POSTGRES \(got \["p1","p2"\]\)/,
    ],
    [
      "Patroni without a password",
      {},
      { nodes: [node("app", SINGLE_NODE), node("p", PATRONI, { cluster: "gitlab" }), node("c", CONSUL)] },
      /GITLAB-PACKAGE-CLUSTERS-GITLAB-REPLICATION-PASSWORD: clusters\.gitlab\.replicationPassword must be set with Patroni, for replication from the leader \(got not set\)/,
    ],
  ])("%s", (_, cluster, props, message) =>
    expect(problemsOf((s) => void own(s, props, cluster)).join("\n")).toMatch(message),
  );

  test("duplicate names, one server for two clusters, or an unused server", () => {
    const found = problemsOf((s) => {
      const other = server(s, "other");
      own(s, {}, { server: other });
    });
    expect(found.join("\n")).toMatch(
      /GITLAB-PACKAGE-CLUSTERS-GITLAB-SERVER: clusters\.gitlab\.server must have a database of the topology \(got test\/other\)/,
    );
    const twice = onOwn((s) => {
      const replicationPassword = secret(s, "replication-main");
      const first = server(s, "first");
      const cluster = {
        name: "gitlab-x",
        server: first,
        replicationPassword,
        passwordAddresses: ["10.0.0.0/8"],
      };
      return { clusters: [cluster, cluster] };
    }).join("\n");
    expect(twice).toMatch(/GITLAB-PACKAGE-CLUSTERS-NAME: clusters\.name must be unique \(got "gitlab-x"\)/);
    expect(twice).toMatch(
      /clusters\.gitlab-x\.server must not be the server of another cluster \(got test\/first\)/,
    );
  });
});

describe("poolers", () => {
  test("machines without pooler settings, and settings without machines", () => {
    expect(onOwn(() => ({ pooler: undefined })).join("\n")).toMatch(
      /GITLAB-PACKAGE-POOLER: pooler must be set for the PgBouncer machines pooler-1, pooler-2 \(got not set\)/,
    );
    const alone = (s: TerraformStack) =>
      void own(s, { pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") } });
    expect(problemsOf(alone).join("\n")).toMatch(
      /GITLAB-PACKAGE-POOLER-HOST: pooler\.host must have a machine with the role pgbouncer behind it \(got "127\.0\.0\.1"\)/,
    );
  });

  test.each<[string, (s: TerraformStack) => object, RegExp]>([
    ["a port", () => ({ port: 0 }), /pooler\.port .*a whole number from 1 to 65535/],
    [
      "a host",
      () => ({ host: "a b" }),
      /GITLAB-PACKAGE-POOLER-HOST: pooler\.host must be a DNS name or an address, without scheme, port and brackets \(got "a b"\)/,
    ],
    [
      "no users",
      () => ({ consoleLogin: undefined }),
      /GITLAB-PACKAGE-POOLER-CONSOLE-LOGIN: pooler\.consoleLogin must have a password \(got not set\); use DatabaseLogin\.withPassword\("pgbouncer", secret\)/,
    ],
    [
      "a user without a password",
      () => ({ consoleLogin: DatabaseLogin.throughProxy("pgbouncer") }),
      /GITLAB-PACKAGE-POOLER-CONSOLE-LOGIN: pooler\.consoleLogin must have a password \(got not set\); use DatabaseLogin\.withPassword\("pgbouncer", secret\)/,
    ],
    [
      "another user",
      (s) => ({ consoleLogin: login(s, "admin") }),
      /GITLAB-PACKAGE-POOLER-CONSOLE-LOGIN: pooler\.consoleLogin must be the user pgbouncer \(pgbouncer\['admin_users'\]\) \(got "admin"\)/,
    ],
    [
      "half of TLS",
      () => ({ tls: { keyFile: "/k" } }),
      /GITLAB-PACKAGE-POOLER-TLS: pooler\.tls must have both certificateFile and keyFile \(got \["keyFile"\]\)/,
    ],
    [
      "a path",
      () => ({ tls: { keyFile: "k", certificateFile: "/c" } }),
      /GITLAB-PACKAGE-POOLER-TLS-KEY-FILE: pooler\.tls\.keyFile must be an absolute path of letters, digits, dots, hyphens and underscores \(got "k"\)/,
    ],
  ])("%s", (_, more, message) =>
    expect(
      onOwn((s) => ({
        pooler: { host: "p", consoleLogin: login(s, "pgbouncer"), ...more(s) } as never,
      })).join("\n"),
    ).toMatch(message),
  );
});

describe("Consul", () => {
  test("an invalid datacenter, and incomplete TLS files", () => {
    const found = onOwn(() => ({ consul: { datacenter: "EU", tls: { certificateFile: "/c" } } })).join("\n");
    expect(found).toMatch(
      /GITLAB-PACKAGE-CONSUL-DATACENTER: consul\.datacenter must be lower-case letters, digits, hyphens and underscores \(got "EU"\)/,
    );
    expect(found).toMatch(
      /GITLAB-PACKAGE-CONSUL-TLS: consul\.tls must have both certificateFile and keyFile \(got \["certificateFile"\]\)/,
    );
  });
});

describe("databases", () => {
  test("an owner without a password", () => {
    const found = problemsOf((s) => {
      const rds = server(s, "rds", {
        location: { cloud: Cloud.AWS, region: "eu-central-1" },
        acceptsCloudIdentity: true,
      });
      const main = rds.database("gitlabhq_production", {
        owner: DatabaseLogin.withCloudIdentity("gitlab"),
      });
      managed(s, {}, { main });
    });
    expect(found.join("\n")).toMatch(
      /GITLAB-PACKAGE-TOPOLOGY-MAIN-OWNER: topology\.main\.owner must have a password, with which the Linux package logs in \(got "cloud-identity"\)/,
    );
  });

  test.each([
    ["gitlab-replication", "the replication of cluster gitlab"],
    ["gitlab-api", "Patroni's REST API of cluster gitlab"],
    ["main-direct", "main past its pooler"],
  ])("a component %s, whose password file is that of another login", (name, whose) => {
    const found = problemsOf((s) => {
      const db = server(s, "db");
      own(s, {
        topology: topology(s, {
          main: named(s, db, "gitlabhq_production", "gitlab"),
          components: [{ name, database: named(s, db, "other") }],
        }),
      });
    });
    expect(found.join("\n")).toContain(
      `topology.${name} must not be ${name}, since the file ${name}.password is for ${whose} (got "${name}"); rename the component`,
    );
  });

  test("a client certificate for Geo's tracking database, without a setting in the package", () => {
    const found = problemsOf((s) => {
      const clientCertificate = { certificatePem: "PEM", privateKeyPem: secret(s, "key") };
      const geo = server(s, "geo", { tls: { enforced: true, hostnameVerifiable: true, clientCertificate } });
      managed(s, {}, { geo: named(s, geo, "gitlabhq_geo_production", "gitlab_geo") });
    });
    expect(found.join("\n")).toMatch(
      /GITLAB-PACKAGE-TOPOLOGY-GEO: topology\.geo must not require a client certificate, since the package has no setting for one \(geo_secondary\['db_sslcert'\]\) \(got "a client certificate"\)/,
    );
  });

  test("one database name on two servers behind one address, which the package takes for one", () => {
    const found = problemsOf((s) => {
      const [one, two] = [server(s, "one"), server(s, "two")];
      new LinuxPackageConfig(s, "package", {
        topology: topology(s, {
          main: named(s, one, "gitlab"),
          ci: two.database("gitlab", { owner: login(s, "gitlab_ci") }),
          allowSeparateCiDatabase: true,
        }),
        externalUrl: "https://gitlab.example.com",
        nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
        pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
      });
    });
    expect(found.join("\n")).toMatch(
      /GITLAB-PACKAGE-TOPOLOGY-CI: topology\.ci must have another name than main's at the same host and port, or the package takes it for main's database and never migrates it \(got "gitlab"\)/,
    );
  });
});

test("servers with different certificate verification behind one pooler", () => {
  const found = problemsOf((s) => {
    const [one, two] = [
      server(s, "one"),
      server(s, "two", { tls: { enforced: true, hostnameVerifiable: false } }),
    ];
    new LinuxPackageConfig(s, "package", {
      topology: topology(s, {
        main: named(s, one, "gitlabhq_production", "gitlab"),
        registry: named(s, two, "registry"),
      }),
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
      pooler: { host: "pool.example.com", consoleLogin: login(s, "pgbouncer") },
    });
  });
  expect(found.join("\n")).toMatch(
    /package\/Pooler\] .*must be on servers with the same SSL mode: .*\(got \["verify-full","verify-ca"\]\)/,
  );
});

test("prepared statements through the package's poolers", () => {
  const found = problemsOf((s) => {
    const db = server(s, "db");
    new LinuxPackageConfig(s, "package", {
      topology: topology(s, {
        main: named(s, db, "gitlabhq_production", "gitlab"),
        settings: { preparedStatements: true },
      }),
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
      pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
    });
  });
  expect(found.join("\n")).toMatch(
    /GITLAB-PACKAGE-TOPOLOGY-PREPARED-STATEMENTS: topology\.main\.preparedStatements must be false, since the package's PgBouncer runs in transaction mode \(got true\)/,
  );
});

test("settings that an older package does not support", () => {
  const found = problemsOf((s) => {
    const db = server(s, "db");
    const main = named(s, db, "gitlabhq_production", "gitlab");
    const older = new DatabaseTopology(s, "older", { version: GitlabVersion.of("19.2"), main });
    new LinuxPackageConfig(s, "second", {
      topology: older,
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pg", POSTGRES, { cluster: "c" })],
      clusters: [{ name: "c", server: db, passwordAddresses: ["10.0.0.0/8"], restrictDatabaseAccess: true }],
    });
  });
  expect(found.join("\n")).toMatch(
    /GITLAB-PACKAGE-CLUSTERS-C-RESTRICT-DATABASE-ACCESS: clusters\.c\.restrictDatabaseAccess must not be set before version 19\.3 of the package, which is 19\.2 \(got true\)/,
  );
});

describe("additional settings", () => {
  const extra = (settings: { [setting: string]: unknown }) =>
    onManaged({ nodes: [node("app", SINGLE_NODE, { extra: settings })] }).join("\n");

  test("known settings are accepted", () => {
    expect(
      extra({
        registry_external_url: "https://registry.example.com",
        "puma.worker_processes": 4,
        "gitlab_rails.time_zone": "UTC",
        "nginx.listen_port": 80,
      }),
    ).toBe("");
  });

  test.each<[string, { [setting: string]: unknown }, RegExp]>([
    [
      "an unknown section",
      { "pumas.x": 1 },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must be a setting of the package: .* \(got "pumas\.x"\)/,
    ],
    [
      "an unknown setting",
      { external_uri: "x" },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must be a setting of the package: .* \(got "external_uri"\)/,
    ],
    [
      "an unknown key",
      { "puma.workers": 4 },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must be a key of puma, since the package ignores others: .* \(got "puma\.workers"\)/,
    ],
    [
      "an unknown key of databases",
      { "gitlab_rails.db_hosts": "x" },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must be a key of gitlab_rails, since the package ignores others: .* \(got "gitlab_rails\.db_hosts"\)/,
    ],
    [
      "Ruby in a name",
      { "puma['x'] = system('y'); puma.z": 1 },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must be a setting such as puma\.worker_processes or registry_external_url \(got "puma\['x'\] = system\('y'\); puma\.z"\)/,
    ],
    [
      "what is written already",
      { "gitlab_rails.db_host": "x" },
      /GITLAB-PACKAGE-NODES-APP-EXTRA: nodes\.app\.extra must not be a setting that follows from the topology and the machines \(got "gitlab_rails\.db_host"\); change it there/,
    ],
    [
      "at the top, too",
      { external_url: "x" },
      /must not be a setting that follows from the topology and the machines \(got "external_url"\); change it there/,
    ],
    [
      "and by its parts",
      { "registry.database": {} },
      /must not be a setting that follows from the topology and the machines \(got "registry\.database"\); change it there/,
    ],
  ])("%s", (_, settings, message) => expect(extra(settings)).toMatch(message));

  test("a secret", () => {
    const found = problemsOf((s) => {
      const settings = { "gitlab_rails.smtp_password": secret(s, "smtp") };
      managed(s, { nodes: [node("app", SINGLE_NODE, { extra: settings })] });
    });
    expect(found.join("\n")).toMatch(
      /GITLAB-PACKAGE-NODES-APP-EXTRA-SECRET: nodes\.app\.extra must not be a secret \(got "gitlab_rails\.smtp_password"\); put it into a file on the machine and use rubyFile\(path\)/,
    );
  });
});

test("all mistakes are reported at once", () => {
  const found = onManaged({ nodes: [node("a b", "x" as never)], externalUrl: "x", secretFolder: "x" });
  expect(found).toHaveLength(5);
});

test("tokens are neither refused nor accepted by accident", () => {
  const { warnings } = synthesize((s) => {
    const text = (name: string) => new TerraformVariable(s, name, {}).stringValue;
    const number = (name: string) => new TerraformVariable(s, name, { type: "number" }).numberValue;
    const made = ownClusters(s, {
      externalUrl: text("url"),
      secretFolder: text("folder"),
      pooler: { host: text("host"), port: number("port"), consoleLogin: login(s, "pgbouncer") },
      consul: { datacenter: text("datacenter") },
    });
    for (const name of made.nodeNames) expect(made.gitlabRb(name)).not.toMatch(/-\d\.\d+e\+\d+/);
  });
  expect(warnings).toEqual([]);
});
