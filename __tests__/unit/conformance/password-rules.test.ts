// What Terraform makes of the conditions is shown in __tests__/terraform.
import { TerraformVariable } from "cdktf";
import { Cloud, DatabaseEngine, MysqlVersion, PostgresVersion } from "../../../lib/database";
import {
  checkPasswordLength,
  GENERATED_PASSWORD_LENGTH,
  passwordConditions,
  SynthChecks,
} from "../../../lib/database/private";
import { passwordRulesOf } from "../../support/cloud-facts";
import { problemsOf } from "../../support/synth";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

test.each([
  [Cloud.AWS, PG, 128],
  [Cloud.AWS, MYSQL, 41],
  [Cloud.GOOGLE, PG, 128],
  [Cloud.GOOGLE, MYSQL, 79],
  [Cloud.AZURE, PG, 128],
  [Cloud.AZURE, MYSQL, 128],
  [Cloud.SELF_MANAGED, PG, 1024],
])("%s, %p: a generated password has 16 to %d characters", (cloud, engine, max) => {
  const problems = (length?: number) =>
    problemsOf((stack) =>
      checkPasswordLength(new SynthChecks(stack, ""), "length", passwordRulesOf(cloud, engine), length),
    );
  for (const length of [16, GENERATED_PASSWORD_LENGTH, max, undefined]) expect(problems(length)).toEqual([]);
  for (const length of [15, 0, -1, max + 1, 20.5]) {
    expect(problems(length)).toEqual([
      `length must be a whole number from 16 to ${max} characters (got ${length})`,
    ]);
  }
});

test("a length known later is left to Terraform", () => {
  expect(
    problemsOf((stack) => {
      const { numberValue } = new TerraformVariable(stack, "length", { type: "number" });
      checkPasswordLength(new SynthChecks(stack, ""), "length", passwordRulesOf(Cloud.AWS, PG), numberValue);
    }),
  ).toEqual([]);
});

test.each([
  [Cloud.AWS, 3],
  [Cloud.GOOGLE, 3],
  [Cloud.AZURE, 4],
  [Cloud.SELF_MANAGED, 2],
])("%s has %d conditions, and no message refers to the password", (cloud, count) => {
  const conditions = passwordConditions("self.secret_string", passwordRulesOf(cloud, PG));
  expect(conditions).toHaveLength(count);
  for (const { condition, errorMessage } of conditions) {
    expect(condition).toContain("self.secret_string");
    expect(errorMessage).not.toMatch(/self|\$\{/);
  }
});
