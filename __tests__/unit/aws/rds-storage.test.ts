import { ref, Token } from "cdktf";
import { RdsReadReplica } from "../../../lib/aws";
import type { StorageProps } from "../../../lib/database";
import { synthesize } from "../../support/synth";
import { MYSQL, POSTGRES, server } from "./fixture";

const written = (storage: StorageProps, engine = POSTGRES) => {
  const { resource } = synthesize((stack) => void server(stack, { storage, engine }));
  const { allocated_storage, iops, storage_throughput } = resource("aws_db_instance");
  return [allocated_storage, iops, storage_throughput];
};

describe("gp3 across the threshold of provisioned IOPS", () => {
  test.each([POSTGRES, MYSQL])("$label: the larger volume has the IOPS that RDS asks for", (engine) => {
    expect(written({ sizeGiB: 399 }, engine)).toEqual([399, undefined, undefined]);
    expect(written({ sizeGiB: 400 }, engine)).toEqual([400, 12_000, 500]);
    expect(written({ sizeGiB: 450, iops: 16_000 }, engine)).toEqual([450, 16_000, 500]);
    expect(written({ sizeGiB: 450, throughputMiBps: 1_000 }, engine)).toEqual([450, 12_000, 1_000]);
  });

  test("a size that only Terraform knows decides there", () => {
    const size = Token.asNumber(ref("var.size"));
    expect(written({ sizeGiB: size })).toEqual([
      "${var.size}",
      "${(tonumber(var.size) >= 400) ? 12000 : null}",
      "${(tonumber(var.size) >= 400) ? 500 : null}",
    ]);
  });

  test("a read replica grows with its source, and has its IOPS", () => {
    const { json } = synthesize((stack) => {
      new RdsReadReplica(stack, "replica", { source: server(stack, { storage: { sizeGiB: 450 } }) });
    });
    for (const each of Object.values<object>(json.resource.aws_db_instance)) {
      expect(each).toMatchObject({ allocated_storage: 450, iops: 12_000, storage_throughput: 500 });
    }
  });
});
