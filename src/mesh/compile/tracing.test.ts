import { describe, expect, it } from 'vitest'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { TracingSpec } from '../../model/mesh-config.ts'
import { podObject, serviceObject } from '../testing/kube-objects.ts'
import { snapshotOf } from '../testing/snapshot-of.ts'
import { compileSidecar } from './compile-sidecar.ts'

const shop = podObject({ namespace: 'shop', name: 'shop', address: '10.1.0.2' })
const collector = {
  namespace: 'osm-system',
  name: 'jaeger',
  address: '10.1.0.5',
  ports: [9411],
  sidecar: false,
}
const onCluster: readonly Pod[] = [shop, podObject(collector)]
const onMachine: readonly Pod[] = [
  shop,
  podObject({ ...collector, sockets: { 9411: { address: '10.1.0.5', port: 40004 } } }),
]
const services = [
  serviceObject({
    namespace: 'osm-system',
    name: 'jaeger',
    selector: { app: 'jaeger' },
    clusterIP: 'fd00::9',
    ports: [{ name: 'http-zipkin', port: 9411 }],
  }),
]

describe('where spans go', () => {
  const tracingOf = (tracing: Partial<TracingSpec>, pods = onMachine) =>
    compileSidecar(snapshotOf({ pods, services, tracing: { enable: true, ...tracing } }), 'uid-shop')?.tracing

  it.each([
    '',
    'jaeger.osm-system',
    'jaeger.osm-system.svc',
    'Jaeger.osm-system.svc.cluster.local.',
    'fd00::9',
  ])('the address %j is the Jaeger of the mesh', address => {
    expect(tracingOf({ address })?.resolved).toEqual([{ address: '10.1.0.5', port: 40004 }])
    expect(tracingOf({ address }, onCluster)?.resolved).toEqual([{ address: '10.1.0.5', port: 9411 }])
  })

  it('other addresses are left to the system', () => {
    expect(tracingOf({ address: 'jaeger' })?.resolved).toEqual([])
    expect(tracingOf({ address: 'jaeger.osm-system', port: 9999 })?.resolved).toEqual([])
    expect(tracingOf({ address: 'zipkin.example' })).toEqual({
      address: 'zipkin.example',
      port: 9411,
      endpoint: '/api/v2/spans',
      sampledFraction: 1,
      spanName: 'path',
      responseHeaders: true,
      headerTags: [],
      queryStrings: 'keep',
      resolved: [],
    })
  })

  it('a collector that is not ready is nowhere', () => {
    expect(tracingOf({}, [shop])?.resolved).toEqual([])
  })
})

describe('the access log', () => {
  const configOf = (parts: Pick<Parameters<typeof snapshotOf>[0], 'tracing' | 'accessLog'>) =>
    compileSidecar(snapshotOf({ pods: onMachine, services, ...parts }), 'uid-shop')

  it('is there only where it is on, also without tracing, and shows as much of queries as spans do', () => {
    expect(configOf({})).not.toHaveProperty('accessLog')
    const on = configOf({ accessLog: { enable: true }, tracing: { queryStrings: 'redact' } })
    expect(on).toMatchObject({ accessLog: { queryStrings: 'redact' } })
    expect(on).not.toHaveProperty('tracing')
    expect(on?.revision).not.toBe(configOf({ tracing: { queryStrings: 'redact' } })?.revision)
  })
})
