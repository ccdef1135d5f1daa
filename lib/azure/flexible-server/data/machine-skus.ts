// SKUs of flexible servers. Sources, read 2026-11: the `sku_name` validators of azurerm 4.55 (which refuse
// GP_Standard_D*ds_v5 for MySQL), Azure's page of service tiers and its list of virtual machine sizes (the exceptions).

/** Azure's burstable machines. */
export const BURSTABLE_SKUS: readonly { name: string; vcpu: number; memoryGiB: number }[] = [
  { name: "B_Standard_B1ms", vcpu: 1, memoryGiB: 2 },
  { name: "B_Standard_B2s", vcpu: 2, memoryGiB: 4 },
  { name: "B_Standard_B2ms", vcpu: 2, memoryGiB: 8 },
  { name: "B_Standard_B4ms", vcpu: 4, memoryGiB: 16 },
  { name: "B_Standard_B8ms", vcpu: 8, memoryGiB: 32 },
  { name: "B_Standard_B12ms", vcpu: 12, memoryGiB: 48 },
  { name: "B_Standard_B16ms", vcpu: 16, memoryGiB: 64 },
  { name: "B_Standard_B20ms", vcpu: 20, memoryGiB: 80 },
];

/** The vCPU counts of Azure's general (4 GiB per vCPU) and memory (8 GiB per vCPU) families. */
export const SKU_VCPUS: readonly number[] = [2, 4, 8, 16, 32, 48, 64, 96];

/** Azure's general (D, 4 GiB per vCPU) and memory (E, 8 GiB per vCPU) machines; a name that only begins so is none. */
export const SKU_NAME = /^(GP_Standard_D|MO_Standard_E)(\d+)(?:s_v3|ds_v4|ds_v5|ads_v5)$/;

/** Memory machines with less than 8 GiB per vCPU, in GiB. */
export const MEMORY_EXCEPTIONS: { readonly [name: string]: number } = {
  MO_Standard_E64s_v3: 432,
  MO_Standard_E64ds_v4: 504,
  MO_Standard_E96ds_v5: 672,
  MO_Standard_E96ads_v5: 672,
};
