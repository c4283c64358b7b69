import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMALLEST } from './bodies.ts'
import type { Ground } from './ground.ts'
import { runH2load } from './h2load.ts'
import { PROBE_REQUESTS, refusesH2 } from './scenarios.ts'
import { startSidecarProcess } from './sidecar-process.ts'

const FIRST_PORT = 18_190
const REQUESTS = 5000

/**
 * The sink of the measurements counts nothing. So once a run, and beside them, one that reads every span: as many as
 * requests, no id twice. Throws when that is not so.
 */
export async function checkSpans(ground: Ground): Promise<string> {
  const h1 = await checkProtocol(ground, 'h1')
  return `HTTP/1.1: ${h1}; HTTP/2: ${await checkProtocol(ground, 'h2')}`
}

async function checkProtocol(ground: Ground, protocol: 'h1' | 'h2'): Promise<string> {
  const ids = new Set<string>()
  let spans = 0
  const { sink, port } = await startSink(body => {
    for (const { id } of JSON.parse(body)) {
      spans++
      ids.add(id)
    }
  })
  const firstPort = protocol === 'h1' ? FIRST_PORT : FIRST_PORT + 4
  const sidecar = await startSidecarProcess(ground, { sampledFraction: 1, firstPort, collectorPort: port })
  const shape = protocol === 'h1' ? { connections: 64, streams: 1 } : { connections: 8, streams: 10 }
  try {
    if (protocol === 'h2' && (await refusesH2(ground, sidecar)) !== undefined) return 'not there yet'
    await runH2load(ground, { ...sidecar[protocol], protocol, ...shape, size: SMALLEST, requests: REQUESTS })
  } finally {
    // What waits is sent before it ends.
    await sidecar.stop()
    sink.close()
  }
  const requests = REQUESTS + (protocol === 'h2' ? PROBE_REQUESTS : 0)
  const seen = `${requests} requests, ${spans} spans at the collector, ${ids.size} ids`
  if (spans !== requests || ids.size !== requests) throw new Error(`spans are lost or repeated: ${seen}`)
  return seen
}

async function startSink(take: (body: string) => void): Promise<{ sink: Server; port: number }> {
  const sink = createServer((message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      take(Buffer.concat(parts).toString())
      response.writeHead(202).end()
    })
  })
  await new Promise<void>(resolve => sink.listen(0, '127.0.0.1', resolve))
  const { port } = sink.address() as AddressInfo
  return { sink, port }
}
