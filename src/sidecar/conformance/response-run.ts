import { type Field, type Message, readResponse } from './message-reader.ts'
import { HOST } from './request-case.ts'
import type { ResponseCase } from './response-case.ts'
import { PROBE_ANSWER, type ScriptedApp } from './scripted-app.ts'
import { openWire, type Wire } from './wire.ts'

const GET = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
const PROBE = GET.replace('GET /', 'GET /probe')

export interface SeenResponse {
  readonly seen: string
  readonly client: ResponseCase['client']
  readonly reused: boolean
  /** `its own`: another request gets its own answer, and nothing else. Otherwise what it got. */
  readonly next: string
  /** The same as `seen`, without what each proxy may write in its own way. */
  readonly meanings: readonly string[]
}

export async function runResponseCase(
  port: number,
  app: ScriptedApp,
  given: Pick<ResponseCase, 'send' | 'behind' | 'request'>,
  expected: Pick<ResponseCase, 'client'> & { readonly meanings?: readonly string[] },
): Promise<SeenResponse> {
  app.begin(given)
  const request = given.request ?? GET
  const context = { headOnly: request.startsWith('HEAD ') }
  const wire = await openWire(port)
  wire.write(request)
  await wire.until(() => wire.received !== '')
  for (let before = wire.received.length; app.next(); before = wire.received.length) {
    await wire.until(() => wire.received.length > before)
  }
  const awaited = expected.meanings?.join()
  const settled = (): boolean =>
    finalOf(wire, context) !== undefined || meaningsOf(wire.received, false, context).join() === awaited
  if (expected.client === 'alive') await wire.until(settled)
  else await wire.over()
  const final = finalOf(wire, context)
  const seen = wire.received
  const client = CLIENT[wire.state]
  const next = await askAgain(port, client === 'alive' ? wire : undefined)
  wire.socket.destroy()
  return {
    seen: final === '502' ? '502' : seen,
    client,
    reused: app.reused,
    next,
    meanings: meaningsOf(seen, client !== 'alive', context),
  }
}

const CLIENT = { open: 'alive', ended: 'ended', broken: 'broken' } as const

interface Context {
  readonly headOnly: boolean
}

async function askAgain(port: number, kept: Wire | undefined): Promise<string> {
  const wire = kept ?? (await openWire(port))
  const before = wire.received.length
  wire.write(PROBE)
  await wire.until(
    () => wire.received.length > before && finalOf(wire, { headOnly: false }, before) !== undefined,
  )
  const answer = wire.received.slice(before)
  wire.socket.destroy()
  if (answer === PROBE_ANSWER) return 'its own'
  const reading = readResponse(answer, { headOnly: false, ended: false })
  return typeof reading === 'string' || reading.body !== 'probe' || reading.length < answer.length
    ? answer
    : 'its own'
}

/** The status of the response, once it is whole. */
function finalOf(wire: Wire, { headOnly }: Context, from = 0): string | undefined {
  let rest = wire.received.slice(from)
  for (;;) {
    const reading = readResponse(rest, { headOnly, ended: wire.state === 'ended' })
    if (typeof reading === 'string') return undefined
    const status = reading.start.slice(9, 12)
    if (Number(status) >= 200) return status
    rest = rest.slice(reading.length)
  }
}

/** Each proxy says these in its own way, or speaks of its own connection in them. */
const OWN = new Set(['server', 'date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])

/** What the client of a case should see, in the words of `meanings`. */
export function expectedMeanings(given: ResponseCase): readonly string[] {
  if (given.seen === 502) return ['502']
  const headOnly = given.request?.startsWith('HEAD ') ?? false
  return meaningsOf(given.seen, given.client !== 'alive', { headOnly })
}

/** Status, fields, content and trailers of each response, in one line each. */
function meaningsOf(received: string, ended: boolean, { headOnly }: Context): readonly string[] {
  const meanings: string[] = []
  let rest = received
  while (rest !== '') {
    const reading = readResponse(rest, { headOnly, ended })
    if (typeof reading === 'string') return [...meanings, `${rest.slice(9, 12)} ${reading}`]
    meanings.push(meaningOf(reading))
    rest = rest.slice(reading.length)
  }
  return meanings
}

function meaningOf(message: Message): string {
  const status = message.start.slice(9, 12)
  if (status === '502') return status
  const fields = message.fields.filter(([name]) => !OWN.has(name)).map(text)
  const trailers = message.trailers.map(text)
  return [
    status,
    ...(fields.length > 0 ? [`{${fields.join(' | ')}}`] : []),
    ...(message.body === '' ? [] : [JSON.stringify(message.body.slice(0, 60))]),
    ...(trailers.length > 0 ? [`trailers {${trailers.join(' | ')}}`] : []),
  ].join(' ')
}

function text([name, value]: Field): string {
  return `${name}: ${JSON.stringify(value.slice(0, 60))}`
}
