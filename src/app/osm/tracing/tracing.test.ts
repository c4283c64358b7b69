import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFleetBook, type Fleet } from '../../../control/fleet.ts'
import type { KubeClient } from '../../../kube/client.ts'
import type { KubePods } from '../../../kube/pods.ts'
import { ENDPOINTS, MESH_CONFIGS, PODS, SERVICES } from '../../../kube/resources.ts'
import { toRevision } from '../../../model/sidecar-config.ts'
import { captureOutput } from '../testing/captured-output.ts'
import { putMesh, putPod, testClient, testPods } from '../testing/test-cluster.ts'
import { changeTracing } from './change-tracing.ts'
import { parseFleet } from './read-fleet.ts'
import { parseTarget, type TracingChange } from './tracing-change.ts'
import { printTracingStatus } from './tracing-status.ts'

const namespace = 'osm-system'
const CONFIG = { name: 'osm-mesh-config', namespace }
const [R1, R2] = [toRevision('r1'), toRevision('r2')]

let client: KubeClient

beforeEach(async () => {
  client = testClient()
  await putMesh(client)
  await client.patch(MESH_CONFIGS, CONFIG, { status: { conditions: [] } }, { subresource: 'status' })
  await putPod(client, { name: 'c-1', namespace, labels: { app: 'osm-controller' } })
})

const shop = { podUid: 'u1', namespace: 'shop', pod: 'shop-1', connected: true }

/** A controller that answers with these fleets, one after the other; the last one from then on. */
function controller(...fleets: readonly Fleet[]): KubePods {
  let asked = 0
  return {
    readLogs: testPods({}).readLogs,
    async podRequest(pod, port, request) {
      const fleet = JSON.stringify(fleets[Math.min(asked++, fleets.length - 1)])
      return await testPods({
        'c-1:9091/v1/fleet': fleet,
        'shop-1:15010/metrics':
          'kiseki_sidecar_spans_recorded_total 7\nkiseki_sidecar_spans_acknowledged_total 4\n' +
          'kiseki_sidecar_spans_dropped_total{reason="refused"} 1\nkiseki_sidecar_spans_dropped_total{reason="stopped"} 2\n',
      }).podRequest(pod, port, request)
    },
  }
}

async function change(pods: KubePods, fields: TracingChange, signal = AbortSignal.timeout(5000)) {
  const output = captureOutput()
  await changeTracing({ cluster: { client, pods }, namespace, change: fields, output, signal })
  return output
}

const accepted = (generation: number): Fleet['meshConfig'] => ({ status: 'accepted', generation })

describe('osm tracing enable, disable, set', () => {
  it('wait until every sidecar that listens has applied the change', async () => {
    const pods = controller(
      { meshConfig: accepted(1), sidecars: [{ ...shop, wanted: R1, running: R1 }] },
      { meshConfig: accepted(2), sidecars: [{ ...shop, wanted: R2, running: R1 }] },
      {
        meshConfig: accepted(2),
        sidecars: [
          { ...shop, wanted: R2, running: R2 },
          { ...shop, podUid: 'u2', pod: 'gone', connected: false, wanted: R2, running: R1 },
        ],
      },
    )
    const output = await change(pods, { enable: true })
    expect(output.written()).toMatch(
      /^MeshConfig osm-system\/osm-mesh-config configured\napplied by 1 of 2 sidecars after \d+\.\d s\n$/,
    )
    expect(output.noted()).toContain('1 sidecars do not listen')
    expect((await client.get(MESH_CONFIGS, CONFIG)).spec).toMatchObject({
      observability: { tracing: { enable: true, address: 'jaeger.osm-system.svc.cluster.local' } },
    })
  })

  it('say when nothing was to change, and when no sidecar listens', async () => {
    const output = await change(controller({ meshConfig: accepted(1), sidecars: [] }), { enable: false })
    expect(output.written()).toBe(
      'MeshConfig osm-system/osm-mesh-config unchanged\nno sidecar listens: the next ones will begin with it\n',
    )
  })

  it('fail with what is refused, and by whom', async () => {
    const problems = [{ path: 'spec.x', message: 'must be y' }]
    const refused: Fleet = { meshConfig: { status: 'refused', generation: 2, problems }, sidecars: [] }
    await expect(change(controller(refused), { enable: true })).rejects.toThrow(
      'the control plane refused it: spec.x must be y',
    )
    const sidecar = { ...shop, wanted: R2, running: R1, refused: { revision: R2, reason: 'no' } }
    await expect(
      change(controller({ meshConfig: accepted(3), sidecars: [sidecar] }), { port: 9 }),
    ).rejects.toThrow('the sidecar of shop/shop-1 refused it: no')
  })

  it('fail when it takes too long, or nobody is there to do it', async () => {
    const late = controller({ meshConfig: accepted(2), sidecars: [{ ...shop, wanted: R2, running: R1 }] })
    await expect(change(late, { enable: true }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'KISEKI_TIMEOUT',
      message: 'the change is written, but not applied in time: not by shop/shop-1',
    })
    await client.remove(PODS, { name: 'c-1', namespace })
    await expect(change(late, { port: 2 })).rejects.toThrow(
      'the change is written, but the controller does not say whether it is applied: no osm-controller runs',
    )
    await client.remove(MESH_CONFIGS, CONFIG)
    await expect(change(late, { enable: true })).rejects.toThrow(
      'there is no MeshConfig osm-mesh-config in namespace [osm-system]',
    )
  })
})

describe('osm tracing status', () => {
  async function status(pods: KubePods) {
    const output = captureOutput()
    await printTracingStatus({ client, pods }, namespace, output)
    return output
  }

  it('shows what spans, responses and logs say, where that is not the default', async () => {
    const written = async () =>
      (await status(controller({ meshConfig: accepted(2), sidecars: [] }))).written()
    const choice = /RESPONSE HEADERS|HEADER TAGS|QUERY STRINGS|ACCESS LOG/
    await client.patch(MESH_CONFIGS, CONFIG, { spec: { observability: { tracing: { enable: true } } } })
    expect(await written()).not.toMatch(choice)
    const tracing = { responseHeaders: false, headerTags: ['x-tenant', 'x-plan'], queryStrings: 'redact' }
    await client.patch(MESH_CONFIGS, CONFIG, {
      spec: { observability: { tracing, accessLog: { enable: true } } },
    })
    expect((await written()).split('\n').filter(line => choice.test(line))).toEqual([
      expect.stringMatching(/^RESPONSE HEADERS +off$/),
      expect.stringMatching(/^HEADER TAGS +x-tenant, x-plan$/),
      expect.stringMatching(/^QUERY STRINGS +redact$/),
      expect.stringMatching(/^ACCESS LOG +on$/),
    ])
    await client.patch(MESH_CONFIGS, CONFIG, { spec: { observability: { tracing: { enable: false } } } })
    expect((await written()).split('\n').filter(line => choice.test(line))).toEqual([
      expect.stringMatching(/^ACCESS LOG +on$/),
    ])
  })

  it('says why a MeshConfig is refused, and what is in force in its place', async () => {
    await client.patch(MESH_CONFIGS, CONFIG, {
      spec: { observability: { tracing: { endpoint: 'no/slash' } } },
    })
    const inForce = { observability: { tracing: { enable: true, address: 'jaeger.tracing.svc' } } }
    const condition = { type: 'Accepted', status: 'False', message: 'it begins with "/"' }
    await client.patch(
      MESH_CONFIGS,
      CONFIG,
      { status: { conditions: [condition], inForce: { spec: JSON.stringify(inForce) } } },
      { subresource: 'status' },
    )
    const said = (await status(controller({ meshConfig: accepted(2), sidecars: [] }))).written()
    expect(said).toContain('ACCEPTED    no: it begins with "/"\n')
    expect(said).toContain('IN FORCE    the last good configuration:\nTRACING     on\n')
    expect(said).toContain('http://jaeger.tracing.svc:9411/api/v2/spans')
  })

  it('prints where spans go and what became of them', async () => {
    const spec = { observability: { tracing: { enable: true, address: 'jaeger.tracing.svc' } } }
    await client.patch(MESH_CONFIGS, CONFIG, { spec })
    const sidecars = [
      { ...shop, wanted: R2, running: R1, refused: { revision: R2, reason: 'cannot' } },
      { podUid: 'u2', connected: false },
    ]
    const pods = controller({ meshConfig: accepted(2), sidecars })
    expect((await status(pods)).written()).toBe(
      [
        'TRACING     on',
        'COLLECTOR   http://jaeger.tracing.svc:9411/api/v2/spans',
        '            unreachable: there is no Service tracing/jaeger',
        'SAMPLED     1.0',
        'ACCEPTED    unknown: the control plane has said nothing yet',
        '',
        'NAMESPACE   POD      REVISION APPLIED/WANTED   RECORDED   ACKNOWLEDGED   DROPPED',
        'shop        shop-1   r1/r2                     7          4              3',
        '-           u2       -/- (does not listen)     -          -              -',
        'shop/shop-1 refused r2: cannot',
        '',
      ].join('\n'),
    )
  })

  it('says whether a collector of the cluster can be reached', async () => {
    const address = 'jaeger.default.svc.cluster.local'
    await client.patch(MESH_CONFIGS, CONFIG, {
      spec: { observability: { tracing: { enable: true, address } } },
    })
    const pods = controller({ meshConfig: accepted(2), sidecars: [] })
    const metadata = { name: 'jaeger', namespace: 'default' }
    await client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ port: 9412 }] },
    })
    expect((await status(pods)).written()).toContain(
      'unreachable: Service default/jaeger has no port 9411, but 9412',
    )
    await client.patch(SERVICES, metadata, { spec: { ports: [{ port: 9411 }] } })
    expect((await status(pods)).written()).toContain(
      'unreachable: no pod behind Service default/jaeger is ready',
    )
    await client.create(ENDPOINTS, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 9411 }] }],
    })
    const output = (await status(pods)).written()
    expect(output).toContain('reachable: 1 ready behind Service default/jaeger')
    expect(output).toContain('No sidecar is known to the controller\n')
  })

  it.each(['example.com', 'zipkin.example.com', '10.0.0.1', '::1', 'zipkin'])(
    'takes %s for a collector outside',
    async address => {
      const spec = { observability: { tracing: { enable: true, address } } }
      await client.patch(MESH_CONFIGS, CONFIG, { spec })
      const said = (await status(controller({ meshConfig: accepted(2), sidecars: [] }))).written()
      expect(said).toContain('outside of the cluster')
    },
  )
})

describe('parseFleet', () => {
  it('reads what the control plane prints', () => {
    const book = createFleetBook()
    book.connected('u1')
    book.answered('u1', { status: 'applied', revision: R1 })
    book.answered('u1', { status: 'refused', revision: R2, reason: 'no' })
    const problems = [{ path: 'spec.x', message: 'must be y' }]
    for (const meshConfig of [{ status: 'absent' }, accepted(4), { status: 'refused', problems }] as const) {
      const fleet: Fleet = { meshConfig, sidecars: book.list() }
      expect(parseFleet(JSON.parse(JSON.stringify(fleet)))).toEqual(fleet)
    }
  })

  it.each([
    null,
    [],
    {},
    { meshConfig: {}, sidecars: [] },
    { meshConfig: { status: 'absent' }, sidecars: [1] },
  ])('refuses %j', value => {
    expect(() => parseFleet(value)).toThrow('no list of sidecars')
  })
})

describe('a collector in an argument', () => {
  it.each([
    ['jaeger.x:9000/s', { address: 'jaeger.x', port: 9000, endpoint: '/s' }],
    ['jaeger', { address: 'jaeger', port: 9411, endpoint: '/api/v2/spans' }],
    ['http://10.0.0.1/a/b', { address: '10.0.0.1', port: 9411, endpoint: '/a/b' }],
    ['[::1]:1', { address: '::1', port: 1, endpoint: '/api/v2/spans' }],
  ])('%s', (text, expected) => {
    expect(parseTarget(text)).toEqual({ change: expected })
  })

  it.each(['', ':9411', 'https://x', 'a:b', 'a:0', 'a:99999', 'a b', 'a:1:2', '[x]:1', 'a:1/ b'])(
    '%j is refused',
    text => {
      expect(parseTarget(text)).toHaveProperty('problem')
    },
  )

  it('answers to any text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const outcome = parseTarget(text)
        expect('change' in outcome || outcome.problem !== '').toBe(true)
      }),
    )
  })
})
