import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { SynthChecks } from "../synth-checks";
import { AdoptedResources } from "./adopted-resources";

/**
 * Reports a property that is only for resources that exist: one that is created has no password yet.
 *
 * @param checks where to report.
 * @param construct the construct whose `Resource` has to be adopted.
 * @param property the property's name.
 */
export function checkIsAdopted(checks: SynthChecks, construct: IConstruct, property: string): void {
  checks.whenComplete(() => {
    const resource = construct.node.tryFindChild("Resource");
    const { all } = new AdoptedResources(TerraformStack.of(construct));
    if (all.some((each) => each.resource === resource)) return;
    checks.fail(
      property,
      "existing",
      'must be of a server that exists; adopt it with adoptConstruct(server, { existing: ["Resource"] }), or let the password be generated or given',
      `${property}.existing`,
    );
  });
}
