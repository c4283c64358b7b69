import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TracingInForce, TracingReport } from '../../../src/model/tracing-report.ts'
import { AUTHORITY, type LiveMesh, openLiveMesh, type TracingPatch, until } from './live-mesh.ts'
import { startZipkinReceiver, type ZipkinReceiver } from './zipkin-receiver.ts'

const PATH = '/api/v2/spans'
/** Promised is 2 s; asserted with fivefold slack. */
const IN_FORCE_MILLIS = 2000
const SLACK = 5

let mesh: LiveMesh
let collector: ZipkinReceiver

beforeAll(async () => {
  mesh = await openLiveMesh()
  collector = await startZipkinReceiver('127.0.0.1', PATH)
})

afterAll(async () => {
  await mesh?.close()
  await collector?.close()
})

/** Through both sidecars; resolves with the status. */
function ask(): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: AUTHORITY }
    const asking = request(
      { host: mesh.asking.address, port: 15_001, path: '/books/1', headers, agent: false },
      answer => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}

const reports = (): Promise<readonly TracingReport[]> =>
  Promise.all(mesh.sidecars.map(sidecar => sidecar.report()))

/** Resolves with the milliseconds until all sidecars run it. */
async function change(patch: TracingPatch, expected: Partial<TracingInForce>): Promise<number> {
  const began = performance.now()
  await mesh.patchTracing(patch)
  await until(`all sidecars run ${JSON.stringify(patch)}`, async () =>
    (await reports()).every(
      ({ tracing }) =>
        tracing !== undefined && JSON.stringify({ ...tracing, ...expected }) === JSON.stringify(tracing),
    ),
  )
  return performance.now() - began
}

/** Asks, and resolves with how many spans of it came. */
async function spansOfOneRequest(): Promise<number> {
  const before = collector.spans.length
  expect(await ask()).toBe(200)
  await until('all is delivered', async () => (await reports()).every(({ spans }) => spans.queued === 0))
  return collector.spans.length - before
}

describe.skipIf(process.platform !== 'linux')('a running sidecar', () => {
  it('follows every field of tracing', async () => {
    const { port } = collector
    const steps: readonly (readonly [TracingPatch, Partial<TracingInForce>])[] = [
      [
        { enable: true, port: 9 },
        { address: 'jaeger.osm-system.svc.cluster.local', port: 9 },
      ],
      [
        { enable: true, address: '127.0.0.1' },
        { address: '127.0.0.1', port: 9 },
      ],
      [{ enable: true, endpoint: '/elsewhere' }, { endpoint: '/elsewhere' }],
      [{ enable: true, sampledFraction: '0' }, { sampledFraction: 0 }],
      [
        { enable: true, port, endpoint: PATH },
        { port, endpoint: PATH, sampledFraction: 0 },
      ],
    ]
    for (const [patch, expected] of steps)
      expect(await change(patch, expected)).toBeLessThan(IN_FORCE_MILLIS * SLACK)
    expect(await spansOfOneRequest()).toBe(0)
    expect(await change({ enable: true, sampledFraction: '1.0' }, { sampledFraction: 1 })).toBeLessThan(
      IN_FORCE_MILLIS * SLACK,
    )
    expect(await spansOfOneRequest()).toBe(2)
  })

  it('works on and traces while the control plane is away, also when it is started again meanwhile', async () => {
    const [before] = await reports()
    await mesh.stopControlPlane()
    expect(await spansOfOneRequest()).toBe(2)
    await mesh.restartAsking()
    const [after] = await reports()
    expect(after).toMatchObject({ revision: before?.revision, tracing: before?.tracing })
    expect(await mesh.asking.page('/config_dump')).toContain(`"port_value": ${collector.port}\n`)
    expect(await spansOfOneRequest()).toBe(2)
  })

  it('follows the control plane again when that is back', async () => {
    await mesh.startControlPlane()
    expect(await spansOfOneRequest()).toBe(2)
    await mesh.patchTracing({ enable: false })
    await until('tracing is off', async () => (await reports()).every(({ tracing }) => tracing === undefined))
    expect(await spansOfOneRequest()).toBe(0)
    for (const sidecar of mesh.sidecars)
      expect(await sidecar.page('/config_dump')).not.toContain('pipy-tracing-cluster')
  })
})
