import { ref, Token } from "cdktf";
import { Construct } from "constructs";
import { DatabaseNetwork, RdsServer } from "../../../lib/aws";
import { shortened } from "../../../lib/aws/private/short-names";
import { MachineSize } from "../../../lib/database";
import { constructIdFor } from "../../../lib/database/private/construct-id";
import { synthesize } from "../../support/synth";
import { POSTGRES } from "./fixture";

test("names in a deep tree are legal and stable", () => {
  const names = () => {
    const out = synthesize((stack) => {
      let scope: Construct = stack;
      for (const id of ["Very.Long Department", "with-many-teams", "and-a-long-product-name"]) {
        scope = new Construct(scope, id);
      }
      const made = new DatabaseNetwork(scope, "network", {
        vpcId: "vpc-0a1",
        subnetIds: ["subnet-0a1", "subnet-0a2"],
      });
      new RdsServer(scope, "postgres", {
        engine: POSTGRES,
        size: MachineSize.general(2),
        storage: { sizeGiB: 100 },
        network: made,
      });
    });
    return [
      out.resource("aws_db_instance").identifier,
      out.resource("aws_db_subnet_group").name,
      out.resource("aws_iam_role").name_prefix,
      out.resource("aws_kms_alias").name,
    ];
  };
  const [identifier, subnets, role, alias] = names();
  expect(identifier).toMatch(/^test-very-long-department-with-many-teams-and-a-long-p[a-z-]*-[0-9a-f]{8}$/);
  expect(identifier.length).toBeLessThanOrEqual(63);
  expect(subnets).toBe("test-very-long-department-with-many-teams-and-a-long-product-name-network");
  expect(role.length).toBeLessThanOrEqual(38);
  expect(alias).toMatch(/^alias\/test-very-long-/);
  expect(names()).toEqual([identifier, subnets, role, alias]);
});

test("shortened keeps a name that fits, ends a longer one in a hash, and keeps tokens", () => {
  expect(shortened("short", 10)).toBe("short");
  const long = shortened("a-name-that-is-much-too-long", 16);
  expect(long).toHaveLength(15);
  expect(long).toMatch(/^a-name-[0-9a-f]{8}$/);
  expect(shortened("a-name-that-is-much-too-longer", 16)).not.toBe(long);
  expect(shortened("${var.a_name_that_is_long}", 5)).toBe("${var.a_name_that_is_long}");
});

test("constructIdFor is the value, or the same hash for the same expression", () => {
  synthesize((stack) => {
    expect(constructIdFor(stack, "sg-0a1")).toBe("sg-0a1");
    expect(constructIdFor(stack, 5432)).toBe("5432");
    const token = () => Token.asString(ref("var.a"));
    expect(constructIdFor(stack, token())).toMatch(/^[0-9a-f]{8}$/);
    expect(constructIdFor(stack, token())).toBe(constructIdFor(stack, token()));
    expect(constructIdFor(stack, token())).toBe(constructIdFor(stack, "${var.a}"));
    expect(constructIdFor(stack, token())).not.toBe(constructIdFor(stack, Token.asString(ref("var.b"))));
    expect(constructIdFor(stack, Token.asNumber(ref("var.port")))).toMatch(/^[0-9a-f]{8}$/);
  });
});
