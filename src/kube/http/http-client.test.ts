import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../model/kubernetes.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS } from '../resources.ts'
import {
  type Answer,
  json,
  type ScriptedServer,
  startScriptedServer,
  status,
  text,
  tokens,
} from '../testing/scripted-server.ts'
import { createHttpKubeClient, type HttpKubeClient } from './http-client.ts'
import type { KubeHttpOptions } from './http-options.ts'

const at = { namespace: 'n', name: 'c' }
const object: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...at, resourceVersion: '7' },
  data: { a: '1' },
}
const list = (items: readonly object[], metadata: object = {}): object => ({
  kind: 'ConfigMapList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '9', ...metadata },
  items,
})
const success = json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' })

let server: ScriptedServer
let client: HttpKubeClient

async function open(
  script: readonly Answer[],
  options: KubeHttpOptions = {},
  changes: Partial<KubeEndpoint> = {},
): Promise<void> {
  server = await startScriptedServer(script)
  client = createHttpKubeClient(server.endpoint(changes), options)
}
afterEach(async () => {
  await client.close()
  await server.close()
})

const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error,
  )

describe('requests', () => {
  it('get an object', async () => {
    await open([json(object)])
    expect(await client.get(CONFIG_MAPS, at)).toEqual(object)
    expect(server.heard[0]).toMatchObject({
      method: 'GET',
      path: '/api/v1/namespaces/n/configmaps/c',
      body: '',
      headers: { accept: 'application/json', 'user-agent': 'kiseki' },
    })
  })

  it('go below the path of the server, and say who asks', async () => {
    await open([json(object)], { userAgent: 'osm/1' })
    const below = server.endpoint({ server: new URL(`${server.url}/k8s/clusters/c-1/`) })
    await client.close()
    client = createHttpKubeClient(below, { userAgent: 'osm/1' })
    await client.get(CONFIG_MAPS, at)
    expect(server.heard[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces/n/configmaps/c')
    expect(server.heard[0]?.headers['user-agent']).toBe('osm/1')
  })

  it('create an object', async () => {
    await open([json(object, 201)], { fieldManager: 'osm' })
    expect(await client.create(CONFIG_MAPS, object)).toEqual(object)
    const [heard] = server.heard
    expect(heard).toMatchObject({ method: 'POST', path: '/api/v1/namespaces/n/configmaps' })
    expect(heard?.query.get('fieldManager')).toBe('osm')
    expect(heard?.headers['content-type']).toBe('application/json')
    expect(JSON.parse(heard?.body ?? '')).toEqual(object)
  })

  it('merge a patch into an object, or into its status', async () => {
    await open([json(object)])
    await client.patch(CONFIG_MAPS, at, { data: { a: null } })
    await client.patch(CONFIG_MAPS, at, { status: {} }, { subresource: 'status' })
    expect(server.heard[0]).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/n/configmaps/c',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{"data":{"a":null}}',
    })
    expect(server.heard[1]?.path).toBe('/api/v1/namespaces/n/configmaps/c/status')
  })

  it('remove an object, with all that is said of it', async () => {
    await open([success])
    await client.remove(PODS, at, { gracePeriodSeconds: 0, uid: 'u' })
    expect(server.heard[0]?.method).toBe('DELETE')
    expect(JSON.parse(server.heard[0]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u' },
    })
    await client.remove(PODS, at)
    expect(JSON.parse(server.heard[1]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
    })
  })

  it('send nothing for names that would lead elsewhere', async () => {
    await open([success])
    await expect(client.get(NAMESPACES, { name: '../secrets' })).rejects.toMatchObject({
      code: 'KISEKI_INVALID',
    })
    await expect(client.remove(PODS, { name: 'p' })).rejects.toMatchObject({ code: 'KISEKI_INVALID' })
    expect(server.heard).toEqual([])
  })

  it('use one connection after the other', async () => {
    await open([json(object)])
    for (let i = 0; i < 12; i++) await client.get(CONFIG_MAPS, at)
    expect(new Set(server.heard.map(({ connection }) => connection)).size).toBe(1)
  })

  it('are sent again when a kept connection was closed meanwhile, if they change nothing', async () => {
    const hangUp: Answer = response => response.socket?.destroy()
    await open([json(object), hangUp, json(object), hangUp])
    await client.get(CONFIG_MAPS, at)
    expect(await client.get(CONFIG_MAPS, at)).toEqual(object)
    await expect(client.create(CONFIG_MAPS, object)).rejects.toMatchObject({ code: 'KISEKI_API_UNREACHABLE' })
    expect(server.heard.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST'])
  })

  it('hand on the warnings of the server', async () => {
    const warned: string[] = []
    const ignore = () => undefined
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (message: string) => warned.push(message),
    }
    await open([json(object, 200, { warning: '299 - "unknown field \\"spec.x\\"", 299 - "old"' })], {
      logger,
    })
    await client.get(CONFIG_MAPS, at)
    expect(warned).toEqual(['unknown field "spec.x"', 'old'])
  })
})

describe('lists', () => {
  it('select, and say what their items are', async () => {
    const { apiVersion, kind, ...bare } = object
    await open([json(list([bare]))])
    const labels = { app: 'a', 'x/y': 'b' }
    expect(await client.list(CONFIG_MAPS, { namespace: 'n', labels })).toEqual({
      resourceVersion: '9',
      items: [object],
    })
    expect(server.heard[0]?.path).toBe('/api/v1/namespaces/n/configmaps')
    expect(server.heard[0]?.query.get('labelSelector')).toBe('app=a,x/y=b')
  })

  it('are read page after page', async () => {
    await open([json(list([object], { continue: 'two' })), json(list([object])), json(list([]))])
    const { items } = await client.list(CONFIG_MAPS)
    expect(items).toHaveLength(2)
    expect(server.heard.map(({ query }) => [query.get('limit'), query.get('continue')])).toEqual([
      ['500', null],
      ['500', 'two'],
    ])
    expect(server.heard[0]?.path).toBe('/api/v1/configmaps')
  })

  it('begin anew, as a whole, when the server has forgotten where they were', async () => {
    const expired = status(410, 'Expired', 'The provided continue parameter is too old')
    await open([
      json(list([object], { continue: 'two' })),
      expired,
      json(list([object], { resourceVersion: '12' })),
    ])
    expect(await client.list(CONFIG_MAPS)).toEqual({ resourceVersion: '12', items: [object] })
    expect(server.heard[2]?.query.get('limit')).toBeNull()
  })

  it('end when the server repeats itself', async () => {
    await open([json(list([object], { continue: 'again' }))])
    await expect(client.list(CONFIG_MAPS)).rejects.toMatchObject({ code: 'KISEKI_API_FAILED' })
  })

  it('take null for no items', async () => {
    await open([json({ ...list([]), items: null })])
    expect((await client.list(CONFIG_MAPS)).items).toEqual([])
  })
})

describe('a Status that is answered', () => {
  it.each([
    [400, 'BadRequest', 'KISEKI_BAD_REQUEST'],
    [401, 'Unauthorized', 'KISEKI_FORBIDDEN'],
    [403, 'Forbidden', 'KISEKI_FORBIDDEN'],
    [404, 'NotFound', 'KISEKI_NOT_FOUND'],
    [405, 'MethodNotAllowed', 'KISEKI_UNSUPPORTED'],
    [409, 'AlreadyExists', 'KISEKI_ALREADY_EXISTS'],
    [409, 'Conflict', 'KISEKI_CONFLICT'],
    [410, 'Expired', 'KISEKI_GONE'],
    [415, 'UnsupportedMediaType', 'KISEKI_UNSUPPORTED'],
    [422, 'Invalid', 'KISEKI_INVALID'],
    [429, 'TooManyRequests', 'KISEKI_API_FAILED'],
    [500, 'InternalError', 'KISEKI_API_FAILED'],
    [503, 'ServiceUnavailable', 'KISEKI_API_FAILED'],
    [504, 'Timeout', 'KISEKI_TIMEOUT'],
  ])('%i %s is %s', async (code, reason, kiseki) => {
    await open([status(code, reason, 'it says why')])
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({
      name: 'KubeFailure',
      code: kiseki,
      reason,
      message: 'it says why',
    })
  })

  it.each([
    [410, 'Gone', 'Expired'],
    [500, 'ServerTimeout', 'Timeout'],
    [418, 'Teapot', 'BadRequest'],
    [507, 'NoSpace', 'InternalError'],
    [409, '', 'Conflict'],
  ])('%i "%s" is taken for %s', async (code, reason, known) => {
    await open([status(code, reason, 'it says why')])
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ reason: known })
  })

  it('keeps its details', async () => {
    const details = {
      name: 'd',
      group: 'apps',
      kind: 'Deployment',
      retryAfterSeconds: 2,
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }],
    }
    await open([status(422, 'Invalid', 'Deployment.apps "d" is invalid', { details })])
    await expect(client.get(DEPLOYMENTS, at)).rejects.toMatchObject({ details })
  })

  it('names the kubeconfig when it is about credentials', async () => {
    await open([status(403, 'Forbidden', 'configmaps is forbidden')])
    await expect(client.list(CONFIG_MAPS)).rejects.toMatchObject({
      remedy: expect.stringContaining('the test'),
    })
  })
})

describe('what no Kubernetes API answers', () => {
  it.each<[string, Answer, string, string]>([
    ['a page', text(200, 'text/html', '<html>Sign in</html>'), 'KISEKI_API_FAILED', '<html>Sign in</html>'],
    ['a page of an error', text(404, 'text/html', '<h1>404</h1>'), 'KISEKI_API_FAILED', 'HTTP 404'],
    ['a gateway with nothing behind', text(502, 'text/html', 'Bad'), 'KISEKI_API_UNREACHABLE', 'HTTP 502'],
    [
      'a redirect',
      text(302, 'text/plain', '', { location: 'https://login' }),
      'KISEKI_API_FAILED',
      'https://login',
    ],
    ['JSON of something else', json({ hello: 'you' }), 'KISEKI_API_FAILED', 'no ConfigMap'],
    ['another object', json({ ...object, kind: 'Secret' }), 'KISEKI_API_FAILED', 'no ConfigMap'],
    ['a list', json([]), 'KISEKI_API_FAILED', 'no ConfigMap'],
    [
      'half an answer',
      response => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{')
        setImmediate(() => response.destroy())
      },
      'KISEKI_API_UNREACHABLE',
      'in the middle',
    ],
    ['no HTTP', response => response.socket?.end('SSH-2.0-OpenSSH\r\n\r\n'), 'KISEKI_API_FAILED', 'HTTP'],
    ['nothing', response => response.socket?.destroy(), 'KISEKI_API_UNREACHABLE', 'hang up'],
    [
      'bytes that are no text',
      response => response.end(Buffer.from([0x22, 0xff, 0x22])),
      'KISEKI_API_FAILED',
      'no text',
    ],
  ])('%s', async (_, answer, code, message) => {
    await open([answer])
    const error = await failure(client.get(CONFIG_MAPS, at))
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) })
    expect(error).toMatchObject({ message: expect.stringContaining(`${server.url} (the test)`) })
  })

  it('except for paths that an API server has not', async () => {
    await open([text(404, 'text/plain; charset=utf-8', '404 page not found\n')])
    await expect(client.list(CONFIG_MAPS)).rejects.toMatchObject({
      code: 'KISEKI_NOT_FOUND',
      message: 'the server could not find the requested resource',
    })
  })

  it('a closed port', async () => {
    await open([json(object)])
    await server.close()
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({
      code: 'KISEKI_API_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED/),
      remedy: expect.stringContaining('osm up'),
    })
  })

  it('a name that is not known', async () => {
    await open([json(object)], {}, { server: new URL('http://kube.invalid:1') })
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({
      code: 'KISEKI_API_UNREACHABLE',
      message: expect.stringContaining('kube.invalid'),
    })
  })

  it('silence', async () => {
    await open([() => undefined], { requestTimeoutMillis: 30 })
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({
      code: 'KISEKI_TIMEOUT',
      message: expect.stringContaining('GET /api/v1/namespaces/n/configmaps/c within 0.03 seconds'),
    })
  })

  it('silence after the head', async () => {
    await open([response => void response.write('{')], { requestTimeoutMillis: 100 })
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ code: 'KISEKI_TIMEOUT' })
  })
})

describe('credentials', () => {
  const unauthorized = status(401, 'Unauthorized', 'Unauthorized')

  it('go with each request', async () => {
    await open([json(object)], {}, tokens('t1'))
    await client.get(CONFIG_MAPS, at)
    expect(server.heard[0]?.headers.authorization).toBe('Bearer t1')
  })

  it('are renewed once when they are refused, also for what changes things', async () => {
    await open([unauthorized, json(object, 201), unauthorized], {}, tokens('t1', 't2', 't3', 't4'))
    await client.create(CONFIG_MAPS, object)
    expect(server.heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2'])
    expect(server.heard[1]?.body).toBe(server.heard[0]?.body)
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ reason: 'Unauthorized' })
    expect(server.heard).toHaveLength(4)
  })

  it('that stay the same are not sent twice', async () => {
    await open([unauthorized], {}, tokens('t1'))
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ reason: 'Unauthorized' })
    expect(server.heard).toHaveLength(1)
  })
})

describe('a server that asks for patience', () => {
  const busy = (seconds: string) =>
    json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'TooManyRequests', code: 429 }, 429, {
      'retry-after': seconds,
    })
  const waited: number[] = []
  const options: KubeHttpOptions = {
    wait: async millis => {
      waited.push(millis)
    },
  }

  it('is asked again after a while', async () => {
    waited.length = 0
    await open([busy('1'), text(503, 'text/plain', 'later', { 'retry-after': '2' }), json(object)], options)
    expect(await client.get(CONFIG_MAPS, at)).toEqual(object)
    expect(waited).toEqual([1000, 2000])
  })

  it('is not asked for ever', async () => {
    await open([busy('0')], options)
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ reason: 'TooManyRequests' })
    expect(server.heard).toHaveLength(6)
  })

  it('is not asked again for what changes things, nor after too long', async () => {
    await open([busy('0'), busy('3600')], options)
    await expect(client.create(CONFIG_MAPS, object)).rejects.toMatchObject({ reason: 'TooManyRequests' })
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({ reason: 'TooManyRequests' })
    expect(server.heard).toHaveLength(2)
  })
})

describe('a closed client', () => {
  it('breaks off what goes on, and begins nothing', async () => {
    const asked = Promise.withResolvers<void>()
    await open([() => asked.resolve()])
    const pending = failure(client.get(CONFIG_MAPS, at))
    await asked.promise
    await client.close()
    expect(await pending).toMatchObject({ code: 'KISEKI_API_UNREACHABLE' })
    await expect(client.get(CONFIG_MAPS, at)).rejects.toMatchObject({
      message: expect.stringContaining('closed'),
    })
    expect(server.heard).toHaveLength(1)
  })
})
