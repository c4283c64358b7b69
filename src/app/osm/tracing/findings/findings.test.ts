import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../../kube/client.ts'
import { ENDPOINTS, MESH_CONFIGS, NAMESPACES, SERVICES } from '../../../../kube/resources.ts'
import { micros } from '../../../../model/micros.ts'
import type { ExportOutcome } from '../../../../model/tracing-report.ts'
import { createIdSource } from '../../../../runtime/random-ids.ts'
import { encodeTracingReport } from '../../../../wire/tracing-report-json.ts'
import { addNamespaces } from '../../namespaces/add-namespaces.ts'
import { captureOutput } from '../../testing/captured-output.ts'
import { putMesh, putPod, testClient, testPods } from '../../testing/test-cluster.ts'
import { explainPod } from '../explain-pod.ts'
import { parseServiceName } from '../verify/service-choice.ts'
import { verifyTracing } from '../verify/verify-tracing.ts'
import { collectFindings, type Finding, type Findings, printFinding } from './finding.ts'

const namespace = 'osm-system'
const CONFIG = { name: 'osm-mesh-config', namespace }
const SHOP = { name: 'shop-1', namespace: 'shop' }
const HOUR = 3_600_000

let client: KubeClient
let answers: Record<string, string | { status: number; body: string }>

/** All is well with pod shop-1: each test breaks one thing. */
beforeEach(async () => {
  client = testClient()
  await putMesh(client)
  const tracing = { enable: true, address: 'jaeger.osm-system.svc', port: 9411 }
  await client.patch(MESH_CONFIGS, CONFIG, { spec: { observability: { tracing } } })
  await accept('True')
  await putPod(client, { name: 'c-1', namespace, labels: { app: 'osm-controller' } })
  await putPod(client, { name: 'j-1', namespace, labels: { app: 'jaeger' } })
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  const shop = await putPod(client, { ...SHOP, labels: { app: 'shop' }, sidecar: true })
  // From before the namespace was added: nobody is here to inject those that come after.
  await putPod(client, { name: 'late', namespace: 'shop', phase: 'Pending' })
  await putPod(client, { name: 'bare', namespace: 'shop' })
  const add = { mesh: 'osm', disableSidecarInjection: false, output: captureOutput() }
  await addNamespaces({ client, names: ['shop'], ...add })
  await service('jaeger', namespace, 9411)
  await service('jaeger-query', namespace, 16686)
  await service('shop', 'shop', 80)
  await client.create(ENDPOINTS, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'jaeger', namespace },
    subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 9411 }] }],
  })
  const sidecar = {
    podUid: shop.metadata.uid,
    namespace: 'shop',
    pod: 'shop-1',
    connected: true,
    wanted: 'r',
    running: 'r',
  }
  answers = {
    'c-1:9091/v1/fleet': JSON.stringify({ meshConfig: { status: 'accepted' }, sidecars: [sidecar] }),
    'shop-1:15000/config_dump': dump(),
    'shop-1:15000/tracing': report('acknowledged'),
    'shop-1:15010/metrics': metrics(),
  }
})

async function accept(status: 'True' | 'False'): Promise<void> {
  const { metadata } = await client.get(MESH_CONFIGS, CONFIG)
  const conditions = [{ type: 'Accepted', status, message: 'spec.x must be y' }]
  const fields = { observedGeneration: metadata.generation, conditions }
  await client.patch(MESH_CONFIGS, CONFIG, { status: fields }, { subresource: 'status' })
}

async function service(name: string, of: string, port: number): Promise<void> {
  const selector = { app: name.replace(/-query$/, '') }
  const metadata = { name, namespace: of }
  await client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector, ports: [{ port }] },
  })
}

function dump(ports: Readonly<Record<string, object>> = { '8080': {} }): string {
  return JSON.stringify({ sidecar_config: { inbound: { ports } } })
}

function report(outcome: ExportOutcome, detail = ''): string {
  const counts = { seen: 5, sampled: 4, notSampled: 1 }
  return encodeTracingReport({
    requests: { inbound: counts, outbound: counts },
    spans: { recorded: 4, acknowledged: 4, queued: 0, dropped: {} },
    lastExport: { at: micros(1_700_000_000_000_000), outcome, detail },
  })
}

function metrics(changes: Readonly<Record<string, number>> = {}): string {
  const values = {
    'kiseki_sidecar_requests_total{direction="inbound",code_class="2xx"}': 5,
    'kiseki_sidecar_requests_total{direction="outbound",code_class="2xx"}': 0,
    'kiseki_sidecar_sampling_decisions_total{direction="inbound",sampled="1"}': 4,
    'kiseki_sidecar_sampling_decisions_total{direction="inbound",sampled="0"}': 1,
    kiseki_sidecar_spans_recorded_total: 4,
    kiseki_sidecar_spans_acknowledged_total: 4,
    kiseki_sidecar_spans_queued: 0,
    'kiseki_sidecar_spans_dropped_total{reason="refused"}': 0,
    ...changes,
  }
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')
}

const NONE = Object.fromEntries(
  metrics()
    .split('\n')
    .filter(line => line !== '')
    .map(line => [line.slice(0, line.lastIndexOf(' ')), 0]),
)

const TRACE = { traceID: 'abc', spans: [], processes: {} }

/** A query service that knows these traces. */
function pods(traces: readonly object[] = [TRACE], asked: string[] = []) {
  const table = testPods(answers)
  return {
    readLogs: table.readLogs,
    podRequest: async (...[pod, port, request]: Parameters<typeof table.podRequest>) => {
      asked.push(`${pod.name}:${port}${request.path}`)
      if (port !== 16_686) return await table.podRequest(pod, port, request)
      const body = new TextEncoder().encode(
        JSON.stringify({ data: traces, total: 0, limit: 0, offset: 0, errors: null }),
      )
      return { status: 200, headers: {}, body }
    },
  }
}

async function last(findings: Findings<unknown>): Promise<Finding> {
  const all = await collectFindings(findings, () => undefined)
  return all.at(-1) ?? { step: '', answer: 'unknown', detail: 'nothing was found' }
}

const explain = (options: { traces?: readonly object[]; pod?: string } = {}): Promise<Finding> =>
  last(
    explainPod({
      cluster: { client, pods: pods(options.traces) },
      pod: options.pod ?? 'shop-1',
      namespace: 'shop',
      meshNamespace: namespace,
      nowMillis: 2 * HOUR,
    }),
  )

describe('osm tracing explain', () => {
  it('finds nothing wrong where the traces are there', async () => {
    expect(await explain()).toEqual({
      step: 'its traces can be found',
      answer: 'yes',
      detail: 'Service osm-system/jaeger-query has trace abc of shop-1',
    })
  })

  it('stops where tracing is off, or the MeshConfig was refused', async () => {
    await accept('False')
    expect(await explain()).toMatchObject({ answer: 'no', detail: 'spec.x must be y' })
    await client.patch(MESH_CONFIGS, CONFIG, { spec: { observability: { tracing: { enable: false } } } })
    expect(await explain()).toMatchObject({ answer: 'no', remedy: 'Switch it on: osm tracing enable' })
  })

  it('stops at a pod that is not there, or does not run', async () => {
    expect(await explain({ pod: 'other' })).toMatchObject({
      answer: 'no',
      detail: 'there is no pod other in namespace shop',
    })
    expect(await explain({ pod: 'late' })).toMatchObject({ answer: 'no', detail: 'it is Pending' })
  })

  it('says why a pod has no sidecar', async () => {
    expect(await explain({ pod: 'bare' })).toMatchObject({
      answer: 'no',
      detail: 'it would get one now, because the namespace asks for a sidecar; it was made before that',
    })
    const annotations = { 'openservicemesh.io/sidecar-injection': 'disabled' }
    await client.patch(NAMESPACES, { name: 'shop' }, { metadata: { annotations } })
    expect(await explain({ pod: 'bare' })).toMatchObject({ detail: 'the namespace wants no sidecar' })
    const labels = { 'openservicemesh.io/monitored-by': null }
    await client.patch(NAMESPACES, { name: 'shop' }, { metadata: { labels } })
    expect(await explain({ pod: 'bare' })).toMatchObject({ answer: 'no', detail: 'shop belongs to none' })
  })

  it.each<[string, object, RegExp]>([
    ['does not listen', { connected: false }, /does not listen to the control plane/],
    ['refused it', { wanted: 's', refused: { revision: 's', reason: 'bad' } }, /it refused revision s: bad/],
  ])('stops at a sidecar that %s', async (_, change, detail) => {
    const fleet = JSON.parse(String(answers['c-1:9091/v1/fleet']))
    Object.assign(fleet.sidecars[0], change)
    answers['c-1:9091/v1/fleet'] = JSON.stringify(fleet)
    expect(await explain()).toMatchObject({ answer: 'no', detail: expect.stringMatching(detail) })
  })

  it('goes on where the control plane cannot be asked', async () => {
    answers['c-1:9091/v1/fleet'] = { status: 500, body: '' }
    expect(await explain()).toMatchObject({ step: 'its traces can be found', answer: 'yes' })
  })

  it.each<[string, Record<string, number>, Partial<Finding>]>([
    ['no request came', NONE, { step: 'requests went through the sidecar', detail: 'none yet' }],
    [
      'what came was no HTTP',
      { ...NONE, 'kiseki_sidecar_relays_total{direction="inbound"}': 3 },
      { remedy: expect.stringContaining('appProtocol: http') },
    ],
    [
      'all came before tracing was on',
      { ...NONE, 'kiseki_sidecar_requests_total{direction="inbound",code_class="2xx"}': 5 },
      { detail: 'no request has come since tracing was switched on' },
    ],
    [
      'none was sampled',
      { 'kiseki_sidecar_sampling_decisions_total{direction="inbound",sampled="1"}': 0 },
      { remedy: 'Record all: osm tracing set --sampled-fraction 1.0' },
    ],
    ['none has ended', { kiseki_sidecar_spans_recorded_total: 0 }, { step: 'spans were recorded' }],
    [
      'all were dropped',
      {
        kiseki_sidecar_spans_acknowledged_total: 0,
        'kiseki_sidecar_spans_dropped_total{reason="refused"}': 4,
      },
      { detail: expect.stringContaining('0 acknowledged, 0 waiting, dropped: 4 refused') },
    ],
  ])('stops where %s', async (_, changes, finding) => {
    answers['shop-1:15010/metrics'] = metrics(changes)
    expect(await explain()).toMatchObject({ answer: 'no', ...finding })
  })

  it('stops where the collector takes nothing any more, is not there, or has no trace', async () => {
    answers['shop-1:15000/tracing'] = report('refused', 'HTTP 404')
    expect(await explain()).toMatchObject({ answer: 'no', detail: expect.stringContaining('HTTP 404') })
    answers['shop-1:15000/tracing'] = report('acknowledged')
    expect(await explain({ traces: [] })).toMatchObject({ step: 'its traces can be found', answer: 'no' })
    await client.remove(SERVICES, { name: 'jaeger', namespace })
    expect(await explain()).toMatchObject({ answer: 'no', detail: 'there is no Service osm-system/jaeger' })
  })
})

describe('osm tracing verify', () => {
  const trace = {
    traceID: 'abc',
    spans: [],
    processes: { p1: { serviceName: 'shop', tags: [] } },
  }
  const verify = (options: { traces?: readonly object[]; asked?: string[]; service?: string } = {}) => {
    const service = options.service === undefined ? undefined : parseServiceName(options.service)
    return last(
      verifyTracing({
        cluster: { client, pods: pods(options.traces ?? [trace], options.asked) },
        meshNamespace: namespace,
        path: '/x',
        ids: createIdSource(new Uint32Array([1, 2, 3, 4])),
        signal: AbortSignal.timeout(300),
        ...(service === undefined ? {} : { service }),
      }),
    )
  }

  beforeEach(() => {
    answers['shop-1:15003/x'] = 'hello'
  })

  it('sends a request through a sidecar and finds its trace', async () => {
    const asked: string[] = []
    expect(await verify({ asked })).toMatchObject({
      step: 'its trace is found',
      answer: 'yes',
      detail: expect.stringMatching(/^trace abc after .* s: 0 spans of shop$/),
    })
    expect(asked).toContain('shop-1:15003/x')
    expect(asked.at(-1)).toMatch(/^j-1:16686\/api\/traces\/[0-9a-f]{32}$/)
  })

  it('says what its sidecar knows when no trace comes', async () => {
    expect(await verify({ traces: [] })).toMatchObject({
      answer: 'no',
      detail: expect.stringContaining('4 recorded, 4 acknowledged, 0 waiting, none dropped'),
      remedy: 'Ask why: osm tracing explain shop-1 -n shop',
    })
  })

  it('says why a Service will not do', async () => {
    expect(await verify({ service: 'shop/none' })).toMatchObject({ detail: 'there is no Service shop/none' })
    expect(await verify({ service: 'shop/shop:1' })).toMatchObject({
      detail: 'Service shop/shop has no port 1',
    })
    answers['shop-1:15000/config_dump'] = dump({ '8080': {}, '9090': {} })
    expect(await verify()).toMatchObject({
      answer: 'no',
      detail: expect.stringContaining('takes requests on 2 ports (8080, 9090)'),
    })
    await client.remove(SERVICES, { name: 'shop', namespace: 'shop' })
    expect(await verify()).toMatchObject({ detail: 'no namespace of mesh osm has a Service' })
  })

  it('says that the request itself failed', async () => {
    delete answers['shop-1:15003/x']
    expect(await verify()).toMatchObject({
      step: 'a request through its sidecar is answered',
      answer: 'no',
      detail: expect.stringContaining('nobody listens'),
    })
  })
})

describe('a finding', () => {
  it('is printed with what to do about it', () => {
    expect(printFinding({ step: 's', answer: 'no', detail: 'd\ne', remedy: 'r' })).toBe(
      'failed   s\n         d\n         e\n         → r\n',
    )
  })
})

describe('parseServiceName', () => {
  it.each([
    ['shop/web', { namespace: 'shop', name: 'web' }],
    ['shop/web:80', { namespace: 'shop', name: 'web', port: 80 }],
    ['web:80', undefined],
    ['a/b:c', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(parseServiceName(text)).toEqual(expected)
  })
})
