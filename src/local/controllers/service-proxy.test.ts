import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS, EVENTS, SERVICES } from '../../kube/resources.ts'
import type { Service } from '../../model/kubernetes.ts'
import { createPod, eventually, nodeContainer, podOf, testMachine } from '../testing/test-machine.ts'
import { ENDPOINT_SLICES } from './endpoint-slices.ts'

const namespace = 'default'
const PORT = 28_417
const service = (spec: Partial<Service['spec']>): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace },
  spec: { ports: [{ port: PORT, targetPort: 8080 }], ...spec },
})
const ask = (host: string) => text(connect({ host, port: PORT }))
const greeter = nodeContainer(
  // Probes hang up on it.
  `require('node:net').createServer(s => s.on('error', () => {}).end(process.env.NAME)).listen(Number(process.env.PORT), process.env.HOST)`,
  {
    ports: [{ containerPort: 8080 }],
    env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  },
)

describe.runIf(process.platform === 'linux')('the address of a Service', () => {
  it('answers for its ready pods in turn, and closes at once where there is none', async () => {
    const machine = await testMachine()
    const { spec } = await machine.client.create(SERVICES, service({ selector: { tier: 'web' } }))
    const host = spec.clusterIP ?? ''
    await eventually(async () => expect(await ask(host)).toBe(''))
    for (const name of ['one', 'other']) {
      const pod = podOf([greeter], {}, name)
      await createPod(machine, { ...pod, metadata: { ...pod.metadata, labels: { tier: 'web' } } })
    }
    await eventually(async () => expect([await ask(host), await ask(host)].sort()).toEqual(['one', 'other']))
    const slices = await machine.client.list(ENDPOINT_SLICES, {
      labels: { 'kubernetes.io/service-name': 'shop' },
    })
    expect(slices.items).toMatchObject([
      {
        addressType: 'IPv4',
        ports: [{ port: 8080, protocol: 'TCP' }],
        endpoints: [{ conditions: { ready: true } }, { conditions: { ready: true } }],
      },
    ])
    await machine.client.remove(SERVICES, { namespace, name: 'shop' })
    await eventually(async () => expect(ask(host)).rejects.toThrow('ECONNREFUSED'))
    await eventually(async () => expect((await machine.client.list(ENDPOINT_SLICES)).items).toEqual([]))
  })

  it('leads to Endpoints that somebody else has written', async () => {
    const server = createServer(socket => socket.end('outside')).listen(0, '127.0.0.1')
    try {
      await new Promise(resolve => server.once('listening', resolve))
      const at = server.address()
      const port = typeof at === 'object' && at !== null ? at.port : 0
      const { client } = await testMachine()
      await client.create(ENDPOINTS, {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'shop', namespace },
        subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port }] }],
      })
      const { spec } = await client.create(SERVICES, service({}))
      await eventually(async () => expect(await ask(spec.clusterIP ?? '')).toBe('outside'))
    } finally {
      server.close()
    }
  })

  it('that cannot be listened on is told of once', async () => {
    const server = createServer().listen(PORT, '0.0.0.0')
    try {
      await new Promise(resolve => server.once('listening', resolve))
      const { client } = await testMachine()
      await client.create(SERVICES, service({}))
      await eventually(async () => {
        const { items } = await client.list(EVENTS)
        const told = items.filter(({ reason }) => reason === 'FailedToListen')
        expect(told.map(({ message }) => message)).toEqual([
          expect.stringMatching(
            /^cannot listen on 127\.96\..+: the address is in use\. Something listens on port/,
          ),
        ])
      })
    } finally {
      server.close()
    }
  })

  it('gives way to a program that wants its port at all addresses', async () => {
    const machine = await testMachine({ backoff: { baseMillis: 50, mostMillis: 50 } })
    const { spec } = await machine.client.create(SERVICES, service({ selector: { app: 'p' } }))
    await eventually(async () => expect(await ask(spec.clusterIP ?? '')).toBe(''))
    // Without the hook: as other languages do.
    const script = `require('node:net').createServer(s => s.end('own')).listen(${PORT}, '0.0.0.0')`
    const [node = '', ...args] = nodeContainer(script).command ?? []
    const command = ['/usr/bin/env', '-u', 'NODE_OPTIONS', node, ...args]
    await createPod(machine, podOf([{ ...nodeContainer(script), command }]))
    await eventually(async () => expect(await ask('127.0.0.1')).toBe('own'))
  })

  it('is absent for headless Services, and ExternalName', async () => {
    const { client } = await testMachine()
    const headless = await client.create(SERVICES, service({ clusterIP: 'None' }))
    expect(headless.spec.clusterIP).toBe('None')
    const balanced = { ...service({ type: 'LoadBalancer' }), metadata: { name: 'balanced', namespace } }
    expect((await client.create(SERVICES, balanced)).spec.clusterIP).toMatch(/^127\.96\./)
  })
})
