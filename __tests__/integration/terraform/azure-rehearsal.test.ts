/** A rehearsal of flexible servers over the true schemas of the azurerm and kubernetes providers: apply, later plans, and its precondition. */
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { AksWorkloadIdentity, DatabaseNetwork } from "../../../lib/azure";
import {
  FlexibleServerRestoreRehearsal,
  type FlexibleServerRestoreRehearsalProps,
} from "../../../lib/azure/aks";
import { RehearsalCheck } from "../../../lib/recovery";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { azureId, azureStack, postgres } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";

function stack(props: Partial<FlexibleServerRestoreRehearsalProps> = {}, group?: string): string {
  return azureStack((scope: TerraformStack) => {
    new KubernetesProvider(scope, "kubernetes", {});
    const resourceGroupName = group
      ? new TerraformVariable(scope, "group", { type: "string", default: group }).stringValue
      : undefined;
    const server = postgres(scope, { serverName: "coder-1", resourceGroupName });
    new FlexibleServerRestoreRehearsal(scope, "rehearsal", {
      server,
      network: DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "rehearsals", {
        resourceGroupName: "network",
        location: "westeurope",
        subnetId: azureId("Microsoft.Network/virtualNetworks", "hub/subnets/rehearsals"),
        privateDnsZoneIds: {},
      }),
      identity: AksWorkloadIdentity.fromIdentityAttributes(scope, "identity", {
        namespace: "rehearsals",
        serviceAccountName: "coder",
        clientId: "client",
        principalId: "11111111-1111-1111-1111-111111111111",
      }),
      rehearsalName: "coder",
      resourceGroupName: "rehearsals",
      checks: [RehearsalCheck.atLeast("users", server.database("coder"), "SELECT count(*) FROM users", 1)],
      ...props,
    });
  });
}

describeWith("a rehearsal of flexible servers", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, stack());
    copy.init();
    await copy.apply();
  });
  afterAll(() => copy.remove());

  const between = (folder: string) => {
    copy.use(folder);
    return changes(copy.plan()).map(({ address, actions }) => [address.split(".")[0], actions]);
  };

  test("the same program changes nothing", () => {
    expect(between(stack())).toEqual([]);
  });

  test("another schedule or check changes the jobs in place, and neither the server nor its rights", () => {
    expect(between(stack({ schedule: "0 4 * * 6" }))).toEqual([["kubernetes_cron_job_v1", ["update"]]]);
    expect(between(stack({ clientImage: "registry.example.com/postgres:18.3" }))).toEqual([
      ["kubernetes_cron_job_v1", ["update"]],
    ]);
  });

  test("the group of the source is refused also where its name is known at the plan only", () => {
    const other = new StackCopy(terraform, stack({}, "Rehearsals"));
    try {
      other.init();
      expect(() => other.plan()).toThrow(/must not be that of its\s+source/);
    } finally {
      other.remove();
    }
  });
});
