import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, ENDPOINTS, PODS, SERVICES } from '../kube/resources.ts'
import { podSockets } from '../mesh/compile/pod-sockets.ts'
import type { Container, Pod } from '../model/kubernetes-pod.ts'
import {
  createPod,
  eventMessages,
  eventually,
  getPod,
  isRunning,
  nodeContainer,
  podOf,
  printedNumbers,
  readAll,
  scratchFolder,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const namespace = 'default'
const SERVE = `
const http = require('node:http')
http.createServer((request, response) => response.end(process.env.GREETING ?? 'hello')).listen(Number(process.env.PORT), process.env.HOST)
`
const web: Partial<Container> = {
  ports: [{ name: 'web', containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/', port: 'web' }, periodSeconds: 1 },
}

const isReady = (pod: Pod) =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
const state = (pod: Pod, name = 'app') => pod.status?.containerStatuses?.find(status => status.name === name)

async function ask(pod: Pod, port: number): Promise<string> {
  const at = podSockets(pod)?.outside(port)
  return (await fetch(`http://${at?.address}:${at?.port}/`)).text()
}

describe('a pod on this machine', () => {
  it('gets a port and listens on it, and everybody can find it', async () => {
    const machine = await testMachine()
    await createPod(machine, podOf([nodeContainer(SERVE, web)]))
    const pod = await eventually(async () => {
      const found = await getPod(machine)
      expect(isReady(found)).toBe(true)
      return found
    })
    expect(pod.status).toMatchObject({ phase: 'Running', hostIP: '127.0.0.1' })
    expect(pod.status?.podIP).toMatch(/^127\.64\.\d+\.\d+$/)
    expect(state(pod)).toMatchObject({ ready: true, started: true, restartCount: 0 })
    expect(podSockets(pod)?.outside(8080)).not.toMatchObject({ port: 8080 })
    expect(await ask(pod, 8080)).toBe('hello')
  })

  it.runIf(process.platform === 'linux')('that ignores its port is found where it listens', async () => {
    const machine = await testMachine()
    const script = `require('node:http').createServer((q, r) => r.end('fixed')).listen(18080)`
    const ports = [{ containerPort: 18080 }]
    await createPod(
      machine,
      podOf([
        nodeContainer(script, { ports, readinessProbe: { httpGet: { port: 18080 }, periodSeconds: 1 } }),
      ]),
    )
    const pod = await eventually(async () => {
      const found = await getPod(machine)
      expect(isReady(found)).toBe(true)
      return found
    })
    expect(podSockets(pod)?.outside(18080)).toEqual({ address: pod.status?.podIP, port: 18080 })
    expect(await ask(pod, 18080)).toBe('fixed')
  })

  it.runIf(process.platform === 'linux')(
    'may listen on the same port as another, if it is Node',
    async () => {
      const machine = await testMachine()
      const script = `require('node:http').createServer((q, r) => r.end(process.env.NAME)).listen(18081, '0.0.0.0')`
      const container = nodeContainer(script, {
        ports: [{ containerPort: 18081 }],
        env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        readinessProbe: { tcpSocket: { port: 18081 }, periodSeconds: 1 },
      })
      for (const name of ['one', 'other']) await createPod(machine, podOf([container], {}, name))
      for (const name of ['one', 'other']) {
        const pod = await eventually(async () => {
          const found = await getPod(machine, name)
          expect(isReady(found)).toBe(true)
          return found
        })
        expect(await ask(pod, 18081)).toBe(name)
      }
    },
  )

  it.runIf(process.platform === 'linux')('that clashes with another is told with whom', async () => {
    const machine = await testMachine({ backoff: { baseMillis: 20_000, mostMillis: 20_000 } })
    // Without the hook: as other languages do.
    const script = `require('node:http').createServer().listen(18082, '0.0.0.0')`
    const container = { ...nodeContainer(script), ports: [{ containerPort: 18082 }] }
    const [node = '', ...args] = container.command ?? []
    const bare = { ...container, command: ['/usr/bin/env', '-u', 'NODE_OPTIONS', node, ...args] }
    await createPod(machine, podOf([bare], {}, 'first'))
    await eventually(async () =>
      expect(podSockets(await getPod(machine, 'first'))?.outside(18082).port).toBe(18082),
    )
    await createPod(machine, podOf([bare], {}, 'second'))
    await eventually(async () => {
      const [message] = await eventMessages(machine, 'PortInUse')
      expect(message).toContain('Port 18082 is taken by pod default/first, container app')
      expect(message).toContain('Let the app listen on $PORT at $HOST')
    })
  })

  it('sees its own fields, the Services of its namespace, and its sidecar', async () => {
    const machine = await testMachine({ environment: { ...process.env, SECRET_OF_THE_HOST: 'x' } })
    const { client } = machine
    await client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'my-shop', namespace },
      spec: { ports: [{ port: 80 }] },
    })
    const print = 'console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)'
    const sidecar = nodeContainer(print, { name: 'sidecar' })
    const app = nodeContainer(print, {
      env: [{ name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }],
    })
    await createPod(machine, podOf([app, sidecar]))
    const variables = async (container: string): Promise<Record<string, string>> =>
      eventually(async () => JSON.parse((await readAll(machine, 'p', container)).join('')))
    const ofApp = await variables('app')
    const { podIP } = (await getPod(machine)).status ?? {}
    expect(ofApp).toMatchObject({
      LABEL: 'p',
      POD_IP: podIP,
      HOST: podIP,
      MY_SHOP_SERVICE_PORT: '80',
      HTTP_PROXY: `http://${podIP}:15001`,
      http_proxy: `http://${podIP}:15001`,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      NODE_USE_ENV_PROXY: '1',
    })
    expect(ofApp).not.toHaveProperty('SECRET_OF_THE_HOST')
    const ofSidecar = await variables('sidecar')
    expect(ofSidecar).not.toHaveProperty('HTTP_PROXY')
    expect(ofSidecar).not.toHaveProperty('NODE_OPTIONS')
  })

  it('with an image that nobody knows waits, and says what to do', async () => {
    const machine = await testMachine()
    await createPod(machine, podOf([{ name: 'app', image: 'example.test/shop:1' }]))
    await eventually(async () => {
      const pod = await getPod(machine)
      expect(pod.status?.phase).toBe('Pending')
      expect(state(pod)?.state.waiting).toMatchObject({ reason: 'ErrImagePull' })
      const messages = await eventMessages(machine, 'Failed')
      expect(messages.join()).toContain('{"example.test/shop:1":{"command":["node","app.js"]}}')
    })
  })

  it('runs the command of its image, with the arguments of its container', async () => {
    const machine = await testMachine({
      resolveImage: image =>
        image === 'echo' ? { command: ['/bin/echo', '$(A)'], env: { A: 'from $(POD_IP)' } } : undefined,
    })
    await createPod(
      machine,
      podOf([{ name: 'app', image: 'echo', args: ['$$(A)', '$(B)'] }], { restartPolicy: 'Never' }),
    )
    await eventually(async () => expect((await getPod(machine)).status?.phase).toBe('Succeeded'))
    const { podIP } = (await getPod(machine)).status ?? {}
    expect(await readAll(machine)).toEqual([`from ${podIP} $(A) $(B)`])
  })

  it('that crashes is started again, later each time', async () => {
    const machine = await testMachine({ backoff: { baseMillis: 100, mostMillis: 100_000 } })
    await createPod(machine, podOf([shellContainer('echo started; exit 3')]))
    const waiting = await eventually(async () => {
      const pod = await getPod(machine)
      expect(state(pod)?.restartCount).toBeGreaterThanOrEqual(2)
      expect(state(pod)?.state.waiting?.reason).toBe('CrashLoopBackOff')
      return pod
    })
    expect(waiting.status?.phase).toBe('Running')
    expect(isReady(waiting)).toBe(false)
    expect(state(waiting)?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
    expect((await readAll(machine)).length).toBeGreaterThanOrEqual(3)
    const told = await eventMessages(machine, 'BackOff')
    expect(told[0]).toContain('Back-off restarting failed container=app pod=p_default(')
  })

  it('whose program is not there says so', async () => {
    const machine = await testMachine()
    await createPod(
      machine,
      podOf([{ name: 'app', image: 'x', command: ['/nowhere/program'] }], { restartPolicy: 'Never' }),
    )
    await eventually(async () => expect((await getPod(machine)).status?.phase).toBe('Failed'))
    expect(state(await getPod(machine))?.state.terminated).toMatchObject({
      exitCode: 127,
      reason: 'StartError',
    })
  })

  it('that is not alive is restarted', async () => {
    const machine = await testMachine({ backoff: { baseMillis: 50, mostMillis: 50 } })
    const livenessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 0.05, failureThreshold: 2 }
    const container = shellContainer('sleep 60', { ports: [{ containerPort: 8080 }], livenessProbe })
    await createPod(machine, podOf([container]))
    await eventually(async () => expect(state(await getPod(machine))?.restartCount).toBeGreaterThanOrEqual(1))
    expect(await eventMessages(machine, 'Killing')).toContain(
      'Container app failed liveness probe, will be restarted',
    )
    const unhealthy = await eventMessages(machine, 'Unhealthy')
    expect(unhealthy[0]).toMatch(/^Liveness probe failed: dial tcp 127\./)
  })

  it('is ready when a command in it says so', async () => {
    const machine = await testMachine()
    const exec = { command: ['/bin/sh', '-c', 'test "$COLOUR" = red && test -e healthy'] }
    const script = 'sleep 0.3; touch healthy; exec sleep 60'
    const readinessProbe = { exec, periodSeconds: 1 }
    const env = [{ name: 'COLOUR', value: 'red' }]
    await createPod(machine, podOf([shellContainer(script, { env, readinessProbe })]))
    await eventually(async () => expect(state(await getPod(machine))?.started).toBe(true))
    expect(isReady(await getPod(machine))).toBe(false)
    await eventually(async () => expect(isReady(await getPod(machine))).toBe(true))
  })

  it('is not asked for its health before it has started up', async () => {
    const machine = await testMachine()
    const script = `
      let asked = []
      const answer = (q, r) => {
        asked.push(q.url)
        if (q.url === '/startup') r.statusCode = asked.length > 2 ? 200 : 503
        else console.log(asked.join(' '))
        r.end()
      }
      require('node:http').createServer(answer).listen(Number(process.env.PORT), process.env.HOST)`
    const probe = (path: string) => ({
      httpGet: { path, port: 8080 },
      periodSeconds: 1,
      failureThreshold: 30,
    })
    const container = nodeContainer(script, {
      ports: [{ containerPort: 8080 }],
      startupProbe: probe('/startup'),
      readinessProbe: probe('/ready'),
    })
    await createPod(machine, podOf([container]))
    await eventually(async () => expect(isReady(await getPod(machine))).toBe(true))
    expect((await readAll(machine))[0]).toBe('/startup /startup /startup /ready')
  })
})

describe('the order of containers', () => {
  const timeline = (file: string, name: string, ready = '') => `
    const { appendFileSync } = require('node:fs')
    const say = text => appendFileSync(${JSON.stringify(file)}, '${name} ' + text + '\\n')
    say('begins')
    process.on('SIGTERM', () => setTimeout(() => { say('ends'); process.exit(0) }, 50))
    setInterval(() => {}, 1000)
    ${ready}`

  it('is the sidecar first when they start, and last when they end', async () => {
    const folder = await scratchFolder()
    const file = `${folder}/timeline`
    const machine = await testMachine()
    const getReady = `setTimeout(() => require('node:http').createServer((q, r) => { say('is ready'); r.end() }).listen(15000, process.env.POD_IP), 200)`
    const sidecar = nodeContainer(timeline(file, 'sidecar', getReady), {
      name: 'sidecar',
      ports: [{ name: 'proxy-admin', containerPort: 15000 }],
      readinessProbe: { httpGet: { path: '/ready', port: 15000 }, periodSeconds: 60 },
    })
    const init = shellContainer(`echo init runs >> ${file}`, { name: 'init' })
    await createPod(
      machine,
      podOf([nodeContainer(timeline(file, 'app')), sidecar], { initContainers: [init] }),
    )
    await eventually(async () => expect(isReady(await getPod(machine))).toBe(true))
    await eventually(async () => expect(await readFile(file, 'utf8')).toContain('app begins'))
    await machine.client.remove(PODS, { namespace, name: 'p' })
    await eventually(async () => expect((await machine.client.list(PODS)).items).toEqual([]))
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(lines).toEqual([
      'sidecar begins',
      'sidecar is ready',
      'init runs',
      'app begins',
      'app ends',
      'sidecar ends',
    ])
  })

  it('is, when the machine is stopped, that of sidecars before the pods that they drain into', async () => {
    const folder = await scratchFolder()
    const file = `${folder}/timeline`
    const machine = await testMachine()
    await createPod(machine, podOf([nodeContainer(timeline(file, 'collector'))], {}, 'collector'))
    const sidecar = nodeContainer(timeline(file, 'sidecar'), { name: 'sidecar' })
    await createPod(machine, podOf([nodeContainer(timeline(file, 'app')), sidecar], {}, 'shop'))
    const begun = ['app begins', 'collector begins', 'sidecar begins']
    const lines = async () => (await readFile(file, 'utf8')).trim().split('\n')
    await eventually(async () => expect((await lines()).sort()).toEqual(begun))
    await machine.stop()
    expect((await lines()).slice(3)).toEqual(['app ends', 'sidecar ends', 'collector ends'])
  })

  it('does not wait for a sidecar that fails', async () => {
    const machine = await testMachine()
    const sidecar = shellContainer('exit 1', {
      name: 'sidecar',
      readinessProbe: { tcpSocket: { port: 15000 } },
    })
    await createPod(machine, podOf([shellContainer('sleep 60'), sidecar]))
    await eventually(async () => expect(state(await getPod(machine))?.state.running).toBeDefined())
  })
})

describe('what a pod leaves behind', () => {
  it('is nothing: not its children, not those that left its group', async () => {
    const machine = await testMachine()
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn('sleep', ['600'], { stdio: 'ignore' })
      const stray = spawn('sleep', ['600'], { stdio: 'ignore', detached: true })
      console.log(child.pid, stray.pid, process.pid)
      process.on('SIGTERM', () => {})
      setInterval(() => {}, 1000)`
    await createPod(machine, podOf([nodeContainer(script)], { terminationGracePeriodSeconds: 1 }))
    const pids = await printedNumbers(machine)
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true])
    await machine.client.remove(PODS, { namespace, name: 'p' })
    await eventually(async () => expect((await machine.client.list(PODS)).items).toEqual([]))
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
    expect(() => machine.readLogs({ namespace, name: 'p' }, 'app')).toThrow('not found')
  })

  it('is nothing when it is removed with force', async () => {
    const machine = await testMachine()
    await createPod(
      machine,
      podOf([
        nodeContainer(
          `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)`,
        ),
      ]),
    )
    const [pid = 0] = await printedNumbers(machine)
    await machine.client.remove(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 })
    await eventually(async () => expect(await isRunning(pid)).toBe(false))
  })

  it('lets a shell stop what it started, within the grace period', async () => {
    const folder = await scratchFolder()
    const machine = await testMachine()
    const program = `process.on('SIGTERM', () => setTimeout(() => { require('node:fs').writeFileSync('${folder}/drained', ''); process.exit() }, 200)); console.log(process.pid); setInterval(() => {}, 1000)`
    await createPod(machine, podOf([shellContainer(`"${process.execPath}" -e "${program}" & wait`)]))
    await printedNumbers(machine)
    await machine.client.remove(PODS, { namespace, name: 'p' })
    await eventually(async () => expect((await machine.client.list(PODS)).items).toEqual([]))
    expect(await readdir(folder)).toEqual(['drained'])
  })
})

describe('a Deployment on this machine', () => {
  const shop = (greeting: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop', namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels: { app: 'shop' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [nodeContainer(SERVE, { ...web, env: [{ name: 'GREETING', value: greeting }] })],
        },
      },
    },
  })

  it('is reached through its Service on a port of this machine, also after its pod was replaced', async () => {
    const machine = await testMachine()
    const { client } = machine
    await client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace },
      spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 'web' }] },
    })
    await client.create(DEPLOYMENTS, shop('first'))
    const forward = await machine.forwardPort({
      listen: { host: '127.0.0.1', port: 0 },
      namespace,
      service: 'shop',
      port: 80,
    })
    const get = async () =>
      (await fetch(`http://127.0.0.1:${forward.port}/`, { headers: { connection: 'close' } })).text()
    await eventually(async () => expect(await get()).toBe('first'))
    const endpoints = await client.get(ENDPOINTS, { namespace, name: 'shop' })
    expect(endpoints.subsets?.[0]?.ports).toEqual([{ port: 8080, protocol: 'TCP' }])
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, { spec: shop('second').spec })
    await eventually(async () => {
      expect(await get()).toBe('second')
      expect((await client.list(PODS, { namespace })).items).toHaveLength(1)
    })
    await forward.close()
    await expect(get()).rejects.toThrow()
  })

  it('says which port of this machine is taken', async () => {
    const machine = await testMachine()
    const target = { namespace, labels: { app: 'shop' }, port: 80 }
    const taken = await machine.forwardPort({ listen: { host: '127.0.0.1', port: 0 }, ...target })
    const listen = { host: '127.0.0.1', port: taken.port }
    await expect(machine.forwardPort({ listen, ...target })).rejects.toMatchObject({
      code: 'KISEKI_PORT_IN_USE',
    })
  })
})

describe('the logs of a container', () => {
  it('are followed as they are written, and end with the pod', async () => {
    const machine = await testMachine()
    await createPod(machine, podOf([shellContainer('printf "one\\ntwo\\nthree"; sleep 60')]))
    const pod = { namespace, name: 'p' }
    await eventually(async () => expect(await readAll(machine)).toEqual(['one', 'two']))
    const lines: string[] = []
    for await (const line of machine.readLogs(pod, 'app', { follow: true, tail: 1 })) {
      lines.push(line)
      if (lines.length === 1) await machine.client.remove(PODS, pod)
    }
    expect(lines).toEqual(['two', 'three'])
    expect(() => machine.readLogs(pod, 'none')).toThrow('not found')
  })
})
