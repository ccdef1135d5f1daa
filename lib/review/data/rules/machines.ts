// Read 2026-11. Virtual machines: another size stops them. Pages of aws 5.100.0, google 6.50.0 and azurerm 4.55.0.

import { changed, disabled } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const ec2 = rulesOf(
  "aws_instance",
  "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/instance.html.markdown",
);
const gce = rulesOf(
  "google_compute_instance",
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/compute_instance.html.markdown",
);
const azure = rulesOf(
  ["azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"],
  "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/linux_virtual_machine.html.markdown",
);

/** EC2, Compute Engine and Azure virtual machines. */
export const MACHINE_RULES: readonly Rule[] = [
  ec2.on("instance_type", changed, {
    id: "EC2-TYPE",
    effects: ["outage"],
    words:
      "The provider stops the instance, changes the type and starts it: instance store volumes are emptied.",
  }),
  ec2.on("disable_api_termination", disabled, {
    id: "EC2-TERMINATION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "EC2 no longer refuses to terminate the instance.",
  }),
  gce.on("machine_type", changed, {
    id: "GCE-TYPE",
    effects: ["outage"],
    words:
      "The provider stops the instance, changes the type and starts it; without allow_stopping_for_update the apply fails.",
  }),
  gce.on("deletion_protection", disabled, {
    id: "GCE-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "Compute Engine no longer refuses to delete the instance.",
  }),
  azure.on("size", changed, {
    id: "AZUREVM-SIZE",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The machine restarts; where its hardware does not have the new size, the provider deallocates it first.",
  }),
];
