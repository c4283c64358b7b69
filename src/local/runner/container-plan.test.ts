import { describe, expect, it } from 'vitest'
import type { Service } from '../../model/kubernetes.ts'
import type { Container, Pod } from '../../model/kubernetes-pod.ts'
import type { EnvironmentOptions } from './container-environment.ts'
import { type ContainerPlan, planContainer } from './container-plan.ts'
import { serviceVariables } from './service-variables.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'shop-1',
    namespace: 'mall',
    uid: 'u-1',
    labels: { app: 'shop' },
    annotations: { 'example.test/note': 'hi' },
  },
  spec: { containers: [], serviceAccountName: 'clerk', nodeName: 'localhost' },
}

function plan(container: Partial<Container>, extra: Partial<EnvironmentOptions> = {}): ContainerPlan {
  const planned = planContainer({
    pod,
    container: { name: 'app', image: 'test/shop', ...container },
    image: { command: ['/bin/shop', '--serve'] },
    config: { configMaps: new Map(), secrets: new Map() },
    machine: { cpu: '2', memory: '4000000000' },
    podIP: '127.64.0.3',
    ports: [],
    serviceVariables: {},
    inherited: { PATH: '/bin', HOME: '/home/me', OTHER: 'secret' },
    ...extra,
  })
  if ('refused' in planned) throw new Error(`${planned.refused}: ${planned.message}`)
  return planned
}

describe('the command of a container', () => {
  it.each([
    [{}, ['/bin/shop', '--serve']],
    [{ args: ['--fast'] }, ['/bin/shop', '--serve', '--fast']],
    [{ command: ['/bin/true'] }, ['/bin/true']],
    [
      { command: ['/bin/echo'], args: ['$(POD_IP)', '$$(POD_IP)', '$(NOWHERE)'] },
      ['/bin/echo', '127.64.0.3', '$(POD_IP)', '$(NOWHERE)'],
    ],
  ])('%j is %j', (container, argv) => {
    expect(plan(container).argv).toEqual(argv)
  })

  it('is missing where neither image nor container has one', () => {
    expect(() => plan({}, { image: undefined })).toThrow(/^ErrImagePull: image "test\/shop" has no command/)
    expect(plan({ command: ['/bin/true'] }, { image: undefined }).argv).toEqual(['/bin/true'])
    expect(() => plan({ command: [] })).toThrow('CreateContainerConfigError: the command is empty')
  })

  it('runs where the container says, else where the image says', () => {
    const image = { command: ['a'], workingDir: '/image' }
    expect(plan({ workingDir: '/app' }, { image }).folders).toEqual(['/app', '/image'])
  })
})

describe('the environment of a container', () => {
  it('has what programs need of the machine, and nothing else of it', () => {
    const { env } = plan({})
    expect(env).toEqual({ PATH: '/bin', HOME: '/home/me', POD_IP: '127.64.0.3', HOST: '127.64.0.3' })
  })

  it('takes values of the pod', () => {
    const env = Object.entries({
      NAME: 'metadata.name',
      NAMESPACE: 'metadata.namespace',
      UID: 'metadata.uid',
      LABEL: "metadata.labels['app']",
      NONE: "metadata.labels['none']",
      NOTE: "metadata.annotations['example.test/note']",
      IP: 'status.podIP',
      ACCOUNT: 'spec.serviceAccountName',
      NODE: 'spec.nodeName',
    }).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } }))
    expect(plan({ env }).env).toMatchObject({
      NAME: 'shop-1',
      NAMESPACE: 'mall',
      UID: 'u-1',
      LABEL: 'shop',
      NONE: '',
      NOTE: 'hi',
      IP: '127.64.0.3',
      ACCOUNT: 'clerk',
      NODE: 'localhost',
    })
  })

  it('refuses values that it cannot have, by name', () => {
    const field = { name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } }
    expect(() => plan({ env: [field] })).toThrow('variable A: there is no field "spec.nothing"')
    expect(() => plan({ env: [{ name: 'A', valueFrom: {} }] })).toThrow(
      'variable A: valueFrom names no source',
    )
  })

  it('builds values of those before, the container after its image', () => {
    const image = { command: ['a'], env: { BASE: '/data/$(POD_IP)', PATH: '/opt' } }
    const env = [
      { name: 'FILE', value: '$(BASE)/f' },
      { name: 'BASE', value: 'mine' },
    ]
    expect(plan({ env }, { image }).env).toMatchObject({
      FILE: '/data/127.64.0.3/f',
      BASE: 'mine',
      PATH: '/opt',
    })
  })

  const ports = [
    { container: 'app', name: 'web', containerPort: 8080, chosen: 40001 },
    { container: 'app', name: 'http-admin', containerPort: 9000, chosen: 40002 },
    { container: 'app', containerPort: 9100, chosen: 40003 },
  ]

  it('hands over the chosen ports, the first one as PORT', () => {
    expect(plan({}, { ports }).env).toMatchObject({
      PORT: '40001',
      PORT_HTTP_ADMIN: '40002',
      PORT_9100: '40003',
    })
  })

  it('takes a PORT that is a container port for that port, and any other for what it says', () => {
    const env = (value: string) => plan({ env: [{ name: 'PORT', value }] }, { ports }).env['PORT']
    expect(env('9000')).toBe('40002')
    expect(env('1234')).toBe('1234')
  })

  it('leads plain HTTP to the sidecar, in every way that clients know', () => {
    const { env } = plan({}, { sidecar: { address: '127.64.0.3', port: 15001 } })
    const url = 'http://127.64.0.3:15001'
    expect(env).toMatchObject({ http_proxy: url, HTTP_PROXY: url, NODE_USE_ENV_PROXY: '1' })
    expect(env).toMatchObject({ no_proxy: 'localhost,127.0.0.1,::1', NO_PROXY: 'localhost,127.0.0.1,::1' })
    expect(env['JAVA_TOOL_OPTIONS']).toBe(
      '-Dhttp.proxyHost=127.64.0.3 -Dhttp.proxyPort=15001 -Dhttp.nonProxyHosts=localhost|127.0.0.1|[::1]',
    )
    expect(env).not.toHaveProperty('https_proxy')
  })

  it('adds to the options that a manifest has', () => {
    const env = [
      { name: 'NODE_OPTIONS', value: '--enable-source-maps' },
      { name: 'JAVA_TOOL_OPTIONS', value: '-Xmx64m' },
    ]
    const planned = plan({ env }, { bindHook: '/a b/hook.cjs', sidecar: { address: '127.0.0.1', port: 1 } })
    expect(planned.env['NODE_OPTIONS']).toBe('--enable-source-maps --require "/a b/hook.cjs"')
    expect(planned.env['JAVA_TOOL_OPTIONS']).toMatch(/^-Xmx64m -Dhttp.proxyHost=127.0.0.1 /)
  })
})

describe('the variables of Services', () => {
  it("are Kubernetes'", () => {
    const service = (name: string, spec: Service['spec']): Service => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'mall' },
      spec,
    })
    const ports = [
      { name: 'http-web', port: 80 },
      { port: 53, protocol: 'UDP' },
    ]
    expect(
      serviceVariables([
        service('book-shop', { clusterIP: '127.96.0.1', ports }),
        service('headless', { clusterIP: 'None', ports }),
        service('bare', { clusterIP: '127.96.0.2' }),
      ]),
    ).toEqual({
      BOOK_SHOP_SERVICE_HOST: '127.96.0.1',
      BOOK_SHOP_SERVICE_PORT: '80',
      BOOK_SHOP_SERVICE_PORT_HTTP_WEB: '80',
      BOOK_SHOP_PORT: 'tcp://127.96.0.1:80',
      BOOK_SHOP_PORT_80_TCP: 'tcp://127.96.0.1:80',
      BOOK_SHOP_PORT_80_TCP_PROTO: 'tcp',
      BOOK_SHOP_PORT_80_TCP_PORT: '80',
      BOOK_SHOP_PORT_80_TCP_ADDR: '127.96.0.1',
      BOOK_SHOP_PORT_53_UDP: 'udp://127.96.0.1:53',
      BOOK_SHOP_PORT_53_UDP_PROTO: 'udp',
      BOOK_SHOP_PORT_53_UDP_PORT: '53',
      BOOK_SHOP_PORT_53_UDP_ADDR: '127.96.0.1',
    })
  })
})
