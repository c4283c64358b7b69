import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Message, type Reading, readRequest, readResponse } from '../message-reader.ts'
import { HOST } from '../request-case.ts'
import { openWire, Wire } from '../wire.ts'
import { spoiledResponses } from './beginnings.ts'
import { DOORS, type Door, type Doors, openDoors } from './doors.ts'
import { responseMeaning } from './meaning.ts'
import { cuts, divided } from './mutations.ts'
import { FUZZ_MILLIS, ORIGIN, RUNS, SEED } from './seed.ts'

const PROBE_BODY = 'the answer to the probe'

/** Answers `/probe` properly, and everything else with `pieces` and an end. */
let pieces: readonly string[] = []
let app: Server
let doors: Doors

beforeAll(async () => {
  app = createServer({ allowHalfOpen: true }, socket => {
    const wire = new Wire(socket)
    socket.on('end', () => socket.end())
    socket.on('data', () => {
      const reading = readRequest(wire.received)
      if (typeof reading === 'string') return
      wire.received = wire.received.slice(reading.length)
      if (reading.start.includes(' /probe ')) {
        wire.write(`HTTP/1.1 200 OK\r\ncontent-length: ${PROBE_BODY.length}\r\n\r\n${PROBE_BODY}`)
      } else {
        writeAll(wire, pieces)
      }
    })
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { port } = app.address() as AddressInfo
  doors = await openDoors(port)
})

afterAll(async () => {
  await doors.stop()
  app.close()
})

function writeAll(wire: Wire, parts: readonly string[]): void {
  const [first, ...rest] = parts
  if (first === undefined) {
    wire.socket.end()
    return
  }
  wire.write(first)
  setImmediate(writeAll, wire, rest)
}

interface Seen {
  readonly interim: readonly Message[]
  readonly final: Reading
  /** Behind the final response. */
  readonly rest: string
}

function readAll(text: string, headOnly: boolean, ended: boolean): Seen {
  const interim: Message[] = []
  let rest = text
  for (;;) {
    const reading = readResponse(rest, { headOnly, ended })
    if (typeof reading === 'string') return { interim, final: reading, rest: '' }
    rest = rest.slice(reading.length)
    if (Number(reading.start.slice(9, 12)) >= 200) return { interim, final: reading, rest }
    interim.push(reading)
  }
}

const question = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${method === 'POST' ? 'Content-Length: 0\r\n' : ''}\r\n`

async function ask(door: Door, method: string): Promise<void> {
  const port = doors.portOf(door)
  const meaningOf = (message: Message): string => responseMeaning(message, door.traced)
  const headOnly = method === 'HEAD'
  const written = pieces.join('')
  const meant = readAll(written, headOnly, true)
  const wire = await openWire(port)
  wire.write(question(method, '/'))
  const seen = (): Seen => readAll(wire.received, headOnly, wire.state === 'ended')
  await wire.until(() => typeof seen().final !== 'string')
  const { interim, final, rest } = seen()
  const own = typeof final !== 'string' && final.fields.some(([name]) => name === 'x-kiseki-reason')

  // What is said in the meantime is what the app said then.
  expect(interim.map(meaningOf)).toEqual(meant.interim.slice(0, interim.length).map(meaningOf))
  expect(rest).toBe('')
  if (typeof final === 'string') {
    // It is not whole, and the client can see that; what there is of it came from the app.
    expect(wire.state).toBe('broken')
    expect(final).toBe('partial')
  } else if (own) {
    expect(final.start).toMatch(/^HTTP\/1\.1 502 /)
  } else {
    // Whole for the client: then it was whole, and the same.
    expect(typeof meant.final).not.toBe('string')
    if (typeof meant.final !== 'string') expect(meaningOf(final)).toBe(meaningOf(meant.final))
  }
  await expectOwnAnswer(port, wire)
}

/** Nothing of it is left for the next request, on the same connection where that lives. */
async function expectOwnAnswer(port: number, before: Wire): Promise<void> {
  let wire = before
  let from = before.received.length
  if (before.state === 'open') before.write(question('GET', '/probe'))
  const answer = (): Reading => readResponse(wire.received.slice(from), { headOnly: false, ended: false })
  await wire.until(() => typeof answer() !== 'string')
  if (wire.state !== 'open' && wire.received.length === from) {
    wire = await openWire(port)
    from = 0
    wire.write(question('GET', '/probe'))
    await wire.until(() => typeof answer() !== 'string')
  }
  expect(answer()).toMatchObject({ body: PROBE_BODY })
  before.socket.destroy()
  wire.socket.destroy()
}

describe.each(DOORS)('whatever an app answers to a request that came $name,', door => {
  it(
    `is seen by the client as it was meant, or as broken (${ORIGIN})`,
    async () => {
      const method = fc.constantFrom('GET', 'HEAD', 'POST')
      const property = fc.asyncProperty(spoiledResponses, cuts, method, async (text, places, asked) => {
        pieces = [text]
        await ask(door, asked)
        pieces = divided(text, places)
        await ask(door, asked)
      })
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
      expect(doors.errors()).toEqual([])
    },
    FUZZ_MILLIS,
  )
})
