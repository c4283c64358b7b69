import { describe, expect, it } from 'vitest'
import type { Attribute } from '../../model/attributes.ts'
import type { Span } from '../../model/span.ts'
import { decoded, zipkinSpan } from '../span-store-fixture.contract.ts'
import { AttributePool } from './attribute-pool.ts'
import { SpanPacker } from './span-packer.ts'
import { TextPool } from './text-pool.ts'

const attribute = (key: string, value: Attribute['value']): Attribute => ({ key, value })

describe('the pool of attributes', () => {
  it('gives one object for equal attributes', () => {
    const pool = new AttributePool()
    const first = pool.share(attribute('http.method', 'GET'))
    expect(pool.share(attribute('http.method', 'GET'))).toBe(first)
    expect(pool.share(attribute('http.method', 'PUT'))).not.toBe(first)
    expect(pool.share(attribute('rpc.method', 'GET'))).not.toBe(first)
  })

  it('leaves alone what is no text, or long', () => {
    const pool = new AttributePool()
    for (const value of [true, 5n, 'x'.repeat(129)]) {
      const [one, two] = [attribute('key', value), attribute('key', value)]
      expect([pool.share(one), pool.share(two)]).toEqual([one, two])
      expect(pool.share(two)).toBe(two)
    }
  })

  it('stops asking for a key whose values do not repeat, and tries it again later', () => {
    const pool = new AttributePool()
    let used = 0
    const isShared = (): boolean => {
      const [one, two] = [attribute('url', `/item/${++used}`), attribute('url', `/item/${used}`)]
      pool.share(one)
      return pool.share(two) === one
    }
    expect(isShared()).toBe(true)
    for (let i = 0; i < 300; i++) pool.share(attribute('url', `/item/${++used}`))
    expect(isShared()).toBe(false)
    for (let i = 0; i < 8192; i++) pool.share(attribute('url', `/item/${++used}`))
    expect(isShared()).toBe(true)
  })

  it('forgets what nobody asks for, and keeps what is asked for', () => {
    const pool = new AttributePool()
    const kept = pool.share(attribute('kept', 'value'))
    const lost = pool.share(attribute('lost', 'value'))
    for (let i = 0; i < 100_000; i++) {
      // Each value twice, so that the keys are worth asking.
      pool.share(attribute(`key ${i % 50}`, `value ${i >> 1}`))
      pool.share(attribute(`key ${i % 50}`, `value ${i >> 1}`))
      if (i % 100 === 0) expect(pool.share(attribute('kept', 'value'))).toBe(kept)
    }
    expect(pool.share(attribute('lost', 'value'))).not.toBe(lost)
  })
})

describe('the packer of spans', () => {
  const pack = (packer: SpanPacker, span: Span | undefined) => {
    if (span === undefined) throw new Error('No span.')
    return packer.pack(span, span.traceId)
  }
  const source = {
    ...zipkinSpan({
      service: 'a-service-of-some-length',
      tags: { 'http.url': 'https://shop.example/', error: 'no' },
    }),
    localEndpoint: { serviceName: 'a-service-of-some-length', ipv4: '10.100.200.1', port: 80 },
    remoteEndpoint: { serviceName: 'another-service', ipv6: '2001:db8::1' },
    annotations: [{ timestamp: 5, value: 'something happened' }],
  }

  it('makes an equal span', () => {
    const packer = new SpanPacker(new TextPool(100))
    for (let i = 0; i < 2; i++) {
      const [span] = decoded([source])
      expect(pack(packer, span).span).toEqual(span)
    }
  })

  it('counts what a span shares with those before once', () => {
    const packer = new SpanPacker(new TextPool(100))
    const [first, second] = [pack(packer, decoded([source])[0]), pack(packer, decoded([source])[0])]
    expect(second.bytes).toBeLessThan(first.bytes)
    expect(second.bytes).toBeGreaterThan(300)
    expect(second.span.resource).toBe(first.span.resource)
    expect(second.span.attributes[0]).toBe(first.span.attributes[0])
  })

  it('counts long values in full, each time', () => {
    const packer = new SpanPacker(new TextPool(100))
    const [long] = decoded([zipkinSpan({ tags: { log: 'x'.repeat(10_000) } })])
    for (let i = 0; i < 3; i++) expect(pack(packer, long).bytes).toBeGreaterThan(10_000)
  })
})
