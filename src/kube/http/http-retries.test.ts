import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../model/kubernetes.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { CONFIG_MAPS } from '../resources.ts'
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
