// Read 2026-11. Volumes and disks that are attached to machines. Pages of EC2, of Compute Engine and of the providers google 6.50.0 and azurerm
// 4.55.0 (internal/services/compute/managed_disk_resource.go).

import { changed, disabled, either, enabled, grows, removed, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/";
const GOOGLE = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const AZURE = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/";
const ebs = rulesOf("aws_ebs_volume", `${EBS}ebs-modify-volume.html`);
const google = rulesOf(
  ["google_compute_disk", "google_compute_region_disk"],
  `${GOOGLE}compute_disk.html.markdown`,
);
const azure = rulesOf("azurerm_managed_disk", `${AZURE}managed_disk.html.markdown`);

/** EBS volumes, Compute Engine disks and Azure managed disks. */
export const DISK_RULES: readonly Rule[] = [
  ebs.when(["destroy", "replace"], {
    id: "EBS-VOLUME-DELETED",
    effects: ["data-loss"],
    words: "EC2 deletes the volume with its data. Snapshots remain.",
  }),
  ebs.on("size", grows, {
    id: "EBS-LARGER",
    effects: ["irreversible"],
    words:
      "No outage. The volume cannot be made smaller again, and EC2 refuses another modification for at least six hours.",
    next: "Extend the partition and the file system after the apply.",
  }),
  ebs.on("size", shrinks, {
    id: "EBS-SMALLER",
    effects: ["failure"],
    words: "EC2 does not make a volume smaller: the apply fails.",
    next: "Copy the data to a new, smaller volume.",
  }),
  ebs.on(["type", "iops", "throughput"], changed, {
    id: "EBS-PERFORMANCE",
    effects: ["slow"],
    words:
      "No outage. The volume is optimized for hours with a performance between the old and the new one, and EC2 refuses another modification for at least six hours.",
  }),
  ebs.on("final_snapshot", disabled, {
    id: "EBS-FINAL-SNAPSHOT-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next destruction or replacement makes no snapshot of the volume.",
    source:
      "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/ebs_volume.html.markdown",
  }),
  google.on("size", grows, {
    id: "GDISK-LARGER",
    effects: ["irreversible"],
    words: "No outage. The disk cannot be made smaller again: the provider replaces it then.",
    next: "Extend the partition and the file system after the apply.",
    source: "https://cloud.google.com/compute/docs/disks/resize-persistent-disk",
  }),
  google.on("size", shrinks, {
    id: "GDISK-SMALLER",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "Compute Engine does not make a disk smaller: the provider deletes it and creates an empty one.",
    next: "Keep the size, or copy the data to a new disk.",
  }),
  google.on(["provisioned_iops", "provisioned_throughput"], changed, {
    id: "GDISK-PERFORMANCE",
    effects: ["cost"],
    words: "No outage. Only Hyperdisk can be changed in place, and not again for four hours.",
  }),
  google.on("create_snapshot_before_destroy", disabled, {
    id: "GDISK-SNAPSHOT-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next destruction or replacement makes no snapshot of the disk.",
  }),
  azure.on("disk_size_gb", grows, {
    id: "AZUREDISK-LARGER",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "The disk cannot be made smaller again. Unless machine and disk allow it without downtime, the provider shuts the machine down, deallocates it, and starts it after the change.",
    next: "Look up whether the size of the machine allows an expansion without downtime; extend the file system after the apply.",
  }),
  azure.on("disk_size_gb", shrinks, {
    id: "AZUREDISK-SMALLER",
    effects: ["failure"],
    words: "The size of a managed disk can only be increased: the apply fails.",
    next: "Copy the data to a new, smaller disk.",
  }),
  azure.on(
    ["disk_encryption_set_id", "on_demand_bursting_enabled", "storage_account_type", "tier"],
    changed,
    {
      id: "AZUREDISK-SHUTDOWN",
      effects: ["outage"],
      words:
        "If the disk is attached to a running machine, the provider shuts the machine down, deallocates it, and starts it after the change.",
      source:
        "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/internal/services/compute/managed_disk_resource.go",
    },
  ),
  azure.on("network_access_policy", either(to("AllowAll"), removed), {
    id: "AZUREDISK-OPEN",
    effects: ["exposure"],
    words: "The disk can be exported and imported from any network by a SAS address.",
    source: "https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview",
  }),
  azure.on("public_network_access_enabled", enabled, {
    id: "AZUREDISK-PUBLIC",
    effects: ["exposure"],
    words: "The disk can be exported and imported over the public network, by a SAS address.",
  }),
];
