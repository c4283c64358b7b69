import { describe, expect, it } from 'vitest'
import type { Micros } from '../model/micros.ts'
import type { HttpResponse } from '../runtime/http-exchange.ts'
import { createRouter } from '../runtime/http-router.ts'
import { createLogger } from '../runtime/logger.ts'
import { createMemorySpanStore } from '../storage/memory/memory-span-store.ts'
import type { SpanStore } from '../storage/span-store.ts'
import { NOW, traceId, write, zipkinSpan } from '../storage/span-store-fixture.contract.ts'
import { standardAdjusters } from '../trace/adjust/standard-adjusters.ts'
import type { JaegerEnvelope, JaegerTrace } from '../wire/jaeger-shapes.ts'
import { jaegerRoutes } from './jaeger-routes.ts'

const clock = {
  now: () => (NOW + 1_000_000) as Micros,
  monotonic: () => 0 as Micros,
  wallAt: () => NOW as Micros,
}
const lines: string[] = []
const logger = createLogger({ component: 'test', write: line => lines.push(line) })

function api(store: SpanStore) {
  const route = createRouter(jaegerRoutes({ store, adjust: standardAdjusters(), clock, logger }))
  return async (target: string): Promise<HttpResponse & { readonly body: string }> => {
    const url = new URL(target, 'http://host')
    const found = route('GET', url.pathname)
    if (found.status !== 'found') throw new Error(found.status)
    const response = await found.handle({
      method: 'GET',
      params: found.params,
      path: url.pathname,
      query: url.searchParams,
      headers: {},
      clientAddress: '127.0.0.1',
      signal: new AbortController().signal,
      body: async () => ({ status: 'aborted' }),
    })
    return { ...response, body: String(response.body) }
  }
}

async function filled() {
  const store = createMemorySpanStore({ maxBytes: 1 << 28, maxTraces: 0, clock })
  await write(store, [
    zipkinSpan({
      trace: 1,
      id: 1,
      name: 'get',
      kind: 'CLIENT',
      duration: 900,
      tags: { 'http.method': 'GET' },
    }),
    zipkinSpan({
      trace: 1,
      id: 1,
      service: 'stock/eu',
      name: 'get',
      kind: 'SERVER',
      start: NOW + 100,
      shared: true,
    }),
    zipkinSpan({
      trace: 2,
      id: 3,
      name: 'put',
      kind: 'SERVER',
      start: NOW + 500,
      tags: { a: 'b:c', error: 'true' },
    }),
  ])
  await write(store, [
    { ...zipkinSpan({ id: 9, start: NOW - 86_400_000_000 * 3 }), traceId: '00000000000000ff' },
  ])
  return { store, get: api(store) }
}

const envelope = (data: unknown, total = 0) => ({ data, total, limit: 0, offset: 0, errors: null })

async function tracesOf(response: Promise<{ readonly body: string }>): Promise<readonly string[]> {
  const { data } = JSON.parse((await response).body) as JaegerEnvelope<readonly JaegerTrace[]>
  return data.map(trace => trace.traceID)
}

describe('the classic API, services and operations', () => {
  it('lists services', async () => {
    const { get } = await filled()
    const response = await get('/api/services')
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(response.body).toBe('{"data":["shop","stock/eu"],"total":2,"limit":0,"offset":0,"errors":null}')
  })

  it('lists operations of a service by name, also one with a slash', async () => {
    const { get } = await filled()
    expect(JSON.parse((await get('/api/services/shop/operations')).body)).toEqual(envelope(['get', 'put'], 2))
    expect(JSON.parse((await get('/api/services/stock%2Feu/operations')).body)).toEqual(envelope(['get'], 1))
    expect(JSON.parse((await get('/api/services/nobody/operations')).body)).toEqual(envelope([], 0))
  })

  it('lists operations with their kinds', async () => {
    const { get } = await filled()
    const all = [
      { name: 'get', spanKind: '' },
      { name: 'get', spanKind: 'client' },
      { name: 'put', spanKind: 'server' },
    ]
    const listed = JSON.parse((await get('/api/operations?service=shop')).body)
    expect(listed.total).toBe(3)
    expect(listed.data).toEqual(expect.arrayContaining(all))
    const server = JSON.parse((await get('/api/operations?service=shop&spanKind=server')).body)
    expect(server).toEqual(envelope([{ name: 'put', spanKind: 'server' }], 1))
    expect(await get('/api/operations')).toMatchObject({ status: 400 })
  })

  it('lists who calls whom', async () => {
    const { get } = await filled()
    const links = [{ parent: 'shop', child: 'stock/eu', callCount: 1 }]
    expect(JSON.parse((await get('/api/dependencies')).body)).toEqual(envelope(links))
    const endTs = (NOW + 1000) / 1000
    const asked = async (query: string) => JSON.parse((await get(`/api/dependencies?${query}`)).body).data
    expect(await asked(`endTs=${endTs}&lookback=1000`)).toEqual(links)
    expect(await asked(`endTs=${endTs - 3_600_000}&lookback=1000`)).toEqual([])
    expect(await asked('service=stock%2Feu')).toEqual(links)
    expect(await asked('service=nobody')).toEqual([])
    expect((await get('/api/dependencies?endTs=x')).body).toContain(
      `unable to parse param 'endTs': strconv.ParseInt: parsing \\"x\\": invalid syntax`,
    )
  })
})

describe('the classic API, one trace', () => {
  it('is adjusted, or raw where that is wanted', async () => {
    const { get } = await filled()
    const spansOf = async (target: string) => {
      const body = JSON.parse((await get(target)).body) as JaegerEnvelope<readonly JaegerTrace[]>
      expect(body).toMatchObject({ total: 0, limit: 0, offset: 0, errors: null })
      expect(body.data).toHaveLength(1)
      return body.data[0]?.spans.map(span => span.spanID) ?? []
    }
    const adjusted = await spansOf(`/api/traces/${traceId(1)}`)
    expect(new Set(adjusted).size).toBe(2)
    const raw = await spansOf(`/api/traces/${traceId(1)}?raw=true&prettyPrint=true`)
    expect(new Set(raw).size).toBe(1)
  })

  it('is found by its id in any form', async () => {
    const { get } = await filled()
    for (const id of ['ff', 'FF', '00000000000000000000000000000FF']) {
      expect(await tracesOf(get(`/api/traces/${id}`))).toEqual(['00000000000000ff'])
    }
  })

  it('is refused as Jaeger refuses it', async () => {
    const { get } = await filled()
    const missing = await get('/api/traces/1234')
    expect(missing).toEqual({
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
      body: '{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":404,"msg":"trace not found"}]}\n',
    })
    expect(await get('/api/traces/not-an-id!')).toMatchObject({ status: 400 })
    expect(await get(`/api/traces/${traceId(1)}?raw=maybe`)).toMatchObject({ status: 400 })
    expect((await get('/api/traces/ff?start=1.5')).body).toContain("unable to parse param 'start'")
  })

  it('is printed with four spaces where that is wanted', async () => {
    const { get } = await filled()
    for (const target of [
      `/api/traces/${traceId(1)}`,
      '/api/traces',
      '/api/traces?service=nobody',
      '/api/services',
    ]) {
      const sign = target.includes('?') ? '&' : '?'
      const plain = (await get(target)).body
      const pretty = (await get(`${target}${sign}prettyPrint=true`)).body
      expect(pretty).toBe(JSON.stringify(JSON.parse(plain), undefined, '    '))
      expect((await get(`${target}${sign}prettyPrint=false`)).body).toBe(plain)
    }
  })
})

describe('the classic API, a search', () => {
  it('asks for what its parameters say', async () => {
    const { get } = await filled()
    const found = async (query: string) => {
      const ids = await tracesOf(get(`/api/traces?${query}`))
      return ids.map(id => [traceId(1), traceId(2)].map(String).indexOf(id) + 1)
    }
    expect(await found('service=shop')).toEqual([2, 1])
    expect(await found('')).toEqual([2, 1])
    expect(await found('service=shop&limit=1')).toEqual([2])
    expect(await found('service=shop&operation=get')).toEqual([1])
    expect(await found('service=shop&tag=http.method:GET')).toEqual([1])
    expect(await found('service=shop&tag=a:b:c&tag=error:true')).toEqual([2])
    expect(await found(`service=shop&tags=${encodeURIComponent('{"a":"b:c","error":"true"}')}`)).toEqual([2])
    expect(await found('service=shop&minDuration=0.9ms')).toEqual([1])
    expect(await found('service=shop&minDuration=901us')).toEqual([])
    expect(await found('service=shop&maxDuration=100us&minDuration=0s')).toEqual([2])
    expect(await found(`service=shop&start=${NOW + 1}`)).toEqual([2])
    expect(await found(`service=shop&end=${NOW + 1}`)).toEqual([1])
    expect(await found(`service=shop&start=0&end=${NOW - 1}&lookback=custom`)).toEqual([0])
    expect(await found('service=stock%2Feu&lookback=1h')).toEqual([1])
  })

  it('goes until the last moment that there is', async () => {
    const { get } = await filled()
    const ids = await tracesOf(
      get('/api/traces?service=shop&start=-9223372036854775808&end=9223372036854775807'),
    )
    expect(ids).toHaveLength(3)
  })

  it('takes the names that stand for none, as they are shown', async () => {
    const store = createMemorySpanStore({ maxBytes: 1 << 28, maxTraces: 0, clock })
    const get = api(store)
    await write(store, [zipkinSpan({ trace: 1, service: 'shop', name: 'get' })])
    expect((await get('/api/services')).body).toContain('"data":["shop"]')
    await write(store, [zipkinSpan({ trace: 2, service: '', name: '' })])
    expect((await get('/api/services')).body).toContain('"data":["missing-service-name","shop"]')
    const names = '/api/services/missing-service-name/operations'
    expect((await get(names)).body).toContain('"data":["empty-span-name"]')
    const operations = '/api/operations?service=missing-service-name'
    expect((await get(operations)).body).toContain('[{"name":"empty-span-name","spanKind":""}]')
    const search = '/api/traces?service=missing-service-name'
    expect(await tracesOf(get(search))).toEqual([traceId(2)])
    expect(await tracesOf(get(`${search}&operation=empty-span-name`))).toEqual([traceId(2)])
    expect(await tracesOf(get(`${search}&operation=get`))).toEqual([])
    expect(await tracesOf(get('/api/traces?operation=empty-span-name'))).toEqual([traceId(2)])
  })

  it('finds a service that is really called like none', async () => {
    const store = createMemorySpanStore({ maxBytes: 1 << 28, maxTraces: 0, clock })
    const get = api(store)
    await write(store, [zipkinSpan({ trace: 1, service: 'missing-service-name' })])
    await write(store, [zipkinSpan({ trace: 2, service: '' })])
    expect((await get('/api/services')).body).toContain('"data":["missing-service-name"]')
    expect(await tracesOf(get('/api/traces?service=missing-service-name'))).toEqual([traceId(1)])
  })

  it('gives complete traces', async () => {
    const { get } = await filled()
    const body = JSON.parse((await get('/api/traces?service=stock%2Feu')).body)
    expect(body.data[0].spans).toHaveLength(2)
    expect(body).toMatchObject({ total: 0, limit: 0, offset: 0, errors: null })
    expect((await get('/api/traces?service=nobody')).body).toBe(
      '{"data":[],"total":0,"limit":0,"offset":0,"errors":null}',
    )
  })

  it('looks several ids up, and says which of them are missing', async () => {
    const { get } = await filled()
    const body = JSON.parse((await get(`/api/traces?traceID=ff&traceID=1234&traceID=${traceId(2)}`)).body)
    expect(body.data.map((trace: JaegerTrace) => trace.traceID)).toEqual(['00000000000000ff', traceId(2)])
    expect(body.errors).toEqual([{ msg: 'trace not found', traceID: '0000000000001234' }])
    expect(await tracesOf(get('/api/traces?traceID=ff&limit=0'))).toEqual(['00000000000000ff'])
  })

  it.each([
    ['start=x', `unable to parse param 'start': strconv.ParseInt: parsing "x": invalid syntax`],
    ['end=1.5', `unable to parse param 'end': strconv.ParseInt: parsing "1.5": invalid syntax`],
    ['end=9223372036854775808', 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
    [`end=${'9'.repeat(30)}`, `strconv.ParseInt: parsing "${'9'.repeat(30)}": value out of range`],
    ['raw=yes', `unable to parse param 'raw': strconv.ParseBool: parsing "yes": invalid syntax`],
    ['tag=nocolon', "malformed 'tag' parameter, expecting key:value, received: nocolon"],
    ['tags=nojson', "malformed 'tags' parameter, cannot unmarshal JSON: "],
    ['tags={"a":1}', "malformed 'tags' parameter, cannot unmarshal JSON: "],
    ['tags=[]', "malformed 'tags' parameter, cannot unmarshal JSON: "],
    ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['limit=4294967296', 'value out of range'],
    ['limit=0', 'search depth must be greater than 0'],
    ['minDuration=5', `unable to parse param 'minDuration': time: missing unit in duration "5"`],
    ['maxDuration=x', `unable to parse param 'maxDuration': time: invalid duration "x"`],
    ['minDuration=2s&maxDuration=1s', "'maxDuration' should be greater than 'minDuration'"],
    ['traceID=z', 'cannot parse traceID param: '],
  ])('refuses %s in the words of Jaeger', async (query, message) => {
    const { get } = await filled()
    const response = await get(`/api/traces?service=shop&${query}`)
    expect(response.status).toBe(400)
    expect(response.headers?.['content-type']).toBe('text/plain; charset=utf-8')
    const { errors } = JSON.parse(response.body)
    expect(errors).toEqual([{ code: 400, msg: expect.stringContaining(message) }])
  })

  it('answers 500 in the envelope when the store fails', async () => {
    const { store } = await filled()
    const get = api(Object.assign(store, { findTraces: () => Promise.reject(new Error('disk gone')) }))
    const response = await get('/api/traces')
    expect(response.status).toBe(500)
    expect(JSON.parse(response.body).errors).toEqual([{ code: 500, msg: 'disk gone' }])
    expect(lines.join()).toContain('disk gone')
  })
})
