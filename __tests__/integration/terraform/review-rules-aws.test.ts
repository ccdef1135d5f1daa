/** Each rule about AWS holds for a pair that the real aws provider plans. `review-rules.test.ts` plans the same pairs with the stand-ins. */
import { realAwsProvider, type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { AWS_PAIRS } from "../../support/review/pairs-aws";
import { plannedPairs } from "../../support/review/planned-pairs";
import { expected, told } from "../../support/review/told";

/** Of the types in the pairs; all others have version 0. From `terraform providers schema -json` of aws 5.100.0. */
const SCHEMA_VERSIONS = {
  aws_backup_plan: 1,
  aws_db_instance: 2,
  aws_rds_cluster: 1,
  aws_s3_bucket_lifecycle_configuration: 1,
  aws_security_group: 1,
  aws_security_group_rule: 2,
};

/** Nothing is asked of a cloud. */
const PROVIDER = {
  region: "eu-central-1",
  access_key: "test",
  secret_key: "test",
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  skip_region_validation: true,
  skip_requesting_account_id: true,
};

function tools(): { terraform: TerraformTools; aws: string } | Unavailable {
  const [terraform, aws] = [terraformWithMirror(), realAwsProvider()];
  if (terraform instanceof Unavailable) return terraform;
  return aws instanceof Unavailable ? aws : { terraform, aws };
}

describeWith("rules of the review about AWS", tools, ({ terraform, aws }) => {
  test("hold for the pairs as the real provider plans them", () => {
    const planned = plannedPairs(terraform, {
      pairs: AWS_PAIRS,
      providers: { aws: PROVIDER },
      schemaVersions: SCHEMA_VERSIONS,
      realAws: aws,
    });
    expect(planned.map(told)).toEqual(AWS_PAIRS.map(expected));
  });
});
