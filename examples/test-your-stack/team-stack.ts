// The stack that the tests beside this file read: Coder of this package, and a bucket of the team's own.

import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { SecurityGroup } from "cdktf-devplatforms/aws";
import { Availability, MachineSize } from "cdktf-devplatforms/database";
import { CoderAwsStack } from "cdktf-devplatforms/stacks/coder-aws";
import type { Construct } from "constructs";

export interface TeamStackProps {
  /** One zone is enough for a test environment. @default false */
  readonly singleZone?: boolean;
}

/** Coder of one team. */
export class TeamStack extends CoderAwsStack {
  public constructor(scope: Construct, id: string, props: TeamStackProps = {}) {
    super(scope, id, {
      region: "eu-central-1",
      clusterName: "platform",
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
      accessUrl: "https://coder.example.com",
      chartVersion: "2.36.6",
      databaseSize: MachineSize.general(8),
      availability: props.singleZone ? Availability.ZONAL : Availability.ZONE_REDUNDANT,
    });
    const templates = new S3Bucket(this, "templates", { bucket: "team-coder-templates" });
    new S3BucketLifecycleConfiguration(this, "templates-lifecycle", {
      bucket: templates.bucket,
      rule: [{ id: "old", status: "Enabled", filter: [{}], expiration: [{ days: 365 }] }],
    });
  }
}
