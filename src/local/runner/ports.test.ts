import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Container } from '../../model/kubernetes-pod.ts'
import { createFreePorts } from './free-ports.ts'
import type { ListeningSockets } from './listening-sockets.ts'
import { loopbackBlocks, sharedLoopback, systemPodAddresses } from './pod-addresses.ts'
import { choosePodPorts } from './pod-ports.ts'
import { explainPortClash } from './port-clash.ts'
import { parseListening } from './proc-net-tcp.ts'

describe('the sockets that Linux lists', () => {
  it('are those that are listened on, with their addresses', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0300407F:36B1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1F91 0100007F:A000 01 00000000:00000000 00:00000000 00000000  1000        0 13 1 0000000000000000 100 0 0 10 0
   3: 00000000000000000000000000000000:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 14 1 0
   4: 00000000000000000000000001000000:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 15 1 0
   5: 0000000000000000FFFF00000100007F:1F94 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 16 1 0
   6: B80D0120000000000000000001000000:1F95 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 17 1 0
`
    expect(parseListening(text)).toEqual([
      { address: '127.64.0.3', port: 14001, inode: '11' },
      { address: '0.0.0.0', port: 8080, inode: '12' },
      { address: '::', port: 8082, inode: '14' },
      { address: '::1', port: 8083, inode: '15' },
      { address: '127.0.0.1', port: 8084, inode: '16' },
      { address: '2001:db8:0:0:0:0:0:1', port: 8085, inode: '17' },
    ])
    expect(parseListening('')).toEqual([])
  })
})

describe('the ports of a pod', () => {
  const container = (name: string, ...containerPorts: readonly number[]): Container => ({
    name,
    image: 'i',
    ports: containerPorts.map(containerPort => ({ name: `p${containerPort}`, containerPort })),
  })
  const choose = (containers: readonly Container[], exclusive = true) =>
    choosePodPorts({
      address: { ip: '127.64.0.3', exclusive },
      containers,
      isFixed: ({ name }) => name === 'sidecar',
      freePorts: createFreePorts(),
    })

  it('are chosen for apps, and as they are said for who has fixed ones', async () => {
    const app = container('app', 8080, 9090)
    const sidecar = container('sidecar', 15000)
    const ports = await choose([app, sidecar])
    const [web, admin] = ports.of('app')
    expect(web?.chosen).toBeGreaterThan(1023)
    expect(web?.chosen).not.toBe(admin?.chosen)
    expect(ports.target(app, 'p8080')).toEqual({ address: '127.64.0.3', port: web?.chosen })
    expect(ports.target(app, 8080)).toEqual({ address: '127.64.0.3', port: web?.chosen })
    expect(ports.target(sidecar, 15000)).toEqual({ address: '127.64.0.3', port: 15000 })
    expect(ports.target(app, 15901)).toEqual({ address: '127.64.0.3', port: 15901 })
    expect(ports.target(app, 'absent')).toBeUndefined()
    expect([...ports.mapping().keys()]).toEqual([8080, 9090])
  })

  it('are chosen for all where pods share an address', async () => {
    const ports = await choose([container('sidecar', 15003)], false)
    expect(ports.mapping().get(15003)?.port).not.toBe(15003)
  })

  it('are not those of UDP', async () => {
    const udp = { name: 'app', image: 'i', ports: [{ containerPort: 6831, protocol: 'UDP' }] }
    expect((await choose([udp])).of('app')).toEqual([])
  })

  it('are chosen anew when somebody else has taken one', async () => {
    const ports = await choose([container('app', 8080)])
    const before = ports.of('app')[0]?.chosen
    expect(await ports.renew('app')).toBe(false)
    const thief = createServer()
    await new Promise<void>(resolve => thief.listen({ host: '0.0.0.0', port: before }, resolve))
    expect(await ports.renew('app')).toBe(true)
    expect(ports.of('app')[0]?.chosen).not.toBe(before)
    await new Promise(resolve => thief.close(resolve))
  })

  it('tell when they are found elsewhere', async () => {
    const ports = await choose([container('app', 8080)])
    const at = { address: '127.0.0.1', port: 8080 }
    expect(ports.move(8080, at)).toBe(true)
    expect(ports.move(8080, at)).toBe(false)
    expect(ports.mapping().get(8080)).toEqual(at)
  })
})

describe('the addresses of pods', () => {
  it('are never the same, and come again last', async () => {
    const addresses = loopbackBlocks('127.64', async () => ({ release: async () => undefined }))
    const first = await addresses.allocate()
    expect(first).toEqual({ ip: '127.64.0.1', exclusive: true })
    if (first !== undefined) addresses.release(first)
    const others = await Promise.all(Array.from({ length: 253 }, () => addresses.allocate()))
    expect(new Set(others.map(address => address?.ip)).size).toBe(253)
    expect(others.map(address => address?.ip)).not.toContain('127.64.0.1')
    expect((await addresses.allocate())?.ip).toBe('127.64.0.1')
    expect((await addresses.allocate())?.ip).toBe('127.64.1.1')
  })

  it('are of blocks that nobody else has, as long as there are some', async () => {
    let asked = 0
    const addresses = loopbackBlocks('127.64', async name => {
      asked++
      return name === '127.64.7' ? { release: async () => undefined } : undefined
    })
    expect((await addresses.allocate())?.ip).toBe('127.64.7.1')
    for (let i = 0; i < 253; i++) await addresses.allocate()
    expect(await addresses.allocate()).toBeUndefined()
    expect(asked).toBe(256)
  })

  it.runIf(process.platform === 'linux')('of two runs are different', async () => {
    const [one, other] = [systemPodAddresses(), systemPodAddresses()]
    expect((await one.allocate())?.ip).not.toBe((await other.allocate())?.ip)
    await Promise.all([one.close(), other.close()])
  })

  it('are all one where the system has no others', async () => {
    expect(await sharedLoopback().allocate()).toEqual({ ip: '127.0.0.1', exclusive: false })
    expect(await systemPodAddresses('darwin').allocate()).toEqual({ ip: '127.0.0.1', exclusive: false })
  })
})

describe('a port that is taken', () => {
  const holder = { pid: 7, group: 7, command: 'python3 -m http.server' }
  const sockets: ListeningSockets = {
    list: async () => [],
    heldBy: async () => [],
    holderOf: async port => (port === 14001 ? holder : undefined),
  }
  const explain = (output: string, known: ListeningSockets | undefined = sockets) =>
    explainPortClash({
      output,
      ports: [14001],
      sockets: known,
      ownerOf: () => undefined,
      letGo: async () => false,
    })

  it.each([
    'Error: listen EADDRINUSE: address already in use 0.0.0.0:14001',
    'OSError: [Errno 98] Address already in use',
    'listen tcp :14001: bind: address already in use',
    'java.net.BindException: Address already in use (Bind failed)',
    'Error: listen EADDRINUSE: address already in use :::14001',
  ])('is explained after %j', async output => {
    expect(await explain(`starting\n${output}\n    at somewhere:12:34\n`)).toBe(
      'Port 14001 is taken by process 7 (python3 -m http.server). ' +
        'Let the app listen on $PORT at $HOST, run one replica, or stop the other program.',
    )
  })

  it('is named where the system does not tell who has it', async () => {
    const told = explainPortClash({
      output: 'listen EADDRINUSE: address already in use :::8080',
      ports: [],
      sockets: undefined,
      ownerOf: () => undefined,
      letGo: async () => false,
    })
    expect(await told).toMatch(/^Port 8080 is taken by another program\./)
  })

  it('is no explanation for other ends', async () => {
    expect(await explain('Error: cannot find module at port 14001')).toBeUndefined()
  })
})
