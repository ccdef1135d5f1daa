// Sizes that Coder recommends by the number of users. Coder publishes two sets of numbers, whose databases differ by a factor
// of four; both are here.
//
// `tiers`: github.com/coder/coder docs/install/plan/sizing/{1k,2k,3k,10k}-users.md, read 2026-11.
// `baseline`: docs/install/plan/sizing/index.md of the same day (2 vCPU for 1,000 users of whom 30 % are active, one
// machine size up per tier) with the storage of the older validated architectures; there is none for 10,000 users.
// Memory is in GB as published. Provisioners have 1 vCPU and 1 GB each.

export interface DatabaseNumbers {
  readonly vcpu: number;
  readonly memoryGB: number;
}

export interface SizeNumbers {
  readonly users: number;
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
  readonly provisioners: number;
  readonly tier: DatabaseNumbers;
  readonly baseline?: DatabaseNumbers;
  readonly storageGiB: number;
}

export const SIZES: { readonly [size: string]: SizeNumbers } = {
  "1k": {
    users: 1_000,
    replicas: 3,
    cpu: "2000m",
    memory: "8Gi",
    provisioners: 60,
    tier: { vcpu: 8, memoryGB: 30 },
    baseline: { vcpu: 2, memoryGB: 8 },
    storageGiB: 512,
  },
  "2k": {
    users: 2_000,
    replicas: 3,
    cpu: "4000m",
    memory: "12Gi",
    provisioners: 120,
    tier: { vcpu: 16, memoryGB: 60 },
    baseline: { vcpu: 4, memoryGB: 16 },
    storageGiB: 1_024,
  },
  "3k": {
    users: 3_000,
    replicas: 4,
    cpu: "4000m",
    memory: "12Gi",
    provisioners: 180,
    tier: { vcpu: 32, memoryGB: 120 },
    baseline: { vcpu: 8, memoryGB: 32 },
    storageGiB: 1_536,
  },
  "10k": {
    users: 10_000,
    replicas: 10,
    cpu: "4000m",
    memory: "12Gi",
    provisioners: 600,
    tier: { vcpu: 64, memoryGB: 240 },
    storageGiB: 1_536,
  },
};
