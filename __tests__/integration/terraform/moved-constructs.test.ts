/**
 * What Terraform plans when constructs are renamed and placed under another parent: moves and nothing else, of servers with their databases,
 * logins, keys, alarms, stores and identities on each cloud.
 */
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { PodIdentity, RdsAlarms, type RdsServer, S3Bucket } from "../../../lib/aws";
import { AzureServerAlerts, BlobStorage, type PostgresFlexibleServer } from "../../../lib/azure";
import { Cloud, type IDatabaseServer, moveConstruct } from "../../../lib/database";
import { CloudSqlAlerts, type CloudSqlServer, GcsBucket, GkeWorkloadIdentity } from "../../../lib/google";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { awsStack } from "../../support/aws-stack";
import { azureNetwork, azureStack } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { IMPLEMENTATIONS } from "../../unit/conformance/implementations";

const POD = { namespace: "app", serviceAccountName: "app" };

/** What stands beside a server on each cloud. */
const SURROUNDINGS = new Map<Cloud, (scope: Construct, server: IDatabaseServer) => void>([
  [
    Cloud.AWS,
    (scope, server) => {
      const alarmTopicArn = "arn:aws:sns:eu-central-1:123456789012:operations";
      new RdsAlarms(scope, "alarms", { server: server as RdsServer, alarmTopicArn });
      const identity = new PodIdentity(scope, "identity", { clusterName: "platform", ...POD });
      new S3Bucket(scope, "objects").grantReadWrite(identity);
    },
  ],
  [
    Cloud.GOOGLE,
    (scope, server) => {
      new CloudSqlAlerts(scope, "alerts", {
        server: server as CloudSqlServer,
        notificationChannels: ["projects/platform/notificationChannels/123"],
      });
      const identity = new GkeWorkloadIdentity(scope, "identity", { project: "platform", ...POD });
      new GcsBucket(scope, "objects", { location: "EU" }).grantReadWrite(identity);
    },
  ],
  [
    Cloud.AZURE,
    (scope, server) => {
      const actionGroupId =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared/providers/Microsoft.Insights/actionGroups/operations";
      new AzureServerAlerts(scope, "alerts", { server: server as PostgresFlexibleServer, actionGroupId });
      const network = azureNetwork(scope as TerraformStack, "objects-network");
      new BlobStorage(scope, "objects", { network }).container("artifacts");
    },
  ],
]);
const WRITERS = new Map([
  [Cloud.AWS, awsStack],
  [Cloud.GOOGLE, googleStack],
  [Cloud.AZURE, azureStack],
]);

describeWith("moved constructs", terraformWithMirror, (terraform) => {
  test.each(
    IMPLEMENTATIONS.filter(({ cloud }) => WRITERS.has(cloud)).map((each) => [each.label, each] as const),
  )("%s: nothing is destroyed, replaced, renamed or changed", async (_, implementation) => {
    const write = WRITERS.get(implementation.cloud) as typeof awsStack;
    const program = (declare: (stack: TerraformStack) => Construct) =>
      write((stack) => {
        const scope = declare(stack);
        const server = implementation.build(scope as TerraformStack, {});
        server.database("app");
        SURROUNDINGS.get(implementation.cloud)?.(scope, server);
      });
    const copy = new StackCopy(
      terraform,
      program((stack) => new Construct(stack, "old")),
    );
    try {
      copy.init();
      await copy.apply();
      const within = (stack: TerraformStack) => new Construct(new Construct(stack, "platform"), "new");
      copy.use(program(within));
      const unmoved = changes(copy.plan());
      expect(unmoved.filter(({ actions }) => actions.includes("delete")).length).toBeGreaterThan(8);
      const first = program((stack) => {
        moveConstruct(stack, { from: "test/old", to: "test/platform/new" });
        return within(stack);
      });
      copy.use(first);
      expect(changes(copy.plan())).toEqual([]);
      await copy.apply();
      // The second move, and an older state that has seen neither.
      const second = program((stack) => {
        moveConstruct(stack, { from: "test/old", to: "test/platform/new" });
        moveConstruct(stack, { from: "test/platform/new", to: "test/newest" });
        return new Construct(stack, "newest");
      });
      copy.use(second);
      expect(changes(copy.plan())).toEqual([]);
    } finally {
      copy.remove();
    }
  });
});
