import { type Protection, RecoveryScenario } from "../../database";

/** A secret in Secrets Manager, which outlives the cluster. @internal */
export function secretProtection(arn: string, recoveryWindowDays: number): Protection {
  return {
    mechanism: "AWS Secrets Manager",
    location: `AWS Secrets Manager, ${arn}`,
    retentionDays: recoveryWindowDays,
    lossMinutes: 0,
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_CLUSTER],
        steps: [
          {
            title: "The secret is in Secrets Manager",
            verify: [
              `aws secretsmanager describe-secret --secret-id "${arn}" --query '[Name,DeletedDate]' --output text`,
            ],
            permissions: ["secretsmanager:DescribeSecret", "secretsmanager:RestoreSecret"],
            notes: [
              `A secret with a deletion date comes back within its recovery window: \`aws secretsmanager restore-secret --secret-id "${arn}"\`. The apply writes it into the cluster again.`,
            ],
          },
        ],
      },
    ],
    limits: ["The secret is in one region only."],
    source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_restore-secret.html",
  };
}
