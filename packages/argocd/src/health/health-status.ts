/** Upstream: gitops-engine v3.6.1 pkg/health/health.go. */
export type HealthStatusCode = "Healthy" | "Suspended" | "Progressing" | "Missing" | "Degraded" | "Unknown";

export interface HealthStatus {
  /** "" when a script returned something that is no status at all. */
  readonly status: HealthStatusCode | "";
  readonly message: string;
  /** Set by scripts: the message while the object is being deleted. */
  readonly deletionMessage?: string;
}

const order: readonly string[] = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"];

export function isHealthStatusCode(text: string): text is HealthStatusCode {
  return order.includes(text);
}

/** True when `next` is worse than `current`. */
export function isWorse(current: HealthStatusCode | "", next: HealthStatusCode | ""): boolean {
  return Math.max(0, order.indexOf(next)) > Math.max(0, order.indexOf(current));
}

/** A version of a kind that the check does not know. */
export class HealthCheckError extends Error {
  override readonly name = "HealthCheckError";
}
