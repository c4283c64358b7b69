import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { appDeployment, appService, eventually, type MeshUnderTest, openMesh } from './mesh-under-test.ts'

const apps = join(import.meta.dirname, 'apps')
const app = (file: string) => join(apps, file)
const PORT = 8080
const URL = `http://echo.shop:${PORT}`

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

interface Client {
  readonly name: string
  readonly needs?: string
  readonly command: readonly string[]
}

const CLIENTS: readonly Client[] = [
  {
    name: 'curl',
    needs: 'curl',
    command: ['sh', '-c', `while :; do curl -sS '${URL}/本/✓'; echo; sleep 0.2; done`],
  },
  { name: 'urllib', needs: 'python3', command: ['python3', app('python-client.py'), `${URL}/by-urllib`] },
  { name: 'fetch', command: [process.execPath, app('fetch.mjs'), `${URL}/by-fetch`] },
  { name: 'http-get', command: [process.execPath, app('http-get.mjs'), `${URL}/by-http-get`] },
]

let mesh: MeshUnderTest

beforeAll(async () => {
  mesh = await openMesh()
  await mesh.apply(
    appDeployment('echo', { command: [process.execPath, app('echo.mjs')], port: PORT }),
    appService('echo', PORT),
  )
})

afterAll(() => mesh?.close())

function spansOf(trace: JaegerTrace, service: string): readonly JaegerSpan[] {
  return trace.spans.filter(span => trace.processes[span.processID]?.serviceName === service)
}

const tagOf = (span: JaegerSpan | undefined, key: string) => span?.tags.find(tag => tag.key === key)?.value

describe('apps behind sidecars, started as they are', () => {
  it.for(CLIENTS)('$name leaves a client and a server span', async ({ name, needs, command }, { skip }) => {
    if (needs !== undefined && !has(needs))
      skip(`skipped: needs ${needs}, install with apt-get install ${needs}`)
    await mesh.apply(appDeployment(name, { command }))
    const trace = await eventually(
      async () => {
        const traces = await mesh.findTraces(name)
        return traces.find(found => spansOf(found, name).length > 0 && spansOf(found, 'echo').length > 0)
      },
      `a trace of ${name}; its log:\n${await mesh.logOf(name)}`,
    )
    const [client] = spansOf(trace, name)
    const [server] = spansOf(trace, 'echo')
    expect(tagOf(client, 'span.kind')).toBe('client')
    expect(tagOf(server, 'span.kind')).toBe('server')
    // Node's own parser, in the app, refuses a path in plain UTF-8, which is what curl sends here.
    expect(tagOf(client, 'http.status_code')).toBe(name === 'curl' ? '400' : '200')
    expect(server?.references.map(reference => reference.spanID)).toEqual([client?.spanID])
    expect(tagOf(client, 'http.url')).toBe(name === 'curl' ? `${URL}/本/✓` : `${URL}/by-${name}`)
    expect(tagOf(server, 'http.url')).toBe(tagOf(client, 'http.url'))
  })
})

describe('gRPC behind sidecars, started as it is', () => {
  it('leaves a client and a server span for every call, with its status', async () => {
    const address = `greeter.shop:${PORT}`
    await mesh.apply(
      appDeployment('greeter', { command: [process.execPath, app('greeter.mjs')], port: PORT }),
      appService('greeter', PORT, 'grpc'),
    )
    await mesh.apply(
      appDeployment('caller', { command: [process.execPath, app('grpc-client.mjs'), address] }),
    )
    await eventually(
      async () =>
        (await mesh.logOf('caller')).includes('hello world | nobody is here | how are you')
          ? true
          : undefined,
      'all calls to be answered',
    )
    const statusOf = (trace: JaegerTrace) =>
      ['caller', 'greeter'].map(service => {
        const [span] = spansOf(trace, service)
        return [span?.operationName, tagOf(span, 'http.protocol'), tagOf(span, 'rpc.grpc.status_code')].join(
          ' ',
        )
      })
    const whole = await eventually(async () => {
      const traces = await mesh.findTraces('caller')
      const both = traces.filter(trace => spansOf(trace, 'greeter').length > 0)
      return both.length >= 3 ? both : undefined
    }, 'the spans of the calls')
    const seen = new Set(whole.map(trace => statusOf(trace).join(', ')))
    const both = (text: string) => `${text}, ${text}`
    expect([...seen].sort()).toEqual([
      both('POST /greeter.Greeter/Chat HTTP/2 0'),
      both('POST /greeter.Greeter/Greet HTTP/2 0'),
      both('POST /greeter.Greeter/Greet HTTP/2 5'),
    ])
  })
})

describe('the ledgers', () => {
  it('agree: requests at the client = spans recorded = spans read back', async () => {
    const requests = 300
    await mesh.apply(
      appDeployment('tills', { command: [process.execPath, app('echo.mjs')], port: PORT }),
      appService('tills', PORT),
    )
    await mesh.apply(
      appDeployment('count', {
        command: [process.execPath, app('count.mjs'), `http://tills.shop:${PORT}/`, String(requests), '8'],
      }),
    )
    await eventually(
      async () =>
        (await mesh.logOf('count')).includes(`answered ${requests} of ${requests}`) ? true : undefined,
      'all requests to be answered',
    )
    const recordedBy = async (service: string) => {
      const address = (await mesh.podOf(service)).status?.podIP
      const metrics = await (await fetch(`http://${address}:15010/metrics`)).text()
      return Number(/^kiseki_sidecar_spans_recorded_total (\d+)$/m.exec(metrics)?.[1])
    }
    expect(await recordedBy('count')).toBe(requests)
    expect(await recordedBy('tills')).toBe(requests)
    const read = await eventually(async () => {
      const traces = await mesh.findTraces('count')
      return traces.flatMap(trace => trace.spans).length >= 2 * requests ? traces : undefined
    }, 'all spans to be read back')
    expect(read.length).toBe(requests)
    expect(read.flatMap(trace => spansOf(trace, 'count')).length).toBe(requests)
    expect(read.flatMap(trace => spansOf(trace, 'tills')).length).toBe(requests)
  })
})
