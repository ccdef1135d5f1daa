/**
 * Where the emulator does not keep what it was told, so that a second plan finds a difference that AWS would not show.
 * A difference that is not here fails the clouds tier, and so does an entry that is not met any more.
 */

export interface EmulatorGap {
  /** Matches the address of the resource. */
  readonly address: RegExp;
  /** The attributes that differ. */
  readonly attributes: readonly string[];
  readonly reason: string;
}

/** Of a stack with a database. */
export const databaseGaps: readonly EmulatorGap[] = [
  {
    address: /^aws_db_instance\./,
    attributes: [
      "performance_insights_enabled",
      "performance_insights_kms_key_id",
      "performance_insights_retention_period",
    ],
    reason: "moto answers that Performance Insights are off, whatever was asked for",
  },
  {
    address: /^aws_db_parameter_group\./,
    attributes: ["parameter"],
    reason: "moto lists no parameter that is applied at once",
  },
  {
    address: /^aws_vpc_security_group_ingress_rule\./,
    attributes: ["description"],
    reason: "moto drops the description of a rule that lets a security group in",
  },
];

/** Of a stack with a bucket that is copied. */
export const replicationGaps: readonly EmulatorGap[] = [
  {
    address: /^aws_s3_bucket_replication_configuration\./,
    attributes: ["rule"],
    reason: "moto keeps neither delete markers nor the selection of encrypted objects in a rule",
  },
];
