/** A time as Kubernetes writes it: RFC 3339 in whole seconds, `2026-01-31T12:00:00Z`. */
export function kubeTime(micros: number): string {
  return `${new Date(micros / 1000).toISOString().slice(0, 19)}Z`
}
