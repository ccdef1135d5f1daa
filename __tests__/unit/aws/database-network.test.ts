import { ref, Token } from "cdktf";
import { DatabaseNetwork, type DatabaseNetworkProps, SecurityGroup } from "../../../lib/aws";
import { TerraformData } from "../../../lib/database";
import { problemsOf, synthesize, treeOf, waitedFor } from "../../support/synth";
import { network, provider, server } from "./fixture";

const group = SecurityGroup.fromSecurityGroupId;

const EXISTING: DatabaseNetworkProps = {
  vpcId: "vpc-0a1",
  subnetIds: ["subnet-0a1", "subnet-0a2"],
};
const OWN: DatabaseNetworkProps = {
  cidrBlock: "10.20.0.0/24",
  availabilityZones: ["eu-central-1a", "eu-central-1c"],
};

describe("an existing VPC", () => {
  test("has no ingress rules until clients are given", () => {
    const out = synthesize((stack) => void server(stack));
    const group = out.resource("aws_security_group");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
    expect(out.resources("aws_vpc_security_group_ingress_rule")).toEqual([]);
    expect(out.resources("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  test("has an ingress rule for each client and port, by id and not by position", () => {
    const rules = (clients: string[]) =>
      synthesize((stack) => void server(stack, { network: network(stack, clients) })).json.resource
        .aws_vpc_security_group_ingress_rule;
    const both = rules(["sg-0a1", "sg-0b2"]);
    expect(Object.values(both)[0]).toMatchObject({
      security_group_id: "${aws_security_group.network_SecurityGroup_8941526E.id}",
      referenced_security_group_id: "sg-0a1",
      ip_protocol: "tcp",
      from_port: 5432,
      to_port: 5432,
    });
    // What remains when one goes, or the order changes, keeps its address.
    expect(Object.keys(both)).toEqual(expect.arrayContaining(Object.keys(rules(["sg-0b2"]))));
    expect(Object.keys(rules(["sg-0b2", "sg-0a1"])).sort()).toEqual(Object.keys(both).sort());
  });

  test("takes clients after the server, and a second server on another port", () => {
    const out = synthesize((stack) => {
      const made = network(stack);
      server(stack, { network: made });
      made.allowFrom("office", group("sg-0c3"), "The office's VPN");
      made.openPort(6432);
      made.openPort(5432);
    });
    const rules = out.resources("aws_vpc_security_group_ingress_rule");
    expect(rules.map((rule) => rule.from_port).sort()).toEqual([5432, 6432]);
    expect(rules[0].description).toBe("Database connections from The office's VPN".replace("'", " "));
  });

  test("a consumer waits for the clients and ports that are added after it was constructed", () => {
    const { json } = synthesize((stack) => {
      const made = network(stack);
      const { dependables } = server(stack, { network: made });
      new TerraformData(stack, "consumer", { dependsOn: dependables });
      made.allowFrom("nodes", group("sg-0c3"));
      made.allowFrom("office", group("sg-0d4"));
      made.openPort(6432);
    });
    const rules = Object.keys(json.resource.aws_vpc_security_group_ingress_rule);
    expect(rules).toHaveLength(4);
    expect([...waitedFor(json, "terraform_data.consumer")]).toEqual(
      expect.arrayContaining(rules.map((name) => `aws_vpc_security_group_ingress_rule.${name}`)),
    );
  });

  test("has Terraform check that the subnets are in two Availability Zones", () => {
    const out = synthesize((stack) => void network(stack));
    expect(out.data("aws_subnet")).toEqual({
      count: 2,
      id: '${element(["subnet-0a1", "subnet-0a2"], count.index)}',
    });
    expect(out.resource("aws_db_subnet_group").lifecycle.precondition[0].condition).toBe(
      "${length(distinct(data.aws_subnet.network_SubnetFacts_4A051BA8[*].availability_zone)) >= 2}",
    );
  });

  test("derives names from the construct path only, so that no change of subnets replaces the server", () => {
    const name = (props: DatabaseNetworkProps) =>
      synthesize((stack) => {
        provider(stack);
        new DatabaseNetwork(stack, "network", props);
      }).resource("aws_db_subnet_group").name;
    expect(name(EXISTING)).toBe("test-network");
    expect(
      name({
        ...EXISTING,
        subnetIds: ["subnet-0f8", "subnet-0f9", "subnet-0fa"],
      }),
    ).toBe("test-network");
  });

  test("takes lists and members that are known to Terraform only", () => {
    const out = synthesize((stack) => {
      const made = new DatabaseNetwork(stack, "network", {
        vpcId: Token.asString(ref("var.vpc")),
        subnetIds: Token.asList(ref("var.subnets")),
        clients: SecurityGroup.fromSecurityGroupIds(Token.asList(ref("var.clients"))),
      });
      server(stack, { network: made });
    });
    expect(out.resource("aws_db_subnet_group").subnet_ids).toBe("${var.subnets}");
    expect(out.data("aws_subnet")).toEqual({
      count: "${length(var.subnets)}",
      id: "${element(var.subnets, count.index)}",
    });
    expect(out.resource("aws_vpc_security_group_ingress_rule")).toMatchObject({
      for_each: "${toset(tolist(var.clients))}",
      referenced_security_group_id: "${each.value}",
    });
  });

  test("derives the construct id of a client that is a token from its expression", () => {
    const ids = (clients: string[]) =>
      Object.keys(
        synthesize((stack) => void server(stack, { network: network(stack, clients) })).json.resource
          .aws_vpc_security_group_ingress_rule,
      );
    const token = () => Token.asString(ref("aws_security_group.nodes.id"));
    expect(ids([token()])).toEqual(ids(["${aws_security_group.nodes.id}"]));
    expect(ids(["sg-0a1", token()])).toEqual(expect.arrayContaining(ids([token()])));
    expect(ids([Token.asString(ref("aws_security_group.others.id"))])).not.toEqual(ids([token()]));
  });
});

describe("a new VPC", () => {
  const out = synthesize((stack) => {
    provider(stack);
    new DatabaseNetwork(stack, "network", OWN);
  });

  test("has no route to or from the internet", () => {
    for (const type of ["aws_internet_gateway", "aws_nat_gateway", "aws_route", "aws_eip"]) {
      expect(out.resources(type)).toEqual([]);
    }
    expect(out.resource("aws_route_table")).not.toHaveProperty("route");
    for (const subnet of out.resources("aws_subnet")) expect(subnet.map_public_ip_on_launch).toBe(false);
    expect(out.resource("aws_default_security_group")).not.toHaveProperty("ingress");
    expect(out.resource("aws_default_security_group")).not.toHaveProperty("egress");
  });

  test("derives the CIDR block of a subnet from the zone's letter", () => {
    const ranges = out.resources("aws_subnet").map((s) => [s.availability_zone, s.cidr_block]);
    expect(ranges).toEqual([
      ["eu-central-1a", '${cidrsubnet("10.20.0.0/24", 3, 0)}'],
      ["eu-central-1c", '${cidrsubnet("10.20.0.0/24", 3, 2)}'],
    ]);
  });

  test("has an encrypted flow log that is kept for a year", () => {
    expect(out.resource("aws_flow_log")).toMatchObject({
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
    });
    expect(out.resource("aws_cloudwatch_log_group")).toMatchObject({
      retention_in_days: 365,
      kms_key_id: "${aws_kms_key.network_Vpc_FlowLog_Key_AA3867CD.arn}",
    });
  });

  test("has a frozen tree", () => {
    expect(treeOf(out.stack.node.findChild("network"))).toMatchInlineSnapshot(`
      "Vpc
        Resource
        DefaultSecurityGroup
        RouteTable
        Subnet-eu-central-1a
        Routes-eu-central-1a
        Subnet-eu-central-1c
        Routes-eu-central-1c
        FlowLog
          Key
            Resource
            Alias
          LogGroup
          Role
          Policy
          Resource
      Subnets
      SecurityGroup
      "
    `);
  });

  test("takes Availability Zones that are known to Terraform only", () => {
    const late = synthesize((stack) => {
      provider(stack);
      new DatabaseNetwork(stack, "network", {
        cidrBlock: "${var.range}",
        availabilityZones: ["${var.zone_a}", Token.asString(ref("var.zone_b"))],
      });
    });
    expect(late.resources("aws_subnet").map((s) => s.cidr_block)).toEqual([
      '${cidrsubnet(var.range, 3, index(["a", "b", "c", "d", "e", "f", "g", "h"], substr(var.zone_a, -1, 1)))}',
      '${cidrsubnet(var.range, 3, index(["a", "b", "c", "d", "e", "f", "g", "h"], substr(var.zone_b, -1, 1)))}',
    ]);
  });

  test("records a disabled flow log as an opt-out", () => {
    const without = synthesize((stack) => {
      provider(stack);
      new DatabaseNetwork(stack, "network", { ...OWN, flowLog: false });
    });
    expect(without.resources("aws_flow_log")).toEqual([]);
    expect(without.infos[0]?.message).toMatch(/^opt-out: RDS-NETWORK-FLOW-LOG: flowLog/);
  });
});

test("allowCidr is recorded as an opt-out with its reason", () => {
  const out = synthesize((stack) => {
    const made = network(stack);
    server(stack, { network: made });
    made.allowCidr("vpn", "10.99.0.0/16", "the VPN gateway has no security group");
  });
  expect(out.resource("aws_vpc_security_group_ingress_rule").cidr_ipv4).toBe("10.99.0.0/16");
  expect(out.infos[0]?.message).toMatch(
    /^opt-out: RDS-NETWORK-ALLOW-CIDR: allowCidr\("vpn"\): 10\.99\.0\.0\/16 .*VPN gateway/,
  );
});

test("an existing DB subnet group and security group", () => {
  const out = synthesize((stack) => {
    provider(stack);
    const made = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
      vpcId: "vpc-0a1",
      subnetGroupName: "databases",
      securityGroup: group("sg-0d4"),
    });
    server(stack, { network: made });
  });
  expect(out.resource("aws_db_instance")).toMatchObject({
    db_subnet_group_name: "databases",
    vpc_security_group_ids: ["sg-0d4"],
  });
  expect(out.resources("aws_security_group")).toEqual([]);
});

describe("refuses", () => {
  const MISTAKES: [string, DatabaseNetworkProps, RegExp][] = [
    ["no props", {}, /RDS-NETWORK-VPC-ID: vpcId must be set with subnetIds .*\(got not set\); give one/],
    [
      "an existing and a new VPC",
      { ...EXISTING, ...OWN },
      /vpcId must be set with subnetIds .*\(got "vpc-0a1"\); give one/,
    ],
    [
      "one subnet",
      { ...EXISTING, subnetIds: ["subnet-0a1"] },
      /subnetIds must have two members or more \(got \["subnet-0a1"\]\)/,
    ],
    ["no subnet", { ...EXISTING, subnetIds: [] }, /subnetIds must have two members or more \(got \[\]\)/],
    [
      "a subnet twice",
      { ...EXISTING, subnetIds: ["subnet-0a1", "subnet-0a2", "subnet-0a1"] },
      /subnetIds must not have a member twice/,
    ],
    [
      "the name of a subnet",
      { ...EXISTING, subnetIds: ["private-a", "subnet-0a2"] },
      /subnetIds must .*\(got "private-a"\)/,
    ],
    ["subnets without a VPC", { subnetIds: ["subnet-0a1", "subnet-0a2"] }, /vpcId must .*\(got not set\)/],
    ["a VPC without subnets", { vpcId: "vpc-0a1" }, /subnetIds must .*\(got not set\)/],
    ["the name of a VPC", { ...EXISTING, vpcId: "main" }, /vpcId must .*\(got "main"\)/],
    [
      "a CIDR block as a client",
      { ...EXISTING, clients: [group("0.0.0.0/0")] },
      /clients must be a security group with an ID such as sg-.*\(got "0\.0\.0\.0\/0"\); give SecurityGroup/,
    ],
    [
      "a client twice",
      { ...EXISTING, clients: [group("sg-0a1"), group("sg-0a1")] },
      /clients must be unique \(got "sg-0a1"\)/,
    ],
    [
      "one Availability Zone",
      { ...OWN, availabilityZones: ["eu-central-1a"] },
      /availabilityZones must have two members or more \(got \["eu-central-1a"\]\)/,
    ],
    [
      "a region as an Availability Zone",
      { ...OWN, availabilityZones: ["eu-central-1", "eu-central-1b"] },
      /availabilityZones must .*\(got "eu-central-1"\)/,
    ],
    [
      "Availability Zones without a CIDR block",
      { availabilityZones: ["eu-central-1a", "eu-central-1b"] },
      /cidrBlock must .*\(got not set\)/,
    ],
    [
      "a CIDR block that is too small",
      { ...OWN, cidrBlock: "10.0.0.0/28" },
      /cidrBlock must .*\(got "10\.0\.0\.0\/28"\)/,
    ],
  ];

  test.each(MISTAKES)("%s", (_, props, message) => {
    const problems = problemsOf((stack) => {
      provider(stack);
      new DatabaseNetwork(stack, "network", props);
    });
    expect(problems.join("\n")).toMatch(message);
    expect(problems.every((problem) => problem.startsWith("[network"))).toBe(true);
  });

  test("a CIDR block of all addresses", () => {
    for (const all of ["0.0.0.0/0", "::/0", "10.0.0.0"]) {
      expect(problemsOf((stack) => network(stack).allowCidr("all", all, "why not"))).toHaveLength(1);
    }
  });
});
