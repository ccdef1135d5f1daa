import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ref, TerraformOutput, Token } from "cdktf";
import { EncryptionKey, GeneratedSecret, StoredSecret } from "../../../lib/aws";
import { problemsOf, synthesize } from "../../support/synth";

describe("GeneratedSecret", () => {
  const out = synthesize((stack) => {
    const secret = new GeneratedSecret(stack, "secret", { version: 5 });
    new TerraformOutput(stack, "version", { value: secret.value.version });
    expect(secret.value.dependables).toEqual([secret.versionResource]);
  });

  test("is stored once and read from the secret, never from the generator", () => {
    expect(out.resource("aws_secretsmanager_secret_version")).toEqual({
      secret_id: "${aws_secretsmanager_secret.secret_4DA88516.id}",
      secret_string_wo:
        "${ephemeral.aws_secretsmanager_random_password.secret_Random_EE1A699C.random_password}",
      secret_string_wo_version: 5,
    });
    // The attribute of the version, so that it is read after it is written.
    expect(out.ephemeral("aws_secretsmanager_secret_version")).toEqual({
      secret_id: "${aws_secretsmanager_secret_version.secret_Version_E646001A.secret_id}",
    });
  });

  test("a value that is made anew is another one, whatever its version number", () => {
    expect(out.json.output.version.value).toBe(
      "${sum([1, parseint(substr(sha256(aws_secretsmanager_secret_version.secret_Version_E646001A.id), 0, 12), 16)])}",
    );
  });

  test("has 32 letters and digits", () => {
    expect(out.ephemeral("aws_secretsmanager_random_password")).toEqual({
      password_length: 32,
      exclude_punctuation: true,
      include_space: false,
      require_each_included_type: true,
    });
  });

  test("has a name prefix, since AWS reserves the name of a deleted secret", () => {
    const secret = out.resource("aws_secretsmanager_secret");
    expect(secret).toMatchObject({ name_prefix: "test-secret-", recovery_window_in_days: 30 });
    expect(secret).not.toHaveProperty("name");
  });

  test("takes protect", () => {
    const kept = synthesize((stack) => void new GeneratedSecret(stack, "secret", { protect: true }));
    expect(kept.resource("aws_secretsmanager_secret").lifecycle).toEqual({ prevent_destroy: true });
    expect(out.resource("aws_secretsmanager_secret")).not.toHaveProperty("lifecycle");
  });

  test("refuses a length and a recovery window out of range", () => {
    expect(problemsOf((stack) => void new GeneratedSecret(stack, "secret", { length: 12 }))).toHaveLength(1);
    expect(problemsOf((stack) => void new GeneratedSecret(stack, "secret", { length: 129 }))).toHaveLength(1);
    expect(
      problemsOf((stack) => void new GeneratedSecret(stack, "secret", { recoveryWindowDays: 0 })),
    ).toEqual([expect.stringContaining("SECRETS-MANAGER-RECOVERY-WINDOW-DAYS")]);
  });
});

describe("EncryptionKey", () => {
  const policyOf = (out: ReturnType<typeof synthesize>) => JSON.parse(out.resource("aws_kms_key").policy);

  test("rotates, is retained, and leaves access to IAM policies", () => {
    const out = synthesize((stack) => void new EncryptionKey(stack, "key"));
    expect(out.resource("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(policyOf(out).Statement).toHaveLength(1);
    expect(out.resource("aws_kms_alias").name).toBe("alias/test-key");
  });

  test("lets CloudWatch Logs use it for the given log groups only", () => {
    const out = synthesize((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      new EncryptionKey(stack, "key", { logGroups: "/aws/rds/instance/coder/*" });
    });
    const [, logs] = policyOf(out).Statement;
    expect(logs.Principal).toEqual({
      Service: "logs.eu-central-1.${data.aws_partition.AwsEnvironment_Partition_C32B65D5.dns_suffix}",
    });
    expect(logs.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"]).toMatch(
      /:logs:eu-central-1:\$\{data\.aws_caller_identity\.[^}]+\.account_id\}:log-group:\/aws\/rds\/instance\/coder\/\*$/,
    );
  });

  test("refuses a deletion window out of range", () => {
    expect(
      problemsOf((stack) => void new EncryptionKey(stack, "key", { deletionWindowDays: 5 })),
    ).toHaveLength(1);
  });
});

describe("the region", () => {
  const regionOf = (region?: string) => {
    const out = synthesize((stack) => {
      if (region) new AwsProvider(stack, "aws", { region });
      new EncryptionKey(stack, "key", { logGroups: "/x" });
    });
    return { principal: JSON.parse(out.resource("aws_kms_key").policy).Statement[1].Principal.Service, out };
  };

  test("is that of the provider's configuration", () => {
    expect(regionOf("eu-central-1").principal).toMatch(/^logs\.eu-central-1\./);
    expect(regionOf(Token.asString(ref("var.region"))).principal).toMatch(/^logs\.\$\{var\.region\}\./);
  });

  test("is looked up if the provider's configuration has none, in an attribute that no version deprecates", () => {
    const { principal, out } = regionOf();
    expect(principal).toMatch(/^logs\.\$\{data\.aws_region\.AwsEnvironment_Region_[0-9A-F]+\.id\}\./);
    expect(out.data("aws_region")).toEqual({});
  });

  test("is looked up once for each stack and provider", () => {
    const out = synthesize((stack) => {
      const dr = new AwsProvider(stack, "dr", { alias: "dr", region: "eu-west-1" });
      for (const id of ["a", "b"]) new EncryptionKey(stack, id, { logGroups: "/x" });
      for (const id of ["c", "d"]) new EncryptionKey(stack, id, { logGroups: "/x", provider: dr });
    });
    expect(Object.keys(out.json.data.aws_caller_identity)).toHaveLength(2);
    expect(Object.keys(out.json.data.aws_region)).toHaveLength(1);
  });
});

describe("StoredSecret", () => {
  const secretId = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:platform/coder-Ab12Cd";

  test("is read as an ephemeral value and stored nowhere", () => {
    const { json, ephemeral } = synthesize((stack) => {
      const { value } = new StoredSecret(stack, "password", { secretId, version: 4 });
      expect([value.version, value.changesEachRun]).toEqual([4, false]);
    });
    expect(json.resource).toBeUndefined();
    expect(ephemeral("aws_secretsmanager_secret_version")).toEqual({ secret_id: secretId });
  });

  test.each(["a b", "arn:aws:s3:::bucket", "arn:aws:secretsmanager:eu-central-1:1:secret:a"])(
    "refuses the id %s",
    (id) => {
      expect(problemsOf((stack) => void new StoredSecret(stack, "password", { secretId: id }))).toEqual([
        expect.stringContaining(
          "SECRETS-MANAGER-SECRET-ID: secretId must be the ARN of a secret, or its name",
        ),
      ]);
    },
  );
});
