import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodySize } from './bodies.ts'
import type { Ground } from './ground.ts'
import { type H2loadOptions, runH2load } from './h2load.ts'
import { startSidecarProcess } from './sidecar-process.ts'

const FIRST_PORT = 18_190
const REQUESTS = 5000

/**
 * The sink of the measurements counts nothing. So once a run, and beside them, one that reads every span: as many as
 * requests, no id twice. Throws when that is not so.
 */
export async function checkSpans(ground: Ground): Promise<string> {
  const ids = new Set<string>()
  let spans = 0
  const { sink, port } = await startSink(body => {
    for (const { id } of JSON.parse(body)) {
      spans++
      ids.add(id)
    }
  })
  const sidecar = await startSidecarProcess(ground, {
    sampledFraction: 1,
    firstPort: FIRST_PORT,
    collectorPort: port,
  })
  const size = bodySize('1k')
  if (size === undefined) throw new Error('there is no body of 1k')
  const load: H2loadOptions = {
    ...{ ...sidecar.h1, protocol: 'h1', connections: 64, streams: 1 },
    ...{ size, requests: REQUESTS },
  }
  await runH2load(ground, load)
  // What waits is sent before it ends.
  await sidecar.stop()
  sink.close()
  const seen = `${REQUESTS} requests, ${spans} spans at the collector, ${ids.size} ids`
  if (spans !== REQUESTS || ids.size !== REQUESTS) throw new Error(`spans are lost or repeated: ${seen}`)
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
