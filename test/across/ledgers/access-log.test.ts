import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '../../../src/sidecar/testing/echo-app.ts'
import { booksOn } from '../../../src/sidecar/testing/rig.ts'
import { type SidecarProcess, startSidecarProcess } from '../sidecar-process.ts'
import { askMany } from './asking.ts'

const LINES = 'kiseki_sidecar_access_log_lines_total'
const DROPPED = 'kiseki_sidecar_access_log_dropped_total'

let app: App
let sidecar: SidecarProcess

beforeAll(async () => {
  app = await startApp((_, response) => void response.end('ok'))
})

afterAll(() => app?.close())

afterEach(async () => {
  await sidecar?.end()
})

async function begin(logged: boolean): Promise<void> {
  sidecar = await startSidecarProcess()
  const accessLog = logged ? { accessLog: { queryStrings: 'keep' } as const } : { tracing: false as const }
  // Nobody takes the spans: the log is of what was asked, not of what was stored.
  await sidecar.configure({ ...booksOn(app.port), ...accessLog }, 1)
}

const ask = (requests: number, path = '/') =>
  askMany({ host: sidecar.address, port: sidecar.outbound, requests, path })

/** The lines that came whole, as JSON. */
const linesOf = (): readonly Readonly<Record<string, unknown>>[] =>
  sidecar
    .output()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)

describe.skipIf(process.platform !== 'linux')('the access log of a sidecar, on its standard output', () => {
  it('has a line for each answer of the client, and those of the last moment too', async () => {
    await begin(true)
    const { ids } = await ask(3000)
    await sidecar.end()
    const lines = linesOf()
    expect(lines.map(line => `${line['trace_id']}/${line['span_id']}`).toSorted()).toEqual(ids.toSorted())
    expect(new Set(lines.map(line => line['component']))).toEqual(new Set(['access']))
  })

  it('stops no request when nobody reads it; what found no room is counted', async () => {
    await begin(true)
    sidecar.holdOutput(true)
    const { ids, failures } = await ask(4000, `/${'long-'.repeat(200)}`)
    expect([ids.length, failures]).toEqual([4000, []])
    expect(await sidecar.metric(DROPPED)).toBeGreaterThan(0)
    sidecar.holdOutput(false)
    await expect
      .poll(async () => (await sidecar.metric(LINES)) + (await sidecar.metric(DROPPED)), { timeout: 20_000 })
      .toBe(4000)
    const written = await sidecar.metric(LINES)
    await sidecar.end()
    expect(linesOf()).toHaveLength(written)
  })

  it('is silent where it is off', async () => {
    await begin(false)
    await ask(100)
    await sidecar.end()
    expect(sidecar.output()).toBe('')
  })
})
