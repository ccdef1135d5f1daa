/** Private connectivity of servers: private services access and Private Service Connect. */
import { TerraformStack, TerraformVariable } from "cdktf";
import { SslMode, strictestSslMode } from "../../../lib/database";
import { CloudSqlCertificateAuthority, DatabaseNetwork, PrivateServiceConnect } from "../../../lib/google";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { server, VPC } from "./fixture";

const SUBNET = "projects/platform/regions/europe-west1/subnetworks/endpoints";
const psc = { networkId: VPC, subnetworkId: SUBNET, allowedConsumerProjects: ["platform"] };

describe("private services access", () => {
  test("allocates a range, creates the connection, and abandons it on destroy", () => {
    const { resource } = synthesize((stack) => {
      new DatabaseNetwork(stack, "network", {
        networkId: VPC,
        cidrBlock: "10.20.0.0/20",
        tags: { team: "db" },
      });
    });
    expect(resource("google_compute_global_address")).toMatchObject({
      name: "test-network-sql",
      purpose: "VPC_PEERING",
      address_type: "INTERNAL",
      address: "10.20.0.0",
      prefix_length: 20,
      network: VPC,
      labels: { team: "db" },
    });
    expect(resource("google_service_networking_connection")).toEqual({
      network: VPC,
      service: "servicenetworking.googleapis.com",
      reserved_peering_ranges: ["${google_compute_global_address.network_Range_993B6A75.name}"],
      deletion_policy: "ABANDON",
    });
  });

  test("is the only connection of its VPC network in the program, in whichever stack", () => {
    const twin = `https://www.googleapis.com/compute/v1/${VPC}`;
    expect(
      problemsOf((stack) => {
        new DatabaseNetwork(stack, "network", { networkId: VPC });
        new DatabaseNetwork(new TerraformStack(stack.node.root, "second"), "network", {
          networkId: "projects/p/global/networks/n",
        });
        new DatabaseNetwork(stack, "twin", { networkId: twin });
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[twin\] CLOUDSQL-NETWORK-NETWORK-ID-CONNECTION: networkId must be another VPC network, since test\/network makes its only .*; use DatabaseNetwork.fromDatabaseNetworkAttributes/,
      ),
    ]);
  });

  test("takes over an existing connection only when told, which is recorded", () => {
    const { resource, infos } = synthesize((stack) => {
      new DatabaseNetwork(stack, "network", { networkId: VPC, updateOnCreationFail: true });
    });
    expect(resource("google_service_networking_connection").update_on_creation_fail).toBe(true);
    expect(infos.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^opt-out: CLOUDSQL-NETWORK-UPDATE-ON-CREATION-FAIL: /),
    ]);
  });

  test("makes a server depend on the connection, to which none of its arguments refers", () => {
    const { resource } = synthesize((stack) => {
      server(stack, { network: new DatabaseNetwork(stack, "network", { networkId: VPC }) });
    });
    const made = resource("google_sql_database_instance");
    expect(made.depends_on).toEqual(["google_service_networking_connection.network_39EEAA36"]);
    expect(made.settings.ip_configuration).toMatchObject({
      ipv4_enabled: false,
      private_network: VPC,
      allocated_ip_range: "${google_compute_global_address.network_Range_993B6A75.name}",
    });
  });

  test("creates a VPC network by default", () => {
    const { resource, stack } = synthesize((stack) => void new DatabaseNetwork(stack, "network"));
    expect(resource("google_compute_network")).toMatchObject({
      name: "test-network",
      auto_create_subnetworks: false,
    });
    expect(resource("google_compute_global_address").address).toBeUndefined();
    expect(treeOf(stack.node.findChild("network"))).toBe("Network\nRange\nResource\nPeered\n");
  });

  test("that exists creates no resources", () => {
    const { json } = synthesize((stack) => {
      const network = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
        networkId: VPC,
        allocatedRangeName: "sql",
      });
      expect(network.ipConfiguration).toEqual({
        ipv4Enabled: false,
        privateNetwork: VPC,
        allocatedIpRange: "sql",
      });
    });
    expect(json.resource).toBeUndefined();
  });

  test.each([
    [
      { networkId: "main" },
      /^\[network\] CLOUDSQL-NETWORK-NETWORK-ID: networkId must be projects\/PROJECT\/global\/networks\/NAME.*"main"/,
    ],
    [
      { networkId: VPC, cidrBlock: "10.20.0.0/12" },
      /^\[network\] CLOUDSQL-NETWORK-CIDR-BLOCK: cidrBlock must be a private IPv4 range.*"10.20.0.0\/12"/,
    ],
    [
      { networkId: VPC, cidrBlock: "10.20.0.0/25" },
      /^\[network\] CLOUDSQL-NETWORK-CIDR-BLOCK: cidrBlock must be/,
    ],
    [{ networkId: VPC, cidrBlock: "10.20.1.0/20" }, /from \/16 to \/24 that begins with its first address/],
    [
      { networkId: VPC, cidrBlock: "8.8.0.0/20" },
      /^\[network\] CLOUDSQL-NETWORK-CIDR-BLOCK: cidrBlock must be/,
    ],
    [
      { networkId: VPC, cidrBlock: "10.20.0.300/20" },
      /^\[network\] CLOUDSQL-NETWORK-CIDR-BLOCK: cidrBlock must be/,
    ],
    [{ networkId: VPC, tags: { Team: "x" } }, /^\[network\] CLOUDSQL-NETWORK-TAGS: tags\["Team"\]/],
  ])("refuses %j", (props, message) => {
    expect(problemsOf((stack) => void new DatabaseNetwork(stack, "network", props))[0]).toMatch(message);
  });

  test("accepts a VPC network that is not known at synth, but no such range", () => {
    expect(
      problemsOf((stack) => {
        const id = new TerraformVariable(stack, "vpc", { type: "string" }).stringValue;
        server(stack, { network: new DatabaseNetwork(stack, "network", { networkId: id }) });
      }),
    ).toEqual([]);
    expect(
      problemsOf((stack) => {
        const cidrBlock = new TerraformVariable(stack, "range", { type: "string" }).stringValue;
        new DatabaseNetwork(stack, "network", { networkId: VPC, cidrBlock });
      }),
    ).toEqual([
      "[network] CLOUDSQL-NETWORK-CIDR-BLOCK: cidrBlock must be known at synth, since it is split into address and prefix (got not known at synth); leave it out",
    ]);
  });
});

describe("Private Service Connect", () => {
  test("creates the producer side, and address, endpoint and DNS zone of the consumer side", () => {
    const { resource } = synthesize((stack) => {
      const db = server(stack, { network: new PrivateServiceConnect(stack, "network", psc) });
      // The instance, the endpoint, its DNS record, and the administrator with its secret.
      expect(db.dependables).toHaveLength(5);
    });
    expect(resource("google_sql_database_instance").settings.ip_configuration).toMatchObject({
      ipv4_enabled: false,
      psc_config: [{ psc_enabled: true, allowed_consumer_projects: ["platform"] }],
    });
    expect(
      resource("google_sql_database_instance").settings.ip_configuration.private_network,
    ).toBeUndefined();
    expect(resource("google_compute_address")).toMatchObject({
      name: "test-db-psc",
      address_type: "INTERNAL",
      subnetwork: SUBNET,
      region: "europe-west1",
    });
    expect(resource("google_compute_forwarding_rule")).toMatchObject({
      // Left out, the provider would write EXTERNAL.
      load_balancing_scheme: "",
      network: VPC,
      target: "${google_sql_database_instance.db_ECC37780.psc_service_attachment_link}",
      allow_psc_global_access: false,
    });
    expect(resource("google_dns_record_set").rrdatas).toEqual([
      "${google_compute_address.db_Endpoint_Address_88816ECC.address}",
    ]);
  });

  test("lets clients verify the host name only with a regional CA", () => {
    const mode = (certificateAuthority?: CloudSqlCertificateAuthority) => {
      let found: SslMode | undefined;
      synthesize((stack) => {
        const network = new PrivateServiceConnect(stack, "network", psc);
        found = strictestSslMode(server(stack, { network, certificateAuthority }).tls);
      });
      return found;
    };
    expect(mode()).toBe(SslMode.VERIFY_CA);
    expect(mode(CloudSqlCertificateAuthority.REGIONAL)).toBe(SslMode.VERIFY_FULL);
  });

  test("serves several servers", () => {
    const { resources } = synthesize((stack) => {
      const network = new PrivateServiceConnect(stack, "network", { ...psc, globalAccess: true });
      server(stack, { network }, "one");
      server(stack, { network }, "two");
    });
    expect(resources("google_compute_forwarding_rule").map((rule) => rule.name)).toEqual([
      "test-one-psc",
      "test-two-psc",
    ]);
    expect(resources("google_dns_managed_zone").map((zone) => zone.name)).toEqual([
      "test-one-dns",
      "test-two-dns",
    ]);
  });

  test.each([
    [{ networkId: "main" }, /^\[network\] CLOUDSQL-NETWORK-NETWORK-ID: networkId must be .*"main"/],
    [
      { subnetworkId: "endpoints" },
      /^\[network\] CLOUDSQL-NETWORK-SUBNETWORK-ID: subnetworkId must be projects\/PROJECT\/regions/,
    ],
    [
      { allowedConsumerProjects: [] },
      /^\[network\] CLOUDSQL-NETWORK-ALLOWED-CONSUMER-PROJECTS: allowedConsumerProjects must include at least the project/,
    ],
    [
      { allowedConsumerProjects: ["P"] },
      /^\[network\] CLOUDSQL-NETWORK-ALLOWED-CONSUMER-PROJECTS: allowedConsumerProjects must be project ids or project numbers/,
    ],
  ])("refuses %j", (props, message) => {
    expect(
      problemsOf((stack) => void new PrivateServiceConnect(stack, "network", { ...psc, ...props })),
    ).toEqual([expect.stringMatching(message)]);
  });

  test("accepts projects that are not known at synth", () => {
    expect(
      problemsOf((stack) => {
        const list = new TerraformVariable(stack, "projects", { type: "list(string)" }).listValue;
        new PrivateServiceConnect(stack, "network", { ...psc, allowedConsumerProjects: list });
      }),
    ).toEqual([]);
  });
});
