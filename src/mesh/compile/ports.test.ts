import { describe, expect, it } from 'vitest'
import type { Endpoints } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { endpointsObject, podObject, serviceObject } from '../testing/kube-objects.ts'
import { snapshotOf } from '../testing/snapshot-of.ts'
import { compileSidecar } from './compile-sidecar.ts'

describe('the protocol of a port', () => {
  const protocols = (port: { name?: string; appProtocol?: string }) => {
    const pod = podObject({ namespace: 'shop', name: 'cart', address: '10.1.0.9', ports: [8080] })
    const service = serviceObject({
      namespace: 'shop',
      name: 'cart',
      selector: { app: 'cart' },
      ports: [{ ...port, port: 8080 }],
    })
    const config = compileSidecar(snapshotOf({ pods: [pod], services: [service] }), 'uid-cart')
    return [config?.outbound.clusters['shop/cart|8080']?.protocol, config?.inbound.ports['8080']?.protocol]
  }

  it.each([
    [{}, 'http'],
    [{ name: 'cart-port' }, 'http'],
    [{ name: 'http-web' }, 'http'],
    [{ name: 'tcp-db' }, 'tcp'],
    [{ name: 'tcp-server-first-db' }, 'tcp'],
    [{ name: 'grpc-api' }, 'http'],
    [{ name: 'http2-api' }, 'http'],
    [{ name: 'h2c' }, 'http'],
    [{ name: 'https-api' }, 'tcp'],
    [{ name: 'tcp-web', appProtocol: 'http' }, 'http'],
    [{ name: 'http-db', appProtocol: 'tcp-server-first' }, 'tcp'],
    [{ appProtocol: 'grpc' }, 'http'],
    [{ appProtocol: 'kubernetes.io/h2c' }, 'http'],
    [{ appProtocol: 'HTTP2' }, 'http'],
    [{ name: 'grpc', appProtocol: 'tcp' }, 'tcp'],
  ])('%j is %s, for those who call and those who answer', (port, protocol) => {
    expect(protocols(port)).toEqual([protocol, protocol])
  })
})

describe('ports of pods', () => {
  it('are named by Services with named target ports, and by the workload without Service', () => {
    const pod = podObject({ namespace: 'shop', name: 'shop', address: '10.1.0.9', ports: [8080, 9090] })
    const named: Pod = {
      ...pod,
      spec: {
        ...pod.spec,
        containers: [
          {
            name: 'shop',
            image: 'x',
            ports: [
              { name: 'web', containerPort: 8080 },
              { containerPort: 9090 },
              { containerPort: 53, protocol: 'UDP' },
            ],
          },
        ],
      },
    }
    const service = serviceObject({
      namespace: 'shop',
      name: 'front',
      selector: { app: 'shop' },
      ports: [
        { port: 80, targetPort: 'web' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    })
    const config = compileSidecar(
      snapshotOf({ pods: [named], services: [service], endpoints: [] }),
      'uid-shop',
    )
    expect(config?.inbound.ports).toEqual({
      '8080': {
        protocol: 'http',
        target: { address: '127.0.0.1', port: 8080 },
        cluster: 'shop/front|8080|local',
      },
      '9090': {
        protocol: 'http',
        target: { address: '127.0.0.1', port: 9090 },
        cluster: 'shop/shop|9090|local',
      },
    })
  })

  it('are those that Services lead to, also when the pod does not declare them', () => {
    const pod = podObject({ namespace: 'shop', name: 'shop', address: '10.1.0.9' })
    const manual = serviceObject({ namespace: 'shop', name: 'manual', selector: {}, ports: [{ port: 7000 }] })
    const config = compileSidecar(
      snapshotOf({ pods: [pod], services: [manual], endpoints: [endpointsObject(manual, [pod])] }),
      'uid-shop',
    )
    expect(Object.keys(config?.inbound.ports ?? {})).toEqual(['7000'])
  })

  it('survive an annotation that nobody can read', () => {
    const pod = podObject({ namespace: 'shop', name: 'shop', address: '10.1.0.9', ports: [8080] })
    const broken: Pod = {
      ...pod,
      metadata: { ...pod.metadata, annotations: { 'kiseki.dev/ports': '{"8080":7' } },
    }
    const config = compileSidecar(snapshotOf({ pods: [broken] }), 'uid-shop')
    expect(config?.inbound.ports['8080']?.target).toEqual({ address: '10.1.0.9', port: 8080 })
  })

  it('are named by the Service that says most about the pod', () => {
    const pod = podObject({
      namespace: 'shop',
      name: 'cart',
      address: '10.1.0.9',
      labels: { version: 'v2' },
      ports: [8080],
    })
    const service = (name: string, selector: Record<string, string>) =>
      serviceObject({ namespace: 'shop', name, selector, ports: [{ port: 8080 }] })
    const services = [service('all', { app: 'cart' }), service('second', { app: 'cart', version: 'v2' })]
    const config = compileSidecar(snapshotOf({ pods: [pod], services }), 'uid-cart')
    expect(config?.inbound.ports['8080']?.cluster).toBe('shop/second|8080|local')
  })

  it('do not belong to the sidecar', () => {
    const pod = podObject({ namespace: 'shop', name: 'shop', address: '10.1.0.9' })
    expect(compileSidecar(snapshotOf({ pods: [pod] }), 'uid-shop')?.inbound.ports).toEqual({})
  })
})

describe('headless Services', () => {
  it('are known by their name and by the names of their pods', () => {
    const pod = podObject({ namespace: 'shop', name: 'db-0', address: '10.1.0.9', ports: [3306] })
    const service = serviceObject({
      namespace: 'shop',
      name: 'db',
      selector: { app: 'db-0' },
      ports: [{ name: 'tcp-db', port: 3306 }],
      clusterIP: 'None',
    })
    const [subset] = endpointsObject(service, [pod]).subsets ?? []
    const endpoints: Endpoints = {
      ...endpointsObject(service, [pod]),
      subsets: [
        {
          ...subset,
          addresses: (subset?.addresses ?? []).map(address => ({ ...address, hostname: 'db-0' })),
        },
      ],
    }
    const config = compileSidecar(
      snapshotOf({ pods: [pod], services: [service], endpoints: [endpoints] }),
      'uid-db-0',
    )
    expect(config?.outbound.hosts).toMatchObject({
      'db:3306': 'shop/db|3306',
      'db.shop.svc.cluster.local:3306': 'shop/db|3306',
      'db-0.db:3306': 'shop/db-0.db|3306',
      'db-0.db.shop.svc.cluster.local:3306': 'shop/db-0.db|3306',
    })
    expect(config?.outbound.clusters['shop/db-0.db|3306']).toEqual({
      protocol: 'tcp',
      endpoints: [{ address: '10.1.0.9', port: 3306, weight: 100 }],
    })
  })
})
