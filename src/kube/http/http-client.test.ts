import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../model/kubernetes.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { CONFIG_MAPS, NAMESPACES, PODS } from '../resources.ts'
import {
  type Answer,
  json,
  type ScriptedServer,
  startScriptedServer,
  status,
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
