import { type Field, type Message, readResponse } from './message-reader.ts'
import type { RecordingApp } from './recording-app.ts'
import { HOST, type RequestCase, type RequestOutcome } from './request-case.ts'
import { openWire, type Wire } from './wire.ts'

const PROBE = `GET /probe HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`

export interface SeenOutcome extends RequestOutcome {
  /** The same as `arrives`, without what each proxy may write in its own way. */
  readonly meanings: readonly string[]
}

/** Sends the case to the port, waits for as much as is `expected`, and tells what happened. */
export async function runRequestCase(
  port: number,
  app: RecordingApp,
  given: Pick<RequestCase, 'send' | 'ends'>,
  expected: Pick<RequestOutcome, 'answers' | 'alive'>,
): Promise<SeenOutcome> {
  app.arrivals.length = 0
  const wire = await openWire(port)
  wire.write(given.send)
  if (given.ends === true) wire.socket.end()
  await wire.until(() => statusesIn(wire).length >= expected.answers.length)
  const { alive, answers } = await endOf(wire, expected.alive)
  wire.socket.destroy()
  const arrived = app.arrivals.filter(arrival => !arrival.message.start.startsWith('GET /probe '))
  return {
    arrives: arrived.map(arrival => arrival.text),
    meanings: arrived.map(arrival => meaningOf(arrival.message)),
    answers,
    alive,
  }
}

/** A connection that should live is good for another request; one that should not ends by itself. */
async function endOf(wire: Wire, expectedAlive: boolean): Promise<Pick<RequestOutcome, 'answers' | 'alive'>> {
  if (!expectedAlive) {
    await wire.over()
    return { alive: wire.state === 'open', answers: statusesIn(wire) }
  }
  const before = statusesIn(wire).length
  wire.write(PROBE)
  await wire.until(() => statusesIn(wire).length > before)
  const answers = statusesIn(wire)
  const alive = answers.length > before && answers.at(-1) === 200
  // The answer to the probe is none to the case.
  return { alive, answers: alive ? answers.slice(0, -1) : answers }
}

/** Of all whole responses but interim ones. */
function statusesIn(wire: Wire): readonly number[] {
  const statuses: number[] = []
  let rest = wire.received
  for (;;) {
    const reading = readResponse(rest, { headOnly: false, ended: wire.state === 'ended' })
    if (typeof reading === 'string') return statuses
    const status = Number(reading.start.slice(9, 12))
    if (status >= 200) statuses.push(status)
    rest = rest.slice(reading.length)
  }
}

/** Each proxy says these in its own way, or speaks of its own connection in them. */
const OWN = new Set(['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])

/** Method, target, host, end-to-end fields, content and trailers, in one line. */
export function meaningOf(message: Message): string {
  const [method, target] = message.start.split(' ')
  const host = message.fields.find(([name]) => name === 'host')?.[1] ?? ''
  const fields = message.fields.filter(([name]) => !OWN.has(name)).map(text)
  const trailers = message.trailers.map(text)
  return [
    `${method} ${target} @${host.toLowerCase().replace(/(?<!:):\d*$/, '')}`,
    ...(fields.length > 0 ? [`{${fields.join(' | ')}}`] : []),
    ...(message.body === '' ? [] : [short(message.body)]),
    ...(trailers.length > 0 ? [`trailers {${trailers.join(' | ')}}`] : []),
  ].join(' ')
}

function text([name, value]: Field): string {
  return `${name}: ${short(value)}`
}

function short(value: string): string {
  const quoted = JSON.stringify(value)
  return quoted.length > 80 ? `${quoted.slice(0, 40)}… ${value.length} bytes` : quoted
}
