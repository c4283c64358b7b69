import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { booksOn, type Rig, startRig } from '../../testing/rig.ts'
import { runningAt } from '../../testing/stats.ts'
import { HOST } from '../request-case.ts'
import { openWire } from '../wire.ts'
import { spoiledRequests, spoiledResponses } from './beginnings.ts'
import { FUZZ_MILLIS, ORIGIN, RUNS, SEED } from './seed.ts'

const GOOD = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const TUNNEL = `CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
/** Silence is short here, so that many can be silent one after another; and all of these are at the same time. */
const TIMEOUT_MILLIS = 250
const AT_A_TIME = 100

/** What somebody does who has said something: one waits for the other for ever, goes, or breaks off. */
const AFTERWARDS = ['waits', 'ends', 'breaks off'] as const
type Afterwards = (typeof AFTERWARDS)[number]

function then(socket: Socket, afterwards: Afterwards): void {
  if (afterwards === 'ends') socket.end()
  if (afterwards === 'breaks off') socket.resetAndDestroy()
}

/** What the app says to `GET /N`, and does then; it answers all else properly, and is as patient as it can be. */
let answers: readonly string[] = []
/** What it does behind a proper answer. */
let appThen: Afterwards = 'waits'
const atApp = new Set<Socket>()
let app: Server
let rig: Rig

beforeEach(async () => {
  answers = []
  appThen = 'waits'
  app = createServer({ allowHalfOpen: true }, socket => {
    atApp.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => atApp.delete(socket))
    socket.on('data', (bytes: Buffer) => {
      if (!socket.writable) return
      const asked = Number(/^GET \/(\d+) /.exec(bytes.toString('latin1'))?.[1] ?? -1)
      socket.write(answers[asked] ?? ANSWER, 'latin1')
      setImmediate(then, socket, asked < 0 ? appThen : (AFTERWARDS[asked % AFTERWARDS.length] ?? 'waits'))
    })
    socket.on('end', () => socket.end())
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { port } = app.address() as AddressInfo
  const inbound = { '9001': { appPort: port } }
  rig = await startRig({ ...booksOn(port), inbound, timeoutMillis: TIMEOUT_MILLIS })
})

afterEach(async () => {
  await rig.stop()
  app.close()
})

/** True: the sidecar has ended its side in time, whatever the client did. */
async function isLetGo(port: number, text: string, afterwards: Afterwards): Promise<boolean> {
  const wire = await openWire(port)
  wire.write(text)
  await new Promise(resolve => setImmediate(resolve))
  then(wire.socket, afterwards)
  const letGo = (await wire.over()) !== 'open'
  wire.socket.destroy()
  return letGo
}

/** Those of the texts, all tried at the same time, that keep a connection for ever. */
async function holding(
  ports: readonly number[],
  texts: readonly string[],
  always?: Afterwards,
): Promise<readonly string[]> {
  const held: string[] = []
  const one = async (text: string, at: number): Promise<void> => {
    const port = ports[at % ports.length] ?? 0
    const afterwards = always ?? AFTERWARDS[at % AFTERWARDS.length] ?? 'waits'
    if (!(await isLetGo(port, text, afterwards))) held.push(text)
  }
  await Promise.all(texts.map(one))
  return held
}

/** The sidecar has forgotten all of it, and is as good as before. */
async function expectNothingLeft(): Promise<void> {
  appThen = 'waits'
  for (const port of [rig.outbound, rig.inbound]) {
    const wire = await openWire(port)
    wire.write(GOOD)
    await wire.until(() => wire.received.endsWith('ok'))
    expect(wire.received).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    await wire.over()
    wire.socket.destroy()
  }
  while ((await runningAt(rig)).active > 0);
  expect(await runningAt(rig)).toEqual({ active: 0, pending: 0 })
  expect(rig.logs.filter(line => line.includes('"error"'))).toEqual([])
  while (atApp.size > 0) await new Promise(resolve => setImmediate(resolve))
}

function batches(texts: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(texts.length / AT_A_TIME) }, (_, at) =>
    texts.slice(at * AT_A_TIME, (at + 1) * AT_A_TIME),
  )
}

const some = (texts: fc.Arbitrary<string>): readonly string[] =>
  fc.sample(texts, { numRuns: RUNS * 2, seed: SEED })

describe(`no connection is held for ever (${ORIGIN})`, () => {
  it(
    'whatever a client sends, and does then',
    async () => {
      for (const texts of batches(some(spoiledRequests))) {
        expect(await holding([rig.outbound, rig.inbound], texts)).toEqual([])
      }
      await expectNothingLeft()
    },
    FUZZ_MILLIS,
  )

  it(
    'whatever a client sends into a tunnel',
    async () => {
      // What is no HTTP is carried as it is, and lasts for as long as both ends want; the app ends it here.
      appThen = 'ends'
      const texts = some(spoiledRequests).filter(text => text !== '')
      for (const few of batches(texts.map(text => TUNNEL + text))) {
        expect(await holding([rig.outbound], few)).toEqual([])
      }
      await expectNothingLeft()
    },
    FUZZ_MILLIS,
  )

  it(
    'whatever an app says, and does then',
    async () => {
      for (const texts of batches(some(spoiledResponses))) {
        answers = texts
        const questions = texts.map((_, at) => GOOD.replace('/', `/${at}`))
        const held = await holding([rig.outbound, rig.inbound], questions, 'waits')
        expect(held.map(question => texts[questions.indexOf(question)])).toEqual([])
      }
      await expectNothingLeft()
    },
    FUZZ_MILLIS,
  )
})
