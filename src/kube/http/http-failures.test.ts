import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../model/kubernetes.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { CONFIG_MAPS, DEPLOYMENTS } from '../resources.ts'
import {
  type Answer,
  json,
  type ScriptedServer,
  startScriptedServer,
  status,
  text,
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
