import { type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, DatabaseLogin, type TlsTrust } from "../../../lib/database";
import {
  ConsulLeaderSource,
  type ConsulOptions,
  consulPatroniPolicy,
  consulWatchPolicy,
  type ILeaderSource,
  LEADER_HANDLER_SCRIPT,
  LeaderWatch,
  type LeaderWatchProps,
  LinuxPackagePooler,
  PatroniLeaderSource,
  type PatroniMember,
  patroniServiceName,
} from "../../../lib/pooling";
import { ENTRYPOINT_SCRIPT } from "../../../lib/pooling/private";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { CA, database, login, pooler, server } from "./fixture";

const CONSUL = { url: "http://127.0.0.1:8500" };
const scope = (name = "gitlab-main") => ConsulLeaderSource.fromPatroni(name, CONSUL);

function watched(
  stack: TerraformStack,
  source: ILeaderSource = scope(),
  props: Partial<LeaderWatchProps> = {},
  cloud = Cloud.SELF_MANAGED,
) {
  const cluster = server(stack, "cluster", { location: { cloud } });
  const watch = new LeaderWatch(stack, "watch", {
    server: cluster,
    source,
    ...props,
  });
  return {
    cluster,
    watch,
    entries: ["main", "ci"].map((name) => ({
      database: database(stack, name, cluster),
    })),
  };
}
const make =
  (source?: ILeaderSource, props?: Partial<LeaderWatchProps>, cloud?: Cloud) => (stack: TerraformStack) => {
    const { watch, entries } = watched(stack, source, props, cloud);
    pooler(stack, { entries, leaderWatches: [watch] });
  };
const containers = (result: ReturnType<typeof synthesize>): Json[] =>
  result.resource("kubernetes_deployment_v1").spec.template.spec.container;

describe("in Kubernetes", () => {
  test("one watch per logical database of the cluster in each pod", () => {
    const result = synthesize(make());
    const watches = containers(result).filter((c) => c.name.startsWith("watch-"));
    expect(watches.map((c) => c.name)).toEqual(["watch-main", "watch-ci"]);
    expect(watches[0].args.join(" ")).toBe(
      "consul --url http://127.0.0.1:8500 --service gitlab-main --tags primary,master --interval 1 --pause 5 --database main " +
        "--ini /run/pgbouncer/database-main.ini --template /etc/pgbouncer/database-main.ini --host /run/pgbouncer --port 6432",
    );
    expect(watches[0].security_context).toMatchObject({
      read_only_root_filesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  test("watched databases are separate files, which PgBouncer includes", () => {
    const { data } = synthesize(make())
      .resources("kubernetes_config_map_v1")
      .find((c) => "hba.conf" in c.data);
    expect(data["pgbouncer.ini"]).not.toMatch(/^main = /m);
    expect(data["pgbouncer.ini"]).toContain(
      "%include /run/pgbouncer/database-main.ini\n%include /run/pgbouncer/database-ci.ini\n",
    );
    expect(data["database-main.ini"]).toMatch(
      /^\[databases\]\nmain = host=cluster.example.com port=5432 dbname=main /,
    );
  });

  test("an entry on another server is not watched", () => {
    const result = synthesize((s) => {
      const { watch, entries } = watched(s);
      pooler(s, {
        entries: [...entries, { database: database(s, "registry", server(s, "managed")) }],
        leaderWatches: [watch],
      });
    });
    expect(containers(result).map((c) => c.name)).toEqual([
      "pgbouncer",
      "exporter",
      "watch-main",
      "watch-ci",
    ]);
  });

  test("several clusters in one Consul, and Patroni without Consul", () => {
    const result = synthesize((s) => {
      const other = server(s, "other");
      const members = new PatroniLeaderSource([
        { host: "db1.example.com" },
        { host: "10.0.0.2", port: 5433, apiUrl: "http://10.0.0.2:8009/" },
      ]);
      const { watch, entries } = watched(s);
      const second = new LeaderWatch(s, "second", {
        server: other,
        source: members,
        holdWithoutLeader: false,
        intervalSeconds: 3,
        pauseSeconds: 9,
      });
      pooler(s, {
        entries: [...entries, { database: database(s, "sec", other) }],
        leaderWatches: [watch, second],
      });
    });
    expect(containers(result).at(-1)?.args.slice(0, 11)).toEqual([
      ...[
        "patroni",
        "--member",
        "db1.example.com:5432=http://db1.example.com:8008",
        "--member",
        "10.0.0.2:5433=http://10.0.0.2:8009",
      ],
      ...["--interval", "3", "--pause", "9", "--no-hold", "--database"],
    ]);
  });

  test("Consul's token is in the Secret, and its CA certificates are in the ConfigMap", () => {
    const result = synthesize((s) => {
      const source = ConsulLeaderSource.fromService("main-db", {
        url: "https://consul:8501",
        token: login(s, "consul").password,
        caCertificatesPem: CA,
        datacenter: "dc1",
        useNodeName: true,
      });
      make(source, { image: "watch:1" })(s);
    });
    const [watch] = containers(result).filter((c) => c.name === "watch-main");
    expect(watch.image).toBe("watch:1");
    expect(watch.args.join(" ")).toContain(
      "--datacenter dc1 --token-file /etc/pgbouncer-secret/watch-main-token --ca-file /etc/pgbouncer/watch-main-ca.crt --from node",
    );
    expect(Object.keys(result.resource("kubernetes_secret_v1").data_wo)).toEqual([
      "userlist.txt",
      "watch-main-token",
      "watch-ci-token",
    ]);
    expect(JSON.stringify(containers(result))).not.toContain("var.password");
  });

  test("invalid names get valid, unique keys", () => {
    const result = synthesize((s) => {
      const cluster = server(s, "cluster");
      const watch = new LeaderWatch(s, "watch", {
        server: cluster,
        source: scope(),
      });
      pooler(s, {
        entries: ["a_b", "A_b", "a-b", `x${"y".repeat(50)}`].map((name) => ({
          database: database(s, name, cluster),
          poolSize: 1,
        })),
        leaderWatches: [watch],
      });
    });
    const names = containers(result).map((c) => c.name as string);
    expect(new Set(names).size).toBe(6);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(names).toContain("watch-a-b");
  });
});

describe("on a managed server", () => {
  test.each([Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE])("%s: inactive, with a note", (cloud) => {
    const result = synthesize(make(scope(), {}, cloud));
    expect(containers(result).map((c) => c.name)).toEqual(["pgbouncer", "exporter"]);
    expect(result.infos).toEqual([
      {
        path: "watch",
        message: `LEADER-WATCH-INACTIVE: inactive: ${cloud} moves the endpoint of test/cluster to the new primary at a failover`,
      },
    ]);
    const { data } = result.resources("kubernetes_config_map_v1").find((c) => "hba.conf" in c.data);
    expect(data["pgbouncer.ini"]).toMatch(/^main = host=/m);
    expect(result.resources("kubernetes_config_map_v1").some((c) => "leader-handler" in c.data)).toBe(false);
  });
});

describe("wrong input", () => {
  test.each<[string, () => ILeaderSource, string]>([
    [
      "a service that is no DNS name",
      () => ConsulLeaderSource.fromService("My Service", CONSUL),
      'LEADER-WATCH-SOURCE-SERVICE: source.service must be 1 to 230 lower-case letters, digits and hyphens, so that Consul\'s DNS can serve it (got "My Service")',
    ],
    [
      "the reserved service",
      () => ConsulLeaderSource.fromService("consul", CONSUL),
      'LEADER-WATCH-SOURCE-SERVICE: source.service must not be the service of Consul (got "consul")',
    ],
    [
      "an address without a scheme",
      () => ConsulLeaderSource.fromService("db", { url: "consul:8500" }),
      'LEADER-WATCH-SOURCE-URL: source.url must be a URL with http:// or https://, a host and a port, without a path (got "consul:8500")',
    ],
    [
      "an address with a path",
      () => ConsulLeaderSource.fromService("db", { url: "http://consul:8500/v1" }),
      "without a path",
    ],
    [
      "an address that the shell would run",
      () => ConsulLeaderSource.fromService("db", { url: "http://x;reboot" }),
      "source.url",
    ],
    [
      "a datacenter with a query",
      () =>
        ConsulLeaderSource.fromService("db", {
          ...CONSUL,
          datacenter: "dc1&stale",
        }),
      "source.datacenter",
    ],
    [
      "authorities without https",
      () => ConsulLeaderSource.fromService("db", { ...CONSUL, caCertificatesPem: CA }),
      'LEADER-WATCH-SOURCE-CA-CERTIFICATES-PEM: source.caCertificatesPem must not be set without https (got "text")',
    ],
    [
      "one member",
      () => new PatroniLeaderSource([{ host: "db1" }]),
      'LEADER-WATCH-SOURCE-MEMBERS: source.members must have at least two members (got "db1"); a single server needs no watch',
    ],
    [
      "a member twice",
      () => new PatroniLeaderSource([{ host: "db1" }, { host: "db1", port: 5432 }]),
      'LEADER-WATCH-SOURCE-MEMBERS: source.members must be unique (got "db1:5432")',
    ],
    [
      "a host with a scheme",
      () => new PatroniLeaderSource([{ host: "http://db1" }, { host: "db2" }]),
      "source.members.host",
    ],
    [
      "a port that is none",
      () => new PatroniLeaderSource([{ host: "db1", port: 0 }, { host: "db2" }]),
      'source.members.port must be a whole number from 1 to 65535 (got "0")',
    ],
    [
      "options without a URL",
      () => ConsulLeaderSource.fromService("db", {} as ConsulOptions),
      "LEADER-WATCH-SOURCE-URL: source.url must be set (got not set)",
    ],
    [
      "no members",
      () => new PatroniLeaderSource(undefined as unknown as PatroniMember[]),
      "source.members must have at least two members",
    ],
    [
      "a strange Patroni address",
      () => new PatroniLeaderSource([{ host: "db1", apiUrl: "db1:8008" }, { host: "db2" }]),
      "source.members.apiUrl",
    ],
  ])("%s", (_, source, message) => {
    expect(problemsOf(make(source())).join("\n")).toContain(message);
  });

  test("times out of range", () => {
    expect(problemsOf(make(scope(), { pauseSeconds: 0, intervalSeconds: 61 }))).toEqual([
      expect.stringContaining("pauseSeconds must be a whole number from 1 to 60 seconds (got 0)"),
      expect.stringContaining("intervalSeconds must be a whole number from 1 to 60 seconds (got 61)"),
    ]);
  });

  test("https with an image that has no curl", () => {
    expect(problemsOf(make(ConsulLeaderSource.fromService("db", { url: "https://consul:8501" })))).toEqual(
      expect.arrayContaining([expect.stringContaining("is queried over https, which needs curl")]),
    );
  });

  test("a cluster watched twice, a watch without entries, one source for two clusters", () => {
    const found = problemsOf((s) => {
      const { watch, entries, cluster } = watched(s);
      const twice = new LeaderWatch(s, "twice", {
        server: cluster,
        source: scope("gitlab-other"),
      });
      const idle = new LeaderWatch(s, "idle", {
        server: server(s, "nobodys"),
        source: scope("idle"),
      });
      const other = server(s, "other");
      const same = new LeaderWatch(s, "same", {
        server: other,
        source: scope("GitLab_Main"),
      });
      pooler(s, {
        entries: [...entries, { database: database(s, "sec", other) }],
        leaderWatches: [watch, twice, idle, same],
      });
    });
    expect(found.join("\n")).toContain(
      'PGBOUNCER-LEADER-WATCHES: leaderWatches must be one per server: test/cluster has another watch (got "twice")',
    );
    expect(found.join("\n")).toContain(
      'PGBOUNCER-LEADER-WATCHES: leaderWatches must watch the server of an entry: no entry is on test/nobodys (got "idle")',
    );
    expect(found.join("\n")).toContain(
      'PGBOUNCER-LEADER-WATCHES: leaderWatches must have a separate source: Consul service gitlab-main is also the source of watch (got "same")',
    );
  });

  test("a Consul token without TLS is an opt-out, except to a local agent", () => {
    const infos = (url: string) =>
      synthesize((s) =>
        make(
          ConsulLeaderSource.fromService("db", {
            url,
            token: login(s, "consul").password,
          }),
        )(s),
      ).infos;
    expect(infos("http://consul:8500").map((i) => i.message)).toEqual([
      "opt-out: LEADER-WATCH-SOURCE-URL: source.url: Consul's ACL token is sent over the network without TLS",
    ]);
    expect(infos("http://127.0.0.1:8500")).toEqual([]);
  });

  test("tokens are accepted and not checked", () => {
    expect(
      problemsOf((s) => {
        const text = (id: string) => new TerraformVariable(s, id, { type: "string" }).stringValue;
        make(ConsulLeaderSource.fromPatroni(text("scope"), { url: text("url") }))(s);
      }),
    ).toEqual([]);
  });
});

test("patroniServiceName follows Patroni's rule", () => {
  expect(["GitLab_Main", "a.b c", "x/y", "ok-1"].map(patroniServiceName)).toEqual([
    "gitlab-main",
    "a-b-c",
    "xu0047y",
    "ok-1",
  ]);
});

test("ACL policies: read access for the watch, write access to one scope for Patroni", () => {
  expect(consulWatchPolicy(["b", "a", "b"])).toBe(
    'service "a" {\n  policy = "read"\n}\nservice "b" {\n  policy = "read"\n}\nnode_prefix "" {\n  policy = "read"\n}\n',
  );
  expect(consulPatroniPolicy("GitLab_Main", "/gitlab/")).toContain(
    'key_prefix "gitlab/GitLab_Main/" {\n  policy = "write"',
  );
  expect(consulPatroniPolicy("x")).toContain('key_prefix "service/x/"');
});

test("scripts have no ${ or %{ templates", () => {
  for (const script of [LEADER_HANDLER_SCRIPT, ENTRYPOINT_SCRIPT]) {
    expect(script).not.toContain("${");
    expect(script.startsWith("#!/bin/sh\n")).toBe(true);
    expect(script).not.toMatch(/@[A-Z]+@/);
  }
});

describe("for the Linux package", () => {
  const texts = (build: (s: TerraformStack) => LinuxPackagePooler) => {
    let made: LinuxPackagePooler | undefined;
    synthesize((s) => {
      made = build(s);
    });
    return made as LinuxPackagePooler;
  };

  test("one watch per logical database, on the service of its cluster", () => {
    const made = texts((s) => {
      const { watch, entries } = watched(s);
      return new LinuxPackagePooler(s, "nodes", {
        entries,
        leaderWatches: [watch],
      });
    });
    expect(made.gitlabRb).toMatchInlineSnapshot(`
      "# PgBouncer: one entry for each logical database, a user of its own for each component.
      pgbouncer['enable'] = true
      pgbouncer['server_tls_sslmode'] = 'verify-full'
      pgbouncer['server_tls_ca_file'] = '/opt/gitlab/embedded/ssl/certs/cacert.pem'
      pgbouncer['server_tls_protocols'] = 'secure'
      # After a failover the new server is tried at once.
      pgbouncer['server_login_retry'] = 1
      pgbouncer['server_connect_timeout'] = 5
      pgbouncer['databases'] = {
        'main' => {
          host: 'cluster.example.com',
          port: 5432,
          dbname: 'main',
          user: 'main_owner',
          password: File.read('/etc/gitlab/pooling/main_owner.md5').strip,
          pool_mode: 'transaction',
        },
        'ci' => {
          host: 'cluster.example.com',
          port: 5432,
          dbname: 'ci',
          user: 'ci_owner',
          password: File.read('/etc/gitlab/pooling/ci_owner.md5').strip,
          pool_mode: 'transaction',
        },
      }
      # The watches change the list of databases, so it belongs to Consul's user. After a change of pgbouncer['databases']
      # the package writes that list anew: run \`gitlab-ctl hup consul\`, which makes the watches look again.
      pgbouncer['databases_ini'] = '/var/opt/gitlab/consul/databases.ini'
      pgbouncer['databases_json'] = '/var/opt/gitlab/consul/databases.json'
      pgbouncer['databases_ini_user'] = 'gitlab-consul'
      # One watch for each logical database, on the service of its cluster. The package's own watch, which knows one cluster
      # only, stays off. The console's password: gitlab-ctl write-pgpass --database pgbouncer --user pgbouncer --hostuser gitlab-consul
      consul['enable'] = true
      consul['watchers'] = []
      consul['configuration'] = {
        watches: [
          {
            type: 'service',
            service: 'gitlab-main',
            args: ['/bin/sh', '/etc/gitlab/pooling/leader-handler', 'handle', '--database', 'main', '--ini', '/var/opt/gitlab/consul/databases.ini', '--psql', '/opt/gitlab/embedded/bin/psql', '--tags', 'primary,master', '--pause', '5'],
          },
          {
            type: 'service',
            service: 'gitlab-main',
            args: ['/bin/sh', '/etc/gitlab/pooling/leader-handler', 'handle', '--database', 'ci', '--ini', '/var/opt/gitlab/consul/databases.ini', '--psql', '/opt/gitlab/embedded/bin/psql', '--tags', 'primary,master', '--pause', '5'],
          },
        ],
      }
      "
    `);
    expect(made.consulPolicy).toBe(consulWatchPolicy(["gitlab-main"]));
    expect(made.handlerScript).toBe(LEADER_HANDLER_SCRIPT);
  });

  test("managed servers have no Consul settings", () => {
    const made = texts((s) => {
      const { watch, entries } = watched(s, scope(), {}, Cloud.AWS);
      return new LinuxPackagePooler(s, "nodes", {
        entries,
        leaderWatches: [watch],
      });
    });
    expect(made.gitlabRb).not.toContain("consul[");
    expect(made.consulPolicy).toBeUndefined();
  });

  test("a Patroni source and invalid entries are refused", () => {
    const found = problemsOf((s) => {
      const { watch, entries } = watched(s, new PatroniLeaderSource([{ host: "a" }, { host: "b" }]));
      new LinuxPackagePooler(s, "nodes", {
        entries: [
          ...entries,
          { database: entries[0]?.database as never },
          {
            database: server(s, "iam", { acceptsCloudIdentity: true }).database("sec", {
              owner: DatabaseLogin.withCloudIdentity("iam"),
            }),
          },
        ],
        leaderWatches: [watch],
        folder: "etc/x'",
      });
    });
    expect(found.join("\n")).toContain(
      'PGBOUNCER-ENTRIES-LOGIN: entries[sec].login must be a login with a password: a pooler cannot log in with its clients\' cloud identities (got "cloud-identity")',
    );
    expect(found.join("\n")).toContain(
      "PGBOUNCER-LEADER-WATCHES: leaderWatches must have a Consul service as source: Consul runs the watches of the Linux package, and the source is Patroni on a, b",
    );
    expect(found.join("\n")).toContain(
      'PGBOUNCER-ENTRIES-NAME: entries.name must be unique (got "main"); give one of the entries another name',
    );
    expect(found.join("\n")).toContain("PGBOUNCER-FOLDER: folder must be an absolute path");
  });

  test("server certificates are verified, although the package's default is no TLS", () => {
    const two = (a: Partial<TlsTrust>, b: Partial<TlsTrust>) => (s: TerraformStack) => {
      const on = (id: string, trust: Partial<TlsTrust>) =>
        server(s, id, {
          tls: { enforced: true, hostnameVerifiable: true, ...trust },
        });
      return new LinuxPackagePooler(s, "nodes", {
        entries: [{ database: database(s, "main", on("a", a)) }, { database: database(s, "ci", on("b", b)) }],
      });
    };
    const rb = (tls: Partial<TlsTrust>) => {
      const made = texts(two(tls, tls));
      return {
        made,
        lines: made.gitlabRb.split("\n").filter((line) => line.includes("server_tls")),
      };
    };
    const own = rb({ caCertificatesPem: CA });
    expect(own.lines).toEqual([
      "pgbouncer['server_tls_sslmode'] = 'verify-full'",
      "pgbouncer['server_tls_ca_file'] = '/etc/gitlab/pooling/server-ca.crt'",
      "pgbouncer['server_tls_protocols'] = 'secure'",
    ]);
    expect(own.made.serverCaCertificatesPem).toBe(CA);
    expect(rb({}).lines[1]).toContain("/opt/gitlab/embedded/ssl/certs/cacert.pem");
    expect(rb({ offered: false, enforced: false }).lines).toEqual([
      "pgbouncer['server_tls_sslmode'] = 'disable'",
    ]);
    expect(problemsOf(two({ caCertificatesPem: CA }, { offered: false, enforced: false }))).toEqual([
      expect.stringContaining(
        "PGBOUNCER-ENTRIES-TLS: entries must be on servers with the same SSL mode: PgBouncer has one server_tls_sslmode",
      ),
    ]);
  });

  test("quotes in names are escaped in Ruby", () => {
    const made = texts((s) => {
      const cluster = server(s, "cluster");
      return new LinuxPackagePooler(s, "nodes", {
        entries: [{ database: cluster.database("main", { owner: login(s, "o.k") }) }],
        folder: "/etc/pool",
      });
    });
    expect(made.gitlabRb).toContain("password: File.read('/etc/pool/o.k.md5').strip");
    expect(made.gitlabRb).not.toContain("var.password");
  });
});
