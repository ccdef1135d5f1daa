// SKUs that the `sku_name` validators of azurerm 4.55 accept (services/postgres and services/mysql, validate), read 2026-11.
// The provider's expression for MySQL is not anchored, so it accepts names that Azure then refuses; here it is anchored. SKUs of
// v6 and confidential computing came later.
// vCPU and memory: Azure's page of service tiers, and its list of virtual machine sizes (the exceptions), read 2026-11.

/** SKUs by engine family. */
export const SKUS: { readonly [family: string]: readonly RegExp[] } = {
  postgres: [
    /^B_Standard_B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)$/,
    /^GP_Standard_D(2|4|8|16|32|48|64)(s_v3|ds_v4|ds_v5|ads_v5)$/,
    /^GP_Standard_D96(ds_v5|ads_v5)$/,
    /^MO_Standard_E(2|4|8|16|20|32|48|64)(s_v3|ds_v4)$/,
    /^MO_Standard_E6ds_v4$/,
    /^MO_Standard_E(2|4|8|16|20|32|48|64|96)ds_v5$/,
    /^MO_Standard_E(2|4|8|16|32|48|64|96)ads_v5$/,
  ],
  mysql: [
    /^B_Standard_B(1s|1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)$/,
    /^GP_Standard_D(2|4|8|16|32|48|64)(ds_v4|ads_v5)$/,
    /^MO_Standard_E(2|4|8|16|20|32|48|64|80i)ds_v4$/,
    /^MO_Standard_E(2|4|8|16|20|32|48|64|96)(ds_v5|ads_v5)$/,
  ],
};

/** SKUs in words, for messages. */
export const SKUS_IN_WORDS: { readonly [family: string]: string } = {
  postgres:
    "B_Standard_B{1ms,2s,2ms,4ms,8ms,12ms,16ms,20ms}, GP_Standard_D{2..64}{s_v3,ds_v4}, GP_Standard_D{2..96}{ds_v5,ads_v5}, " +
    "MO_Standard_E{2..64}{s_v3,ds_v4} and MO_Standard_E{2..96}{ds_v5,ads_v5}",
  mysql:
    "B_Standard_B{1s,1ms,2s,2ms,4ms,8ms,12ms,16ms,20ms}, GP_Standard_D{2..64}{ds_v4,ads_v5}, MO_Standard_E{2..64,80i}ds_v4 and " +
    "MO_Standard_E{2..96}{ds_v5,ads_v5}",
};

/** Burstable SKUs. */
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

/** vCPU counts of the General Purpose (4 GiB per vCPU) and Memory Optimized (8 GiB per vCPU) SKUs. */
export const SKU_VCPUS: readonly number[] = [2, 4, 8, 16, 32, 48, 64, 96];

/** General Purpose (D, 4 GiB per vCPU) and Memory Optimized (E, 8 GiB per vCPU) SKUs, as a whole name. */
export const SKU_NAME = /^(GP_Standard_D|MO_Standard_E)(\d+)(?:s_v3|ds_v4|ds_v5|ads_v5)$/;

/** Memory of Memory Optimized SKUs with less than 8 GiB per vCPU, in GiB. */
export const MEMORY_EXCEPTIONS: { readonly [name: string]: number } = {
  MO_Standard_E64s_v3: 432,
  MO_Standard_E64ds_v4: 504,
  MO_Standard_E96ds_v5: 672,
  MO_Standard_E96ads_v5: 672,
};
