import type { ConnectionConsumer } from "./connection-budget";

/** Share of additional pods during a rolling update, the Kubernetes default of maxSurge. */
export const DEFAULT_SURGE = 0.25;

/** Peak number of connections of a consumer whose numbers are known at synth: during a rolling update. */
export function peakConnections({ replicas, surge, poolMax, listeners, other }: ConnectionConsumer): number {
  // Kubernetes rounds up; the small difference keeps 0.07 x 100 at 7, which is slightly more in floating point.
  const pods = replicas + Math.ceil((surge ?? DEFAULT_SURGE) * replicas - 1e-9);
  return pods * (poolMax + (listeners ?? 0)) + (other ?? 0);
}
