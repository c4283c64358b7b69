import { readFile, stat } from 'node:fs/promises'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ClusterUnderTest, openCluster } from './cluster.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Asked {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

let cluster: ClusterUnderTest
let port: number
let ca: string
let token: string

beforeAll(async () => {
  cluster = await openCluster()
  port = Number(new URL(cluster.cluster.apiUrl).port)
  const { clusters, users } = parse(await readFile(cluster.kubeconfig, 'utf8'))
  ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString()
  token = users[0].user.token
})
afterAll(() => cluster?.close())

/** Nothing is added to the headers but what Node must. */
function ask(path: string, { method = 'GET', headers = {}, body = '' }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        path,
        method,
        ca,
        agent: false,
        headers: { ...headers },
      },
      response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const bearer = () => ({ authorization: `Bearer ${token}` })
const send = (body: string, type = 'application/json', path = CONFIG_MAPS): Promise<Answer> =>
  ask(path, { method: 'POST', headers: { ...bearer(), 'content-type': type }, body })

function canConnect(host: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

describe('the API of a machine', () => {
  it('lets nobody in without a token, and says so as Kubernetes does', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Basic ${btoa('a:b')}` },
    ]) {
      const { status, body } = await ask('/api/v1/pods', { headers })
      expect(status).toBe(401)
      expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 })
    }
    expect((await ask(`/api/v1/pods?token=${token}`)).status).toBe(401)
    expect((await ask('/version')).status).toBe(401)
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok' })
  })

  it('answers to its own names alone', async () => {
    for (const host of [
      'evil.example',
      'evil.example:443',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ])
      expect((await ask('/api', { headers: { ...bearer(), host } })).status, host).toBe(403)
    for (const host of ['localhost', `127.0.0.1:${port}`, 'kubernetes.default.svc'])
      expect((await ask('/api', { headers: { ...bearer(), host } })).status, host).toBe(200)
    expect((await ask('/readyz', { headers: { host: 'evil.example' } })).status).toBe(403)
  })

  it('is reached from this machine alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap(addresses => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others) expect(await canConnect(address), address).toBe(false)
    expect(await canConnect('127.0.0.2')).toBe(false)
    expect(await canConnect('127.0.0.1')).toBe(true)
  })

  it('keeps its token to its owner', async () => {
    expect((await stat(cluster.kubeconfig)).mode & 0o777).toBe(0o600)
  })

  it('tells pages of others nothing', async () => {
    const origin = 'https://evil.example'
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask('/api', {
        method,
        headers: { ...bearer(), origin, 'access-control-request-method': 'GET' },
      })
      expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('takes no more than it can hold', async () => {
    const large = await send(JSON.stringify({ data: { a: 'x'.repeat(3 * 1024 * 1024) } }))
    expect(large.status).toBe(413)
    expect(JSON.parse(large.body)).toMatchObject({ reason: 'RequestEntityTooLarge' })
  })

  it.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['an object with deep data', `{"data":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`],
  ])('refuses %s that are nested too deep', async (_, body) => {
    for (const type of ['application/json', 'application/yaml'])
      expect((await send(body, type)).status, type).toBe(400)
    const patched = await ask(`${CONFIG_MAPS}/kube-root-ca.crt`, {
      method: 'PATCH',
      headers: { ...bearer(), 'content-type': 'application/merge-patch+json' },
      body,
    })
    expect(patched.status).toBe(400)
    expect((await ask('/readyz')).status).toBe(200)
  })

  it('refuses YAML that makes much of little', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const above = level === 0 ? '"lol"' : `*l${level - 1}`
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => above).join(',')}]`
    })
    expect((await send(levels.join('\n'), 'application/yaml')).status).toBe(400)
  })

  it('keeps its own objects clean of what a body calls its members', async () => {
    const metadata = '"metadata":{"name":"polluter","labels":{"a":"b"},"__proto__":{"polluted":"yes"}}'
    for (const body of [
      `{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},${metadata}}`,
      `{${metadata},"data":{"__proto__":"yes","constructor":"yes"}}`,
    ])
      await send(body)
    const patches = {
      'application/merge-patch+json':
        '{"__proto__":{"polluted":"yes"},"metadata":{"labels":{"__proto__":"x"}}}',
      'application/strategic-merge-patch+json': '{"data":{"__proto__":"yes"},"__proto__":{"polluted":"yes"}}',
      'application/json-patch+json':
        '[{"op":"add","path":"/__proto__/polluted","value":"yes"},{"op":"add","path":"/constructor/prototype/polluted","value":"yes"}]',
      'application/apply-patch+yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: polluter}\n__proto__: {polluted: "yes"}\ndata: {__proto__: "yes"}\n',
    }
    for (const [type, body] of Object.entries(patches)) {
      const { status } = await ask(`${CONFIG_MAPS}/polluter?fieldManager=x`, {
        method: 'PATCH',
        headers: { ...bearer(), 'content-type': type },
        body,
      })
      expect(status, type).toBeLessThan(500)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect((await ask(CONFIG_MAPS, { headers: bearer() })).status).toBe(200)
  })

  it('answers what makes no sense as a client error', async () => {
    for (const [path, status] of [
      ['/api/v1/pods?labelSelector=a%20b%20c', 400],
      ['/api/v1/pods?fieldSelector=nope=1', 400],
      ['/api/v1/namespaces/%E0%A4%A/pods', 404],
      ['/api/v1/pods?watch=true&resourceVersion=abc', 400],
      ['/nothing', 404],
    ] as const)
      expect((await ask(path, { headers: bearer() })).status, path).toBe(status)
    expect((await send('{"not json')).status).toBe(400)
    expect((await send('[]')).status).toBe(400)
    expect((await send('<a/>', 'text/xml')).status).toBe(415)
    expect((await ask('/api/v1/pods', { headers: { ...bearer(), accept: 'text/xml' } })).status).toBe(406)
  })
})
