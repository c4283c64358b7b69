import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { booksOn, type Rig, startRig } from '../../testing/rig.ts'
import { readRequests, readResponse } from '../message-reader.ts'
import { type RecordingApp, startRecordingApp } from '../recording-app.ts'
import { openWire } from '../wire.ts'
import { readWithLlhttp } from './llhttp.ts'
import { requestMeaning } from './meaning.ts'
import { requests } from './messages.ts'
import { cuts, divided, mutated } from './mutations.ts'
import { FUZZ_MILLIS, ORIGIN, RUNS, SEED } from './seed.ts'

let app: RecordingApp
let rig: Rig

beforeAll(async () => {
  app = await startRecordingApp()
  rig = await startRig({ ...booksOn(app.port), inbound: { '9001': { appPort: app.port } }, tracing: false })
})

afterAll(async () => {
  await rig.stop()
  await app.close()
})

interface Outcome {
  /** The very bytes of each request that reached the app. */
  readonly arrived: readonly string[]
  readonly statuses: readonly string[]
  /** What came behind the last whole response. */
  readonly rest: string
  readonly state: string
}

/** Sends the pieces, each by itself as far as that is in our hands, and waits for the end of the connection. */
async function exchange(port: number, pieces: readonly string[]): Promise<Outcome> {
  app.arrivals.length = 0
  const wire = await openWire(port)
  for (const piece of pieces) {
    wire.write(piece)
    await new Promise(resolve => setImmediate(resolve))
  }
  wire.socket.end()
  const state = await wire.over()
  wire.socket.destroy()
  return { arrived: app.arrivals.map(arrival => arrival.text), state, ...answersIn(wire.received) }
}

function answersIn(received: string): { statuses: readonly string[]; rest: string } {
  const statuses: string[] = []
  let rest = received
  for (;;) {
    const reading = readResponse(rest, { headOnly: false, ended: true })
    if (typeof reading === 'string') return { statuses, rest }
    statuses.push(reading.start.slice(9, 12))
    rest = rest.slice(reading.length)
  }
}

function meanings(text: string): readonly string[] {
  return readRequests(text).requests.map(requestMeaning)
}

/** The one for words it has never heard of, the other for bytes beyond ASCII. */
const FOREIGN = new Set(['HPE_INVALID_METHOD', 'HPE_INVALID_URL'])
/** Another protocol from there on, in which nothing is a request. */
const TUNNEL = /CONNECT |PRI /

describe.each(['outbound', 'inbound'] as const)('whatever a client sends %s', direction => {
  it(
    `reaches the app as it was meant, or not at all (${ORIGIN})`,
    async () => {
      const property = fc.asyncProperty(mutated(requests), cuts, async (text, places) => {
        fc.pre(!TUNNEL.test(text))
        const meant = meanings(text)
        const whole = await exchange(rig[direction], [text])

        // A prefix of what was meant arrives, and a strict reader agrees.
        expect(app.bad).toEqual([])
        const arrived = whole.arrived.flatMap(meanings)
        expect(arrived).toEqual(meant.slice(0, whole.arrived.length))

        // Each is answered by the app; at most one refusal follows, and then nothing.
        const served = whole.statuses.slice(0, arrived.length)
        expect(served).toEqual(arrived.map(() => '200'))
        expect(whole.statuses.length).toBeLessThanOrEqual(arrived.length + 1)
        expect(whole.statuses.slice(arrived.length).every(status => status >= '400')).toBe(true)
        expect(whole.rest).toBe('')
        expect(whole.state).toBe('ended')

        // Another program agrees about what arrived, but for methods and targets that it does not take at all.
        const seen = await readWithLlhttp(whole.arrived.join(''))
        if (!FOREIGN.has(seen.fault)) {
          expect(seen.fault).toBe('')
          expect(seen.requests.length).toBe(arrived.length)
        }
        seen.requests.forEach(({ line, body }, at) => {
          expect(JSON.parse(arrived[at] ?? '{}')).toMatchObject({ body })
          expect(whole.arrived[at]?.startsWith(`${line} `)).toBe(true)
        })

        // However it is divided.
        expect(await exchange(rig[direction], divided(text, places))).toEqual(whole)
      })
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
      expect(rig.logs.filter(line => line.includes('"error"'))).toEqual([])
    },
    FUZZ_MILLIS,
  )
})
