// GitLab's reference architectures. Sources, read 2026-11: gitlabhq/gitlabhq doc/administration/reference_architectures:
// 2k, 5k, 10k, 25k and 50k (commit 003d7f2a of 2023 for the workers in Kubernetes; newer pages give the same databases),
// 1k and 3k, cloud_native.md (commit d66adcb6) for S to XL. RPS are API requests per second.
//
// `inferred` names facts that no page has: 1k has its database on GitLab's machine, so a managed one gets the size of 2k; the workers of
// 3k are between those of its neighbours; Praefect's database on 2k and 3k. The pages of S to XL give ranges of workers; this table has
// the upper limit, since a pool that is too small fails and one that is too large does not.

/** Numbers of one size. */
export interface GitlabSizeNumbers {
  /** API requests per second. */
  readonly rps: number;
  /** Users; not published for S to XL. */
  readonly users?: number;
  /** PostgreSQL nodes, with the primary, and the machine of each as published. */
  readonly postgres: { readonly nodes: number; readonly vcpu: number; readonly memoryGB: number };
  /** PgBouncer nodes of the Linux package; 0 for none. */
  readonly pgbouncer: number;
  /** Consul nodes of the Linux package; 0 for none. */
  readonly consul: number;
  /** Puma workers in all. */
  readonly workers: number;
  /** Sidekiq processes in all. */
  readonly sidekiq: number;
  /** Facts that are not on the page of this size. */
  readonly inferred?: readonly string[];
}

/** By name. */
export const GITLAB_SIZES: { readonly [name: string]: GitlabSizeNumbers } = {
  "1k": {
    rps: 20,
    users: 1_000,
    postgres: { nodes: 1, vcpu: 2, memoryGB: 7.5 },
    pgbouncer: 0,
    consul: 0,
    workers: 8,
    sidekiq: 1,
    inferred: ["postgres"],
  },
  "2k": {
    rps: 40,
    users: 2_000,
    postgres: { nodes: 1, vcpu: 2, memoryGB: 7.5 },
    pgbouncer: 0,
    consul: 0,
    workers: 12,
    sidekiq: 4,
  },
  "3k": {
    rps: 60,
    users: 3_000,
    postgres: { nodes: 3, vcpu: 2, memoryGB: 7.5 },
    pgbouncer: 3,
    consul: 3,
    workers: 24,
    sidekiq: 8,
    inferred: ["workers", "sidekiq"],
  },
  "5k": {
    rps: 100,
    users: 5_000,
    postgres: { nodes: 3, vcpu: 4, memoryGB: 15 },
    pgbouncer: 3,
    consul: 3,
    workers: 40,
    sidekiq: 8,
  },
  "10k": {
    rps: 200,
    users: 10_000,
    postgres: { nodes: 3, vcpu: 8, memoryGB: 30 },
    pgbouncer: 3,
    consul: 3,
    workers: 80,
    sidekiq: 14,
  },
  "25k": {
    rps: 500,
    users: 25_000,
    postgres: { nodes: 3, vcpu: 16, memoryGB: 60 },
    pgbouncer: 3,
    consul: 3,
    workers: 140,
    sidekiq: 14,
  },
  "50k": {
    rps: 1_000,
    users: 50_000,
    postgres: { nodes: 3, vcpu: 32, memoryGB: 120 },
    pgbouncer: 3,
    consul: 3,
    workers: 320,
    sidekiq: 14,
  },
  S: cloudNative(100, 8, 36, 12),
  M: cloudNative(200, 16, 84, 24),
  L: cloudNative(500, 32, 168, 48),
  XL: cloudNative(1_000, 64, 336, 96),
};

/** Everything in Kubernetes with an external database: no Linux package, so neither its PgBouncer nor Consul. */
function cloudNative(rps: number, vcpu: number, workers: number, sidekiq: number): GitlabSizeNumbers {
  const postgres = { nodes: 1, vcpu, memoryGB: vcpu * 4 };
  return { rps, postgres, pgbouncer: 0, consul: 0, workers, sidekiq, inferred: ["postgres.nodes"] };
}

/** Praefect's own database, on the pages 5k to 50k. */
export const PRAEFECT_DATABASE = { vcpu: 2, memoryGB: 1.8 };

/** Requests per second above which GitLab advises read replicas with load balancing on a managed service. */
export const REPLICAS_ABOVE_RPS = 200;
