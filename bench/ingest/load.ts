/**
 * Sends bodies of 100 spans as fast as they are taken, from a process of its own.
 * `node bench/ingest/load.ts URL SECONDS CONNECTIONS FORMAT`, FORMAT is zipkin or otlp; prints one JSON object.
 */
import { Agent, request } from 'node:http'
import { otlpBody } from './otlp-bodies.ts'
import { SpanBodies } from './span-bodies.ts'

const SPANS_A_BODY = 100
const BODIES = 400
const [url = 'http://127.0.0.1:9411', seconds = '5', connections = '16', format = 'zipkin'] =
  process.argv.slice(2)
const isOtlp = format === 'otlp'

const bodies = new SpanBodies({ seed: Date.now() % 1e6, start: Date.now() * 1000, stepMicros: 80 })
const patched = Array.from({ length: BODIES }, () => {
  const json = bodies.next(SPANS_A_BODY)
  if (!isOtlp) return { bytes: Buffer.from(json), offsets: textOffsets(Buffer.from(json)) }
  const bytes = Buffer.from(otlpBody(json))
  return { bytes, offsets: idOffsets(bytes, json) }
})
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) })
const statuses: Record<string, number> = {}
const millis: number[] = []
let sent = 0

/** Every lap has traces of its own, or they would grow without end. */
function nextBody(): Buffer {
  const { bytes, offsets } = patched[sent % BODIES] ?? { bytes: Buffer.alloc(0), offsets: [] }
  const lap = Math.floor(sent / BODIES)
    .toString(16)
    .padStart(8, '0')
  for (const offset of offsets) bytes.write(lap, offset, isOtlp ? 'hex' : 'latin1')
  sent++
  return bytes
}

function textOffsets(bytes: Buffer): readonly number[] {
  const key = '"traceId":"'
  const offsets: number[] = []
  for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + 1)) offsets.push(at + key.length)
  return offsets
}

function idOffsets(bytes: Buffer, json: string): readonly number[] {
  const ids = new Set(JSON.parse(json).map((span: { traceId: string }) => span.traceId))
  const offsets: number[] = []
  for (const id of ids) {
    const wanted = Buffer.from(String(id), 'hex')
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) offsets.push(at)
  }
  return offsets
}

function post(): Promise<void> {
  const body = nextBody()
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}${isOtlp ? '/v1/traces' : '/api/v2/spans'}`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': isOtlp ? 'application/x-protobuf' : 'application/json',
          'content-length': body.length,
        },
      },
      response => {
        response.resume()
        response.on('end', () => {
          millis.push(performance.now() - started)
          statuses[String(response.statusCode)] = (statuses[String(response.statusCode)] ?? 0) + 1
          resolve()
        })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

const until = performance.now() + Number(seconds) * 1000
async function sender(): Promise<void> {
  while (performance.now() < until) await post()
}

const started = performance.now()
await Promise.all(Array.from({ length: Number(connections) }, sender))
const wall = (performance.now() - started) / 1000
agent.destroy()
millis.sort((left, right) => left - right)
const at = (share: number): number => Math.round((millis[Math.floor(millis.length * share)] ?? 0) * 10) / 10
console.log(
  JSON.stringify({
    spans: (statuses[isOtlp ? '200' : '202'] ?? 0) * SPANS_A_BODY,
    seconds: wall,
    statuses,
    p50Millis: at(0.5),
    p99Millis: at(0.99),
  }),
)
