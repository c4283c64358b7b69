import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../model/kubernetes.ts'
import type { WatchEvent, WatchOptions } from '../client.ts'
import { createInformer } from '../informer.ts'
import { CONFIG_MAPS } from '../resources.ts'
import {
  type Answer,
  json,
  type ScriptedServer,
  startScriptedServer,
  status,
  text,
} from '../testing/scripted-server.ts'
import { createHttpKubeClient, type HttpKubeClient } from './http-client.ts'

const object = (name: string, resourceVersion = '1'): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', resourceVersion },
})
const line = (type: string, value: unknown) => `${JSON.stringify({ type, object: value })}\n`
const bookmark = (resourceVersion: string) =>
  line('BOOKMARK', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion } })
/** Sends the pieces, each by itself, and ends as a server does. */
const stream =
  (...pieces: readonly (string | Uint8Array)[]): Answer =>
  async response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (const piece of pieces) await new Promise(resolve => response.write(piece, resolve))
    response.end()
  }

let server: ScriptedServer
let client: HttpKubeClient
async function open(...script: readonly Answer[]): Promise<void> {
  server = await startScriptedServer(script)
  client = createHttpKubeClient(server.endpoint(), { watchSeconds: 60 })
}
afterEach(async () => {
  await client.close()
  await server.close()
})

async function watch(options: Partial<WatchOptions> = {}): Promise<readonly WatchEvent<ConfigMap>[]> {
  const events: WatchEvent<ConfigMap>[] = []
  const { signal } = new AbortController()
  for await (const event of client.watch(CONFIG_MAPS, { resourceVersion: '5', signal, ...options }))
    events.push(event)
  return events
}

describe('a watch over HTTP', () => {
  it('asks for what is selected, from a version on, with bookmarks and an end', async () => {
    await open(stream())
    expect(await watch({ namespace: 'n', labels: { app: 'a' } })).toEqual([])
    const [heard] = server.heard
    expect(heard?.path).toBe('/api/v1/namespaces/n/configmaps')
    expect(Object.fromEntries(heard?.query ?? [])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '60',
      resourceVersion: '5',
      labelSelector: 'app=a',
    })
  })

  it('tells events, however they are cut into pieces', async () => {
    const lines = Buffer.from(
      line('ADDED', object('ä')) + line('MODIFIED', object('b')) + line('DELETED', object('c')),
    )
    await open((response, heard) => {
      const cut = Number(heard.query.get('resourceVersion'))
      return stream(lines.subarray(0, cut), lines.subarray(cut))(response, heard)
    })
    const cuts = fc.integer({ min: 1, max: lines.length - 1 })
    await fc.assert(
      fc.asyncProperty(cuts, async cut => {
        expect(await watch({ resourceVersion: String(cut) })).toEqual([
          { type: 'ADDED', object: object('ä') },
          { type: 'MODIFIED', object: object('b') },
          { type: 'DELETED', object: object('c') },
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('says how far it is when nothing happened', async () => {
    await open(stream(line('ADDED', object('a')), bookmark('90')))
    const versions: string[] = []
    const events = await watch({ onBookmark: version => versions.push(version) })
    expect(events).toHaveLength(1)
    expect(versions).toEqual(['90'])
  })

  it('lets an informer go on from the bookmark', async () => {
    const list = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '5' }, items: [] }
    const resumed = Promise.withResolvers<string | null>()
    await open(json(list), stream(line('ADDED', object('a', '6')), bookmark('90')), (_, { query }) =>
      resumed.resolve(query.get('resourceVersion')),
    )
    const informer = createInformer(client, CONFIG_MAPS)
    expect(await resumed.promise).toBe('90')
    await informer.close()
  })

  it.each([
    ['at its beginning', status(410, 'Expired', 'too old resource version: 5 (9)')],
    [
      'later',
      stream(
        line('ADDED', object('a')) +
          line('ERROR', {
            kind: 'Status',
            apiVersion: 'v1',
            status: 'Failure',
            reason: 'Expired',
            code: 410,
            message: 'too old resource version: 5 (9)',
          }),
      ),
    ],
  ])('says so when it cannot go on: %s', async (_, answer) => {
    await open(answer)
    await expect(watch()).rejects.toMatchObject({
      code: 'KISEKI_GONE',
      message: 'too old resource version: 5 (9)',
    })
  })

  it('ends quietly when the connection breaks: the next one goes on', async () => {
    await open(response => {
      response.write(`${line('ADDED', object('a'))}{"type":"ADD`, () => response.destroy())
    })
    expect(await watch()).toEqual([{ type: 'ADDED', object: object('a') }])
  })

  it.each<[string, string | Uint8Array]>([
    ['is no JSON', 'hello\n'],
    ['is no event', '[]\n'],
    ['is an event of another kind', line('CHANGED', object('a'))],
    ['is about something else', line('ADDED', { ...object('a'), kind: 'Secret' })],
    ['has no object', '{"type":"ADDED"}\n'],
    ['is no text', Buffer.from([0x22, 0xff, 0x22, 0x0a])],
    ['stops in the middle', '{"type":"ADDED"'],
    ['is an error without Status', line('ERROR', { message: 'no' })],
  ])('refuses what %s', async (_, sent) => {
    await open(stream(sent))
    await expect(watch()).rejects.toMatchObject({ code: 'KISEKI_API_FAILED' })
  })

  it('refuses a page of a proxy', async () => {
    await open(text(200, 'text/html', '<html>\nSign in'))
    await expect(watch()).rejects.toMatchObject({ code: 'KISEKI_API_FAILED' })
  })

  it('passes over blank lines, and ends without a last line end', async () => {
    await open(stream(`\n${line('ADDED', object('a')).trimEnd()}`))
    expect(await watch()).toHaveLength(1)
  })

  it('ends quietly when it is aborted: before, while it is opened, while it waits, while it tells', async () => {
    const asked = Promise.withResolvers<void>()
    const told = Promise.withResolvers<void>()
    await open(
      () => asked.resolve(),
      response => {
        response.writeHead(200)
        response.write(bookmark('6'))
      },
      stream(line('ADDED', object('a')) + line('ADDED', object('b'))),
    )
    expect(await watch({ signal: AbortSignal.abort() })).toEqual([])
    expect(server.heard).toEqual([])

    const opening = new AbortController()
    const first = watch({ signal: opening.signal })
    await asked.promise
    opening.abort()
    expect(await first).toEqual([])

    const waiting = new AbortController()
    const second = watch({ signal: waiting.signal, onBookmark: () => told.resolve() })
    await told.promise
    waiting.abort()
    expect(await second).toEqual([])

    const telling = new AbortController()
    const events: string[] = []
    const options = { resourceVersion: '5', signal: telling.signal }
    for await (const event of client.watch(CONFIG_MAPS, options)) {
      events.push(event.object.metadata.name)
      telling.abort()
    }
    expect(events).toEqual(['a'])
  })

  it('closes its connection when nobody listens any more', async () => {
    const closed = Promise.withResolvers<void>()
    await open(response => {
      response.once('close', () => closed.resolve())
      response.write(line('ADDED', object('a')))
    })
    const { signal } = new AbortController()
    for await (const _ of client.watch(CONFIG_MAPS, { resourceVersion: '5', signal })) break
    await closed.promise
  })

  it('ends quietly when the client is closed', async () => {
    const asked = Promise.withResolvers<void>()
    await open(response => {
      response.writeHead(200).flushHeaders()
      asked.resolve()
    })
    const events = watch()
    await asked.promise
    await client.close()
    expect(await events).toEqual([])
  })

  it('hears where nobody is', async () => {
    await open(stream())
    await server.close()
    await expect(watch()).rejects.toMatchObject({ code: 'KISEKI_API_UNREACHABLE' })
  })
})
