import { expect } from 'vitest'
import { ask } from './http-client.ts'
import type { Rig } from './rig.ts'

/** One number of the sidecar's metrics, by the beginning of its line; 0 where it has none. */
export async function statOf(rig: Rig, name: string, labels = ''): Promise<number> {
  const answer = await ask({ port: rig.sidecar.ports.admin, path: '/metrics' })
  const lines = answer.body.toString().split('\n')
  const found = lines.find(line => line.startsWith(name) && !line.startsWith('#') && line.includes(labels))
  return found === undefined ? 0 : Number(found.slice(found.lastIndexOf(' ') + 1))
}

/** What runs at the only outbound cluster: nothing may be left after anything. */
export async function runningAt(rig: Rig): Promise<{ active: number; pending: number }> {
  const cluster = 'shop/books|80'
  return {
    active: await statOf(rig, 'sidecar_cluster_upstream_rq_active', cluster),
    pending: await statOf(rig, 'sidecar_cluster_upstream_rq_pending_active', cluster),
  }
}

const CLASSES = ['none', '2xx', '3xx', '4xx', '5xx']

/** Requests of the app that came to an end, however. */
export async function endedRequests(rig: Rig): Promise<number> {
  let sum = 0
  for (const each of CLASSES) {
    sum += await statOf(rig, 'kiseki_sidecar_requests_total', `direction="outbound",code_class="${each}"`)
  }
  return sum
}

/** Whatever happened: each request and each attempt beyond its first is one span, at the collector too. */
export async function expectBooksToBalance(rig: Rig, ended: number, retries: number): Promise<void> {
  expect(await statOf(rig, 'sidecar_cluster_upstream_rq_total', 'books')).toBe(ended)
  expect(rig.sidecar.spans.recorded).toBe(ended + retries)
  await rig.stopSidecar()
  expect(rig.collector.spans).toHaveLength(ended + retries)
  expect(new Set(rig.collector.spans.map(span => span.id)).size).toBe(ended + retries)
}
