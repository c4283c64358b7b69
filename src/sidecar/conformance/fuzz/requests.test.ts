import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Reading, readRequests, readResponse } from '../message-reader.ts'
import { type RecordingApp, startRecordingApp } from '../recording-app.ts'
import { openWire } from '../wire.ts'
import { spoiledRequests } from './beginnings.ts'
import { DOORS, type Door, type Doors, openDoors } from './doors.ts'
import { readWithLlhttp } from './llhttp.ts'
import { requestMeaning } from './meaning.ts'
import { cuts, divided } from './mutations.ts'
import { FUZZ_MILLIS, ORIGIN, RUNS, SEED } from './seed.ts'

let app: RecordingApp
let doors: Doors

beforeAll(async () => {
  app = await startRecordingApp()
  doors = await openDoors(app.port)
})

afterAll(async () => {
  await doors.stop()
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
    const reading = readAnswer(rest)
    if (typeof reading === 'string') return { statuses, rest }
    statuses.push(reading.start.slice(9, 12))
    rest = rest.slice(reading.length)
  }
}

/** Where nothing comes behind a head, it may have been HEAD that was asked. */
function readAnswer(text: string): Reading {
  const headOnly = /^HTTP\/1\.1 4[^\0]*?\r\n\r\n(?:$|HTTP\/)/.test(text)
  return readResponse(text, { headOnly, ended: true })
}

/** What is meant, as far as it says so in words that can be trusted. */
function meanings(text: string, { traced }: Door): readonly string[] {
  return readRequests(text).requests.map(request => requestMeaning(request, traced))
}

/** Only one host is known to the mesh, in whatever way it is written. */
function isRouted({ direction }: Door, meaning: string): boolean {
  return direction === 'inbound' || /"host":"books\.shop\.?(:0*80|:)?"/i.test(meaning)
}

/** The first of what was meant arrives and is answered, the next may be refused, and that is all. */
function expectPrefix(door: Door, meant: readonly string[], { arrived, ...seen }: Outcome): void {
  const answers = meant.map(each => (isRouted(door, each) ? '200' : '403'))
  const good = seen.statuses.filter((status, at) => status === answers[at]).length
  const taken = meant.slice(0, good)
  expect(arrived.flatMap(text => meanings(text, door))).toEqual(taken.filter(each => isRouted(door, each)))
  expect(seen.statuses.length).toBeLessThanOrEqual(good + 1)
  expect(seen.statuses.slice(good).every(status => status >= '400')).toBe(true)
  expect(seen.rest).toBe('')
  expect(seen.state).toBe('ended')
}

/** Another program agrees about what arrived. It has never heard of some words, and does not take some bytes. */
async function expectAgreement(arrived: readonly string[]): Promise<void> {
  // It does not go on behind an offer to change to another protocol.
  const offer = arrived.findIndex(text => /\r\nupgrade:/i.test(text))
  const given = offer < 0 ? arrived : arrived.slice(0, offer + 1)
  const { requests, fault } = await readWithLlhttp(given.join(''))
  if (!FOREIGN.has(fault)) {
    expect(fault).toBe('')
    expect(requests.length).toBe(given.length)
  }
  requests.forEach(({ line, body }, at) => {
    expect(given[at]?.startsWith(`${line} `)).toBe(true)
    expect(readRequests(given[at] ?? '').requests.map(request => request.body)).toEqual([body])
  })
}

/** The one for words it has never heard of, the other for bytes beyond ASCII. */
const FOREIGN = new Set(['HPE_INVALID_METHOD', 'HPE_INVALID_URL'])
/** Another protocol from there on, in which nothing is a request. */
const TUNNEL = /CONNECT |PRI /

describe.each(DOORS)('whatever a client sends, $name,', door => {
  it(
    `reaches the app as it was meant, or not at all (${ORIGIN})`,
    async () => {
      const property = fc.asyncProperty(spoiledRequests, cuts, async (text, places) => {
        fc.pre(!TUNNEL.test(text))
        const meant = meanings(text, door)
        const whole = await exchange(doors.portOf(door), [text])
        expectPrefix(door, meant, whole)
        await expectAgreement(whole.arrived)
        const parts = await exchange(doors.portOf(door), divided(text, places))
        expectPrefix(door, meant, parts)
        // What is refused while its body comes ends the connection.
        if (meant.every(each => isRouted(door, each))) {
          expect(parts.arrived.length).toBe(whole.arrived.length)
          if (!door.traced) expect(parts.arrived).toEqual(whole.arrived)
        }
        expect(app.bad).toEqual([])
      })
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
      expect(doors.errors()).toEqual([])
    },
    FUZZ_MILLIS,
  )
})
