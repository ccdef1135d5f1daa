/**
 * A bucket of S3 with a user, an identity and copies in another region, applied by the real aws provider to an emulated AWS:
 * created, planned again, changed, destroyed. The tests follow each other; each goes on where the one before it ended.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { BucketUser, IrsaIdentity, S3Bucket, S3BucketReplication, S3StorageClass } from "../../../lib/aws";
import { DeletionPolicy } from "../../../lib/database";
import { python } from "../../../tools/machine/python-environment";
import { realAwsProvider, type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import {
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";

interface Tools {
  readonly terraform: TerraformTools;
  readonly aws: string;
}

function tools(): Tools | Unavailable {
  const [terraform, aws, moto] = [terraformWithMirror(), realAwsProvider(), python("aws")];
  if (terraform instanceof Unavailable || aws instanceof Unavailable || moto instanceof Unavailable) {
    return [terraform, aws, moto].find((each) => each instanceof Unavailable) as Unavailable;
  }
  return { terraform, aws };
}

// The emulator has one host for all buckets.
const PATHS = { s3UsePathStyle: true };

// moto 5.2.5 reads neither of these in a rule of a replication, so each plan asks for them again. AWS keeps them.
const FORGOTTEN = { delete_marker_replication: [], source_selection_criteria: [] };

function program(zone: LandingZone, deletionPolicy?: DeletionPolicy, noncurrentDays?: number): string {
  return awsStack((stack) => {
    const ireland = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1", ...PATHS });
    const bucket = new S3Bucket(stack, "objects", {
      deletionPolicy,
      noncurrentDays,
      transitions: [{ storageClass: S3StorageClass.INTELLIGENT_TIERING, afterDays: 1 }],
    });
    const images = new S3Bucket(stack, "images", {
      encryptionKey: bucket.encryptionKey,
      deletionPolicy,
    });
    bucket.grantReadWrite(
      new IrsaIdentity(stack, "identity", {
        oidcProviderArn: zone.oidcProvider,
        oidcIssuerUrl: zone.oidcIssuer,
        namespace: "gitpod",
        serviceAccountName: "server",
      }),
    );
    new BucketUser(stack, "registry", { bucket: images });
    new S3BucketReplication(stack, "copies", { source: bucket, provider: ireland, deletionPolicy });
  }, PATHS);
}

describeWith("object storage on an emulated AWS", tools, (tool) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-storage-"));
  let moto: Moto;
  let zone: LandingZone;
  let copy: StackCopy;
  beforeAll(async () => {
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    copy = new StackCopy(tool.terraform, program(zone), {
      realAws: tool.aws,
      env: motoEnvironment(moto.url),
    });
    copy.init();
  });
  afterAll(async () => {
    copy?.remove();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (path: string, init: RequestInit = {}, region = REGION) => {
    const credential = `test/20260101/${region}/s3/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`;
    const answer = await fetch(`${moto.url}/${path}`, { ...init, headers: { authorization } });
    return `${answer.status} ${await answer.text()}`;
  };
  let names: string[] = [];

  test("creates everything", async () => {
    const found = changes(await copy.planAsync());
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await copy.apply();
    names = [...(await ask("")).matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name as string);
    expect(names.map((name) => name.replace(/\d+$/, "")).sort()).toEqual([
      "test-copies-destination-",
      "test-images-",
      "test-objects-",
    ]);
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(63);
      const region = name.includes("copies") ? "eu-west-1" : REGION;
      expect(await ask(`${name}?versioning`, {}, region)).toContain("<Status>Enabled</Status>");
      expect(await ask(`${name}?encryption`, {}, region)).toMatch(/aws:kms.*<BucketKeyEnabled>true/s);
      expect(await ask(`${name}?policy`, {}, region)).toContain("RefusePlainHttp");
      expect(await ask(`${name}?ownershipControls`, {}, region)).toContain("BucketOwnerEnforced");
      expect(await ask(`${name}?publicAccessBlock`, {}, region)).toMatch(
        /<BlockPublicAcls>true.*<RestrictPublicBuckets>true/s,
      );
    }
    const source = names.find((name) => name.includes("objects"));
    expect(await ask(`${source}?replication`)).toContain("<Status>Enabled</Status>");
  });

  test("has nothing to change then, but what the emulator forgets", async () => {
    const plan = await copy.planAsync();
    expect(changes(plan).map(({ address, attributes }) => [address.split(".")[0], attributes])).toEqual([
      ["aws_s3_bucket_replication_configuration", ["rule"]],
    ]);
    const changed = plan.resource_changes?.find(({ change }) => change.actions.join() === "update");
    const kept = (side: "before" | "after") => {
      const rules = changed?.change[side]?.rule as object[] | undefined;
      return rules?.map((rule) => ({ ...rule, ...FORGOTTEN }));
    };
    expect(kept("after")).toHaveLength(1);
    expect(kept("before")).toEqual(kept("after"));
  });

  test("makes no access key, so that no state has one", () => {
    expect(copy.addresses().filter((address) => /access_key/.test(address))).toEqual([]);
    expect(copy.addresses()).toContain("aws_iam_user.registry_EFEA226F");
  });

  test("refuses to destroy the buckets and their keys", () => {
    expect(copy.planFails("-destroy")).toMatch(/Instance cannot be destroyed/);
  });

  test("changes the life of old versions and the deletion policy in place", async () => {
    copy.use(program(zone, DeletionPolicy.DELETE, 7));
    const found = changes(await copy.planAsync());
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["update"]));
    await copy.apply();
  });

  test("refuses what is not encrypted on its way: the emulator is reached by plain HTTP", async () => {
    for (const name of names.filter((each) => !each.includes("copies"))) {
      expect(await ask(`${name}/a`, { method: "PUT", body: "a" })).toMatch(/^403/);
    }
  });

  test("is destroyed", async () => {
    await copy.destroy();
    expect(copy.addresses()).toEqual([]);
    expect(await ask("")).not.toContain("<Name>");
  });
});
