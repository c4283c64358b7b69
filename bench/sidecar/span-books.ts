import type { Subject } from './subjects.ts'

/** What the sidecar says of its spans after the measurements: one that drops them has less to do. */
export async function spanBooks({ metricsPort }: Subject): Promise<string | undefined> {
  if (metricsPort === undefined) return undefined
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^kiseki_sidecar_spans_${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce(
      (all, [, value]) => all + Number(value),
      0,
    )
  const recorded = sum('recorded_total')
  if (recorded === 0) return undefined
  const dropped = sum('dropped_total')
  const share = ((dropped / recorded) * 100).toFixed(2)
  return `${recorded} spans recorded, ${sum('acknowledged_total')} acknowledged, ${dropped} dropped (${share} %)`
}
