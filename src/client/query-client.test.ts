import { describe, expect, it } from 'vitest'
import { micros, microsFromMillis } from '../model/micros.ts'
import type { Fetch } from './get-json.ts'
import { createQueryClient, type QueryServiceClient } from './query-client.ts'

interface Answer {
  readonly status?: number
  readonly body: unknown
}

/** A client whose server gives one answer, and the list of what it was asked. */
function clientOf(answer: Answer, baseUrl = 'http://tracing.example/base'): [QueryServiceClient, URL[]] {
  const asked: URL[] = []
  const fetch: Fetch = async url => {
    asked.push(url)
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    return new Response(text, { status: answer.status ?? 200 })
  }
  return [createQueryClient({ baseUrl, fetch }), asked]
}

const envelope = (data: unknown): Answer => ({
  body: { data, total: 0, limit: 0, offset: 0, errors: null },
})
const refusal = (status: number, msg: string): Answer => ({
  status,
  body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code: status, msg }] },
})
const span = {
  traceID: 'a1',
  spanID: 'b2',
  operationName: 'GET /books',
  references: [],
  startTime: 1_700_000_000_000_000,
  duration: 1500,
  tags: [{ key: 'n', type: 'int64', value: 1 }],
  logs: [],
  processID: 'p1',
  warnings: null,
}
const trace = {
  traceID: 'a1',
  spans: [span],
  processes: { p1: { serviceName: 'shop', tags: [] } },
  warnings: null,
}
const range = { from: micros(1_000_500), to: micros(3_000_200) }

describe('what is asked', () => {
  it('stays below the base URL', async () => {
    const [client, asked] = clientOf(envelope(['shop']))
    expect(await client.services()).toEqual(['shop'])
    expect(asked[0]?.href).toBe('http://tracing.example/base/api/services')
  })

  it('escapes the name of a service', async () => {
    const [client, asked] = clientOf(envelope(null))
    expect(await client.operations('a/b c')).toEqual([])
    expect(asked[0]?.pathname).toBe('/base/api/services/a%2Fb%20c/operations')
  })

  it('names in a search only what is sought', async () => {
    const [client, asked] = clientOf(envelope([]))
    await client.findTraces({ range, limit: 20 })
    expect(asked[0]?.search).toBe('?start=1000500&end=3000200&limit=20')
  })

  it('writes the whole search as the server reads it', async () => {
    const [client, asked] = clientOf(envelope([]))
    await client.findTraces({
      service: 'shop',
      operation: 'GET /books',
      tags: { error: 'true', 'http.url': 'a b' },
      minDuration: '1ms',
      maxDuration: '2s',
      range,
      limit: 5,
    })
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      service: 'shop',
      operation: 'GET /books',
      start: '1000500',
      end: '3000200',
      limit: '5',
      tags: '{"error":"true","http.url":"a b"}',
      minDuration: '1ms',
      maxDuration: '2s',
    })
  })

  it('asks for dependencies in milliseconds and loses nothing of the range', async () => {
    const [client, asked] = clientOf(envelope([{ parent: 'a', child: 'b', callCount: 3 }]))
    expect(await client.dependencies(range)).toEqual([{ parent: 'a', child: 'b', callCount: 3 }])
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ endTs: '3001', lookback: '2001' })
    await client.dependencies({ from: microsFromMillis(5), to: microsFromMillis(9) })
    expect(asked[1]?.search).toBe('?endTs=9&lookback=4')
  })
})

describe('what is answered', () => {
  it('is read as it is', async () => {
    const [client] = clientOf(envelope([trace]))
    expect(await client.getTrace('a1')).toEqual(trace)
  })

  it('may have null for empty lists, as Go prints them', async () => {
    const bare = { ...span, references: null, tags: null, logs: null }
    const [client] = clientOf(envelope([{ ...trace, spans: [bare], processes: null }]))
    expect(await client.getTrace('a1')).toEqual({ ...trace, spans: [{ ...span, tags: [] }], processes: {} })
  })

  it('keeps a tag value that is none of the format as JSON', async () => {
    const odd = { ...span, tags: [{ key: 'k', type: 'map', value: { a: 1 } }] }
    const [client] = clientOf(envelope([{ ...trace, spans: [odd] }]))
    expect((await client.getTrace('a1')).spans[0]?.tags).toEqual([
      { key: 'k', type: 'string', value: '{"a":1}' },
    ])
  })

  it('does not let a process id reach the prototype', async () => {
    const body = JSON.stringify({ data: [trace], errors: null }).replaceAll('"p1"', '"__proto__"')
    const [client] = clientOf({ body })
    const found = await client.getTrace('a1')
    expect(Object.entries(found.processes)).toEqual([['__proto__', trace.processes.p1]])
    expect(found.processes['toString']).toBeUndefined()
  })
})

describe('what goes wrong', () => {
  it.each([
    [400, 'KISEKI_QUERY_REFUSED', "unable to parse param 'start'"],
    [404, 'KISEKI_NOT_FOUND', 'trace not found'],
    [500, 'KISEKI_QUERY_FAILED', 'the disk is on fire'],
  ])("says the server's words of a %d", async (status, code, message) => {
    const [client] = clientOf(refusal(status, message))
    await expect(client.getTrace('a1')).rejects.toMatchObject({ code, message })
  })

  it('says the text of an error that is no JSON', async () => {
    const [client] = clientOf({ status: 502, body: 'bad gateway\n' })
    await expect(client.services()).rejects.toMatchObject({
      code: 'KISEKI_QUERY_FAILED',
      message: 'bad gateway',
    })
  })

  it('tells a web page from a query service', async () => {
    const [client] = clientOf({ body: '<!doctype html>' })
    await expect(client.services()).rejects.toMatchObject({ code: 'KISEKI_QUERY_FAILED' })
  })

  it('takes an answer without traces for one that is not found', async () => {
    const [client] = clientOf(envelope([]))
    await expect(client.getTrace('a1')).rejects.toMatchObject({ code: 'KISEKI_NOT_FOUND' })
  })

  it('names the place of what cannot be read', async () => {
    const [client] = clientOf(envelope([{ ...trace, spans: [{ ...span, startTime: '1' }] }]))
    await expect(client.getTrace('a1')).rejects.toMatchObject({
      code: 'KISEKI_QUERY_FAILED',
      message: 'the answer cannot be read: data[0].spans[0].startTime is not a number',
    })
  })

  it('says that nobody answers, and keeps the reason', async () => {
    const cause = new TypeError('fetch failed')
    const client = createQueryClient({
      baseUrl: 'http://127.0.0.1:1/',
      fetch: () => Promise.reject(cause),
    })
    await expect(client.services()).rejects.toMatchObject({
      code: 'KISEKI_UNREACHABLE',
      message: 'no answer from http://127.0.0.1:1: fetch failed',
      cause,
    })
  })

  it('gives the reason of an abort as it is', async () => {
    const client = createQueryClient({
      baseUrl: 'http://tracing.example',
      fetch: async (_url, init) => {
        init.signal?.throwIfAborted()
        return new Response('{}')
      },
    })
    const reason = new Error('gone elsewhere')
    await expect(client.services({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
