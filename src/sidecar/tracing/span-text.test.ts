import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../../model/micros.ts'
import { configOf } from '../testing/rig.ts'
import { asciiJson } from './latin1-text.ts'
import type { SpanFacts } from './span-facts.ts'
import { createSpanPrinter } from './span-text.ts'

const { identity } = configOf({}, 1)
const print = createSpanPrinter('CLIENT', identity)

const FACTS: SpanFacts = {
  traceId: '463ac35c9f6413ad48485a3953bb6124',
  spanId: 'a2fb4a1d1a96d312',
  parentId: undefined,
  shared: false,
  debug: false,
  name: '"GET /"',
  start: micros(1_700_000_000_000_001),
  duration: micros(7),
  host: 'a:1',
  target: '/',
  method: 'GET',
  protocol: 'HTTP/1.1',
  callTags: '',
  status: 200,
  requestBytes: 0,
  responseBytes: 12,
  cluster: '"ns/svc|1"',
  peer: '"10.0.0.1:1"',
  remoteService: '',
  remoteAddress: '10.0.0.1',
  remotePort: 1,
  requestId: 'r',
  userAgent: 'u',
  headerTags: '',
  error: '',
}

/** What came as UTF-8, as a head has it. */
const latin1 = fc.string({ unit: 'binary' }).map(text => Buffer.from(text.toWellFormed()).toString('latin1'))
const decoded = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

describe('the text of a span', () => {
  it('is JSON that says what it was given, whatever that is', () => {
    fc.assert(
      fc.property(
        latin1,
        latin1,
        latin1,
        latin1,
        latin1,
        fc.boolean(),
        (target, host, userAgent, requestId, error, flag) => {
          const facts = {
            ...FACTS,
            target,
            host,
            userAgent,
            requestId,
            error,
            shared: flag,
            debug: !flag,
            name: asciiJson(decoded(target)),
          }
          const { tags, ...span } = JSON.parse(print(facts)) as {
            tags: Record<string, string>
            [key: string]: unknown
          }
          expect(span).toEqual({
            traceId: FACTS.traceId,
            id: FACTS.spanId,
            kind: 'CLIENT',
            name: decoded(target),
            timestamp: FACTS.start,
            duration: 7,
            localEndpoint: { serviceName: 'shop', ipv4: '127.0.0.1' },
            ...(flag ? { shared: true } : { debug: true }),
            remoteEndpoint: { ipv4: '10.0.0.1', port: 1 },
          })
          expect(tags['http.url']).toBe(`http://${decoded(host)}${decoded(target)}`)
          expect(tags['user_agent'] ?? '').toBe(decoded(userAgent))
          expect(tags['guid:x-request-id'] ?? '').toBe(decoded(requestId))
          expect(tags['error'] ?? '').toBe(decoded(error))
        },
      ),
    )
  })

  it('does not mix up exchanges that differ in little', () => {
    const others: Partial<SpanFacts>[] = [
      { status: 500 },
      { host: 'b:1' },
      { method: 'PUT' },
      { name: '"PUT /"' },
      { cluster: '"ns/other|1"' },
      { peer: '"10.0.0.2:1"' },
      { remoteAddress: '10.0.0.2' },
      { remoteService: 'api' },
      { remotePort: 2 },
      { userAgent: 'v' },
    ]
    for (const other of others) {
      const fresh = createSpanPrinter('CLIENT', identity)
      print(FACTS)
      expect(print({ ...FACTS, ...other })).toBe(fresh({ ...FACTS, ...other }))
      expect(print(FACTS)).toBe(createSpanPrinter('CLIENT', identity)(FACTS))
    }
  })

  it('leaves out what is not known', () => {
    const bare = {
      ...FACTS,
      status: 0,
      cluster: '',
      peer: '',
      remoteAddress: '',
      remotePort: 0,
      requestId: '',
      userAgent: '',
    }
    const span = JSON.parse(print(bare)) as { tags: Record<string, string> }
    expect(span).not.toHaveProperty('remoteEndpoint')
    expect(Object.keys(span.tags).sort()).toEqual([
      'component',
      'http.method',
      'http.protocol',
      'http.url',
      'k8s.namespace.name',
      'k8s.pod.name',
      'node_id',
      'request_size',
      'response_size',
    ])
  })

  it('knows parents, IPv6 and hosts beyond the mesh', () => {
    const six = createSpanPrinter('SERVER', { ...identity, address: 'fe80::1' })
    const facts = {
      ...FACTS,
      parentId: '1111111111111111',
      remoteService: 'api.example',
      remoteAddress: '::2',
    }
    expect(JSON.parse(six(facts))).toMatchObject({
      kind: 'SERVER',
      parentId: '1111111111111111',
      localEndpoint: { ipv6: 'fe80::1' },
      remoteEndpoint: { serviceName: 'api.example', ipv6: '::2', port: 1 },
    })
  })
})
