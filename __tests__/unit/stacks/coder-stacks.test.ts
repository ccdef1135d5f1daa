/** The three Coder architectures differ in the cloud's part only. */
import { App } from "cdktf";
import { SecurityGroup } from "../../../lib/aws";
import type { CoderRelease } from "../../../lib/coder";
import { CoderSize } from "../../../lib/coder";
import { CoderAwsStack } from "../../../stacks/coder-aws";
import { CoderAzureStack } from "../../../stacks/coder-azure";
import { CoderGoogleStack } from "../../../stacks/coder-google";

const COMMON = { accessUrl: "https://coder.example.com", size: CoderSize.UP_TO_2K };

function releases(): { [cloud: string]: CoderRelease } {
  const app = new App({ outdir: "cdktf.out", stackTraces: false });
  const aws = new CoderAwsStack(app, "aws", {
    ...COMMON,
    region: "eu-central-1",
    clusterName: "platform",
    subnetIds: ["subnet-1", "subnet-2"],
    nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
  });
  const google = new CoderGoogleStack(app, "google", {
    ...COMMON,
    project: "platform",
    region: "europe-west1",
    clusterName: "platform",
    networkId: "projects/platform/global/networks/main",
    recovery: { velero: { disabledBecause: "the platform has one" } },
  });
  const azure = new CoderAzureStack(app, "azure", {
    ...COMMON,
    subscriptionId: "00000000-0000-0000-0000-000000000000",
    resourceGroupName: "platform",
    location: "westeurope",
    virtualNetworkId: "/subscriptions/0/resourceGroups/p/providers/Microsoft.Network/virtualNetworks/v",
    subnetId: "/subscriptions/0/resourceGroups/p/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
    clusterFqdn: "platform.hcp.westeurope.azmk8s.io",
    clusterCaCertificateBase64: "LS0tLS0=",
    oidcIssuerUrl: "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
  });
  return { aws: aws.coder, google: google.coder, azure: azure.coder };
}

// biome-ignore lint/suspicious/noExplicitAny: the chart's values have any shape
type Values = any;

/** The values without what says how the server's certificate is checked, and without the text that rolls pods. */
function withoutTls(release: CoderRelease): Values {
  const { coder } = structuredClone(release.release.values) as Values;
  const { volumes, volumeMounts, podAnnotations, ...rest } = coder;
  const other = (list: Values[] | undefined) => (list ?? []).filter(({ name }) => name !== "database-ca");
  return {
    ...rest,
    volumes: other(volumes),
    volumeMounts: other(volumeMounts),
    podAnnotations: Object.keys(podAnnotations ?? {}).filter((name) => !/ca$/.test(name)),
  };
}

test("Coder gets equal values on all three but for TLS; the host is in the secret", () => {
  const { aws, google, azure } = releases();
  const expected = withoutTls(aws as CoderRelease);
  expect(expected.replicaCount).toBe(3);
  expect(expected.env.map(({ name }: { name: string }) => name)).toContain("CODER_PG_CONNECTION_URL");
  expect(withoutTls(google as CoderRelease)).toEqual(expected);
  expect(withoutTls(azure as CoderRelease)).toEqual(expected);
});

test("the server's authorities are mounted where they are no public ones", () => {
  const { aws, google, azure } = releases();
  const mounts = (release: CoderRelease | undefined) =>
    ((release?.release.values as Values | undefined)?.coder.volumeMounts ?? []).map(
      ({ name }: { name: string }) => name,
    );
  expect(mounts(aws)).toContain("database-ca");
  expect(mounts(google)).toContain("database-ca");
  expect(mounts(azure)).not.toContain("database-ca");
});
