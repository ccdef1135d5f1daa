/** What exists on AWS and is imported, over the true schemas of the provider: servers with replicas, alarms and grants; buckets. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformVariable } from "cdktf";
import {
  BucketUser,
  DatabaseNetwork,
  PodIdentity,
  RdsAlarms,
  RdsBackupReplication,
  RdsReadReplica,
  RdsServer,
  S3Bucket,
  SecurityGroup,
} from "../../../lib/aws";
import { DatabaseEngine, MachineSize, PostgresVersion } from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import { StackCopy } from "../../support/terraform/stack-copy";

const program = () =>
  awsStack((stack) => {
    const region = new TerraformVariable(stack, "region", { type: "string", default: "eu-central-1" });
    const percent = new TerraformVariable(stack, "percent", { type: "number", default: 70 });
    const network = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
      vpcId: "vpc-0a1",
      subnetGroupName: "databases",
      securityGroup: SecurityGroup.fromSecurityGroupId("sg-0d4"),
      region: region.stringValue,
    });
    const server = RdsServer.fromServerAttributes(stack, "postgres", {
      identifier: "platform-postgres",
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 500, maxSizeGiB: 900 },
      network,
      iamAuthentication: true,
    });
    const identity = new PodIdentity(stack, "identity", {
      clusterName: "platform",
      namespace: "coder",
      serviceAccountName: "coder",
    });
    server.grantConnect(identity, { username: "app" });
    const alarmTopicArn = "arn:aws:sns:eu-central-1:123456789012:operations";
    const storageUsedPercent = percent.numberValue;
    const replica = new RdsReadReplica(stack, "replica", { source: server });
    new RdsAlarms(stack, "alarms", { server, alarmTopicArn, storageUsedPercent });
    new RdsAlarms(stack, "replica-alarms", {
      server: replica,
      alarmTopicArn,
      cpuPercent: storageUsedPercent,
    });
    const provider = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });
    new RdsBackupReplication(stack, "copies", { server, provider });
    const bucket = S3Bucket.fromBucketAttributes(stack, "objects", { bucketName: "platform-objects" });
    bucket.grantReadWrite(identity);
    BucketUser.fromUserName(stack, "user", "registry", { bucket });
    new TerraformOutput(stack, "certificates", { value: server.tls.caCertificatesPem });
  });

describeWith("what exists on AWS", terraformWithMirror, (terraform) => {
  test("is valid", () => {
    const copy = new StackCopy(terraform, program());
    try {
      copy.init();
      expect(copy.validate()).toMatchObject({ valid: true, diagnostics: [] });
    } finally {
      copy.remove();
    }
  });
});
