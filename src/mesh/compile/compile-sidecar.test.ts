import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { podObject, serviceObject } from '../testing/kube-objects.ts'
import { type SnapshotParts, snapshotOf } from '../testing/snapshot-of.ts'
import { compileSidecar } from './compile-sidecar.ts'
import type { MeshSnapshot } from './mesh-snapshot.ts'

const real = (address: string, port: number) => ({ address, port })

/** On one machine: apps listen on ports of their own, and nothing redirects. */
const MACHINE: readonly Pod[] = [
  podObject({
    namespace: 'bookbuyer',
    name: 'bookbuyer',
    address: '127.64.0.2',
    ports: [14001],
    sockets: { 14001: real('127.64.0.2', 40001) },
  }),
  podObject({
    namespace: 'bookstore',
    name: 'bookstore-v1',
    address: '127.64.0.3',
    labels: { app: 'bookstore', version: 'v1' },
    ports: [14001],
    sockets: { 14001: real('127.64.0.3', 40002) },
  }),
  podObject({
    namespace: 'bookstore',
    name: 'bookstore-v2',
    address: '127.64.0.4',
    labels: { app: 'bookstore', version: 'v2' },
    ports: [14001],
    sockets: { 14001: real('127.64.0.4', 40003) },
  }),
  podObject({
    namespace: 'osm-system',
    name: 'jaeger',
    address: '127.64.0.5',
    ports: [9411, 16686],
    sidecar: false,
    sockets: { 9411: real('127.64.0.5', 40004), 16686: real('127.64.0.5', 40005) },
  }),
]

/** On a cluster: the kernel redirects, and apps listen where they say. */
const CLUSTER: readonly Pod[] = MACHINE.map((pod, index) => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: {} },
  status: { phase: 'Running', podIP: `10.1.0.${index + 2}` },
}))

const http = (port: number, name: string) => ({ name, port, appProtocol: 'http' })

const SERVICES: readonly Service[] = [
  serviceObject({
    namespace: 'bookstore',
    name: 'bookstore',
    selector: { app: 'bookstore' },
    ports: [http(14001, 'bookstore-port')],
    clusterIP: '10.96.0.11',
  }),
  ...['v1', 'v2'].map(version =>
    serviceObject({
      namespace: 'bookstore',
      name: `bookstore-${version}`,
      selector: { app: 'bookstore', version },
      ports: [http(14001, 'bookstore-port')],
    }),
  ),
  serviceObject({
    namespace: 'osm-system',
    name: 'jaeger',
    selector: { app: 'jaeger' },
    ports: [{ name: 'http-zipkin', port: 9411 }],
  }),
]

const snapshot = (changes: Partial<SnapshotParts> = {}): MeshSnapshot =>
  snapshotOf({ pods: MACHINE, services: SERVICES, ...changes })

const golden = (name: string): string => `../testdata/${name}.json`
const print = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

describe('compileSidecar, as goldens', () => {
  it.each(['bookbuyer', 'bookstore-v1'])('%s on one machine, with tracing', async name => {
    const config = compileSidecar(snapshot({ tracing: { enable: true } }), `uid-${name}`)
    await expect(print(config)).toMatchFileSnapshot(golden(`machine-${name}`))
  })

  it('bookstore-v2 on a cluster, without tracing', async () => {
    const config = compileSidecar(snapshot({ pods: CLUSTER }), 'uid-bookstore-v2')
    await expect(print(config)).toMatchFileSnapshot(golden('cluster-bookstore-v2'))
  })
})

describe('compileSidecar', () => {
  it('knows nothing of pods that are not there, or have no address yet', () => {
    expect(compileSidecar(snapshot(), 'uid-nobody')).toBeUndefined()
    const waiting = podObject({ namespace: 'bookbuyer', name: 'waiting' })
    expect(compileSidecar(snapshot({ pods: [waiting] }), 'uid-waiting')).toBeUndefined()
  })

  it('gives the same for the same, whatever the order of the objects', () => {
    const { pods, services, endpoints, ...rest } = snapshot({ tracing: { enable: true } })
    const first = compileSidecar({ pods, services, endpoints, ...rest }, 'uid-bookbuyer')
    const orders = fc.record({
      pods: permuted(pods),
      services: permuted(services),
      endpoints: permuted(endpoints),
    })
    fc.assert(
      fc.property(orders, order => {
        const again = compileSidecar({ ...rest, ...order }, 'uid-bookbuyer')
        expect(JSON.stringify(again)).toBe(JSON.stringify(first))
      }),
    )
  })

  it('has a new revision exactly when the content is new', () => {
    const off = compileSidecar(snapshot(), 'uid-bookbuyer')
    const on = compileSidecar(snapshot({ tracing: { enable: true } }), 'uid-bookbuyer')
    expect(on?.revision).not.toBe(off?.revision)
    expect(compileSidecar(snapshot(), 'uid-bookbuyer')?.revision).toBe(off?.revision)
    expect(off?.revision).toMatch(/^[0-9a-f]{16}$/)
    expect(off).not.toHaveProperty('tracing')
  })

  it('lets pods write the short name of their own namespace alone', () => {
    const hostsOf = (uid: string) => Object.keys(compileSidecar(snapshot(), uid)?.outbound.hosts ?? {})
    expect(hostsOf('uid-bookstore-v1')).toContain('bookstore:14001')
    expect(hostsOf('uid-bookbuyer')).not.toContain('bookstore:14001')
    expect(hostsOf('uid-bookbuyer')).toContain('bookstore.bookstore:14001')
  })

  it('lets the port of HTTP be left out', () => {
    const web = serviceObject({
      namespace: 'shop',
      name: 'Web',
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 8080 }],
      clusterIP: '10.96.0.7',
    })
    const { outbound } = compileSidecar(snapshot({ services: [web] }), 'uid-bookbuyer') ?? {}
    expect(outbound?.hosts).toMatchObject({
      'web.shop': 'shop/Web|8080',
      'web.shop:80': 'shop/Web|8080',
      'web.shop.svc.cluster.local': 'shop/Web|8080',
      '10.96.0.7': 'shop/Web|8080',
    })
    expect(outbound?.clusters['shop/Web|8080']).toEqual({ protocol: 'http', endpoints: [] })
  })

  it('opens no way without permissive mode, and follows egress', () => {
    const traffic = { enableEgress: false, enablePermissiveTrafficPolicyMode: false }
    const config = compileSidecar(snapshot({ traffic, tracing: { enable: true } }), 'uid-bookbuyer')
    expect(config?.outbound).toEqual({ hosts: {}, clusters: {}, egress: false })
    expect(config?.tracing?.resolved).toEqual([{ address: '127.64.0.5', port: 40004 }])
  })
})

function permuted<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length })
}
