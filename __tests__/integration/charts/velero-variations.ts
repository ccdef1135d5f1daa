/** Velero on each cloud and on a self-managed store, and with everything that changes the chart's values. */
import type { TerraformStack } from "cdktf";
import { Cloud, type IWorkloadIdentity } from "../../../lib/database";
import { KotsVelero, Velero, type VeleroProps } from "../../../lib/recovery";
import { DEFAULT_CHART_VERSION } from "../../../lib/recovery/velero/data/velero-versions";
import { type IObjectStore, ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { coderAws } from "../../../stacks/inputs/aws";
import { gitlabAzure } from "../../../stacks/inputs/azure";
import { gitpodGoogle } from "../../../stacks/inputs/google";
import type { Identity } from "../../support/charts/object-checks";
import { constructStack, given, programStack } from "../../support/charts/program-stack";
import type { Pod } from "../../support/charts/rendered";
import { AZURE, FakeStore, GOOGLE } from "../../unit/gitlab/release-fixtures";
import type { Variation } from "./judge-chart";

const ROLE = "eks.amazonaws.com/role-arn";
const OF_GOOGLE = "iam.gke.io/gcp-service-account";
const OF_AZURE = "azure.workload.identity/client-id";
const AZURE_LABELS = { "azure.workload.identity/use": "true" };

/** The server and the node agent read and write the store; the hook that upgrades definitions does not. */
const needs =
  (annotation: string, podLabels: Record<string, string> = {}) =>
  ({ owner }: Pod): Identity | undefined =>
    /^(Deployment\/velero|DaemonSet\/node-agent)$/.test(owner)
      ? { serviceAccountName: "velero", annotations: [annotation], podLabels }
      : undefined;

const identity = (
  cloud: Cloud,
  annotation: string,
  value: string,
  podLabels: Record<string, string> = {},
): IWorkloadIdentity => ({
  cloud,
  namespace: "velero",
  serviceAccountName: "velero",
  serviceAccountAnnotations: { [annotation]: value },
  podLabels,
  dependables: [],
});

const AWS_IDENTITY = identity(Cloud.AWS, ROLE, "arn:aws:iam::123456789012:role/velero");

/** A store that is no resource, so nothing can wait for it. */
function store(
  stack: TerraformStack,
  facts: Partial<IObjectStore> = {},
  id = "velero-backups",
): IObjectStore {
  const made = new FakeStore(stack, id, facts);
  made.dependables.length = 0;
  return made;
}

const velero = (
  stack: TerraformStack,
  chartVersion: string,
  props: Partial<VeleroProps> & Pick<VeleroProps, "store">,
) =>
  new Velero(stack, "velero", {
    chartVersion,
    repositoryPassword: given(stack, "repository_password"),
    repositoryKey: { name: "velero-repository", location: "secret store of the cloud" },
    schedules: { daily: { cron: "0 1 * * *", namespaces: ["gitpod"] } },
    ...props,
  });

/** Reference stacks, one for each cloud and each application: they install the default version. */
const stacks = (): Variation[] => [
  { name: "coder-aws", needs: needs(ROLE), build: () => programStack("coder-aws", (app) => coderAws(app)) },
  {
    name: "gitpod-google",
    needs: needs(OF_GOOGLE),
    build: () => programStack("gitpod-google", (app) => gitpodGoogle(app)),
  },
  {
    name: "gitlab-azure",
    needs: needs(OF_AZURE, AZURE_LABELS),
    build: () => programStack("gitlab-azure", (app) => gitlabAzure(app)),
  },
];

/** @param chartVersion a version of the line 12 */
export function veleroVariations(chartVersion: string): Variation[] {
  return [
    {
      name: "AWS by identity, with two locations and KOTS",
      needs: needs(ROLE),
      build: () =>
        constructStack("velero-aws", (stack) => {
          const made = velero(stack, chartVersion, {
            store: store(stack),
            identity: AWS_IDENTITY,
            locations: { copies: { store: store(stack, {}, "copies"), prefix: "copies", readOnly: true } },
          });
          new KotsVelero(stack, "kots", { velero: made, kotsNamespace: "gitpod", kotsVersion: "1.130.7" });
        }),
    },
    {
      name: "Google Cloud by identity",
      needs: needs(OF_GOOGLE),
      build: () =>
        constructStack("velero-google", (stack) => {
          const google = identity(Cloud.GOOGLE, OF_GOOGLE, "velero@acme.iam.gserviceaccount.com");
          velero(stack, chartVersion, { store: store(stack, GOOGLE), identity: google });
        }),
    },
    {
      name: "Azure by identity",
      needs: needs(OF_AZURE, AZURE_LABELS),
      build: () =>
        constructStack("velero-azure", (stack) => {
          const azure = identity(Cloud.AZURE, OF_AZURE, "00000000-0000-0000-0000-000000000001", AZURE_LABELS);
          velero(stack, chartVersion, { store: store(stack, AZURE), identity: azure });
        }),
    },
    {
      name: "a key of a self-managed store, prepared for a restore, with all that a user may add",
      build: () =>
        constructStack("velero-fullest", (stack) => {
          velero(stack, chartVersion, {
            store: ObjectStore.fromObjectStoreAttributes(stack, "store", {
              kind: ObjectStoreKind.S3,
              bucketName: "backups",
              region: "main",
              endpoint: "objects.example.com:9000",
            }),
            key: ObjectStoreKey.s3("AKIAEXAMPLE", given(stack, "key")),
            prefix: "platform",
            restoreOnly: true,
            clusterAdministrator: true,
            nodeAgentTolerations: [{ key: "dedicated", operator: "Exists" }],
            releaseName: "backups",
            values: { resources: { limits: { memory: "1Gi" } } },
          });
        }),
    },
    {
      name: "without the node agent",
      needs: needs(ROLE),
      build: () =>
        constructStack("velero-objects", (stack) => {
          velero(stack, chartVersion, {
            store: store(stack),
            identity: AWS_IDENTITY,
            nodeAgent: false,
            schedules: {},
          });
        }),
    },
    ...(chartVersion === DEFAULT_CHART_VERSION ? stacks() : []),
  ];
}
