import { constants, createDeflate, createInflate, deflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeaderDeflater, HeaderInflater, MOST_HEADER_BYTES } from './spdy-compression.ts'
import { MOST_CONTROL_BYTES, SpdyDecoder } from './spdy-decoder.ts'
import { SPDY_DICTIONARY, SPDY_DICTIONARY_ID } from './spdy-dictionary.ts'
import { SpdyEncoder } from './spdy-encoder.ts'
import type { SpdyFrame } from './spdy-frame.ts'
import { decodeHeaders, encodeHeaders } from './spdy-headers.ts'

const streamId = fc.integer({ min: 0, max: 0x7fffffff })
const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const headerName = fc.string({ minLength: 1, maxLength: 20 }).map(name => name.toLowerCase())
const headers = fc
  .uniqueArray(fc.tuple(headerName, fc.string({ unit: 'binary', maxLength: 40 })), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 12,
  })
  .map(pairs => new Map(pairs))
const fin = fc.boolean()

const frame: fc.Arbitrary<SpdyFrame> = fc.oneof(
  fc.record({
    type: fc.constant('syn-stream' as const),
    streamId,
    fin,
    unidirectional: fc.boolean(),
    headers,
  }),
  fc.record({ type: fc.constantFrom('syn-reply' as const, 'headers' as const), streamId, fin, headers }),
  fc.record({ type: fc.constant('rst-stream' as const), streamId, status: uint32 }),
  fc.record({
    type: fc.constant('settings' as const),
    entries: fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 0xffffff }),
        flags: fc.integer({ min: 0, max: 255 }),
        value: uint32,
      }),
      { maxLength: 5 },
    ),
  }),
  fc.record({ type: fc.constant('ping' as const), id: uint32 }),
  fc.record({ type: fc.constant('goaway' as const), lastStreamId: streamId, status: uint32 }),
  fc.record({
    type: fc.constant('window-update' as const),
    streamId,
    delta: fc.integer({ min: 0, max: 0x7fffffff }),
  }),
  fc.record({
    type: fc.constant('data' as const),
    streamId,
    fin,
    bytes: fc.uint8Array({ maxLength: 3_000 }).map(bytes => Buffer.from(bytes)),
  }),
)

/** Cuts at the places, which repeat until the end. */
function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    parts.push(bytes.subarray(at, at + size))
    at += size
  }
  return parts
}

/** The parts of one data frame together again: two frames of which the first has no fin cannot be told apart. */
function joined(frames: readonly SpdyFrame[]): readonly SpdyFrame[] {
  const whole: SpdyFrame[] = []
  for (const each of frames) {
    const last = whole.at(-1)
    const continues =
      each.type === 'data' && last?.type === 'data' && !last.fin && last.streamId === each.streamId
    if (continues) whole[whole.length - 1] = { ...each, bytes: Buffer.concat([last.bytes, each.bytes]) }
    else whole.push(each)
  }
  return whole
}

function decodeAll(parts: readonly Buffer[]): readonly SpdyFrame[] {
  const decoder = new SpdyDecoder()
  return parts.flatMap(part => [...decoder.decode(part)])
}

function controlHead(type: number, length: number, version = 3): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(0x8000 | version, 0)
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(length, 5, 3)
  return head
}

describe('SPDY frames', () => {
  test('are the same after encoding and decoding, however the bytes are cut', () => {
    void fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
        (frames, sizes) => {
          const encoder = new SpdyEncoder()
          const bytes = Buffer.concat(frames.map(each => encoder.encode(each)))
          expect(joined(decodeAll(cut(bytes, sizes)))).toEqual(joined(frames))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('never make the decoder throw anything but a bad request', () => {
    void fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 4 }), chunks => {
        try {
          decodeAll(chunks.map(chunk => Buffer.from(chunk)))
        } catch (error) {
          expect(error).toMatchObject({ code: 'KISEKI_BAD_REQUEST' })
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of unknown control types are passed over', () => {
    const ping = new SpdyEncoder().encode({ type: 'ping', id: 7 })
    const unknown = Buffer.concat([controlHead(10, 3), Buffer.alloc(3)])
    expect(decodeAll([Buffer.concat([unknown, ping])])).toEqual([{ type: 'ping', id: 7 }])
  })

  test('that are too long, too short or of another version are refused before they are gathered', () => {
    expect(() => decodeAll([controlHead(1, MOST_CONTROL_BYTES + 1)])).toThrow(
      'a control frame of 65537 bytes',
    )
    expect(() => decodeAll([controlHead(6, 4, 2)])).toThrow('version 2 where 3 was expected')
    expect(() => decodeAll([Buffer.concat([controlHead(3, 4), Buffer.alloc(4)])])).toThrow('too short')
    expect(() => decodeAll([Buffer.concat([controlHead(4, 4), Buffer.from([0, 0, 0, 1])])])).toThrow(
      'SETTINGS',
    )
  })
})

describe('SPDY headers', () => {
  test('have the dictionary of the specification, told by its checksum', () => {
    expect(SPDY_DICTIONARY).toHaveLength(1423)
    expect(deflateSync('', { dictionary: SPDY_DICTIONARY }).readUInt32BE(2)).toBe(SPDY_DICTIONARY_ID)
  })

  test('can be inflated by an ordinary zlib stream', async () => {
    const inflate = createInflate({ dictionary: SPDY_DICTIONARY })
    const deflater = new HeaderDeflater()
    for (const value of ['first', 'second', 'x'.repeat(40_000), 'last']) {
      const plain = encodeHeaders(new Map([['streamtype', value]]))
      const chunks: Buffer[] = []
      inflate.on('data', chunk => chunks.push(chunk))
      await new Promise(resolve => inflate.write(deflater.deflate(plain), resolve))
      expect(Buffer.concat(chunks)).toEqual(plain)
      inflate.removeAllListeners('data')
    }
    inflate.destroy()
  })

  test('of an ordinary zlib stream can be inflated, past the reach of its window', async () => {
    for (const options of [{ dictionary: SPDY_DICTIONARY }, {}]) {
      const deflate = createDeflate(options)
      const inflater = new HeaderInflater()
      for (let turn = 0; turn < 30; turn++) {
        const plain = encodeHeaders(new Map([['requestid', `${turn}${'abcdefgh'.repeat(turn * 30)}`]]))
        const chunks: Buffer[] = []
        deflate.on('data', chunk => chunks.push(chunk))
        deflate.write(plain)
        await new Promise<void>(resolve => deflate.flush(constants.Z_SYNC_FLUSH, resolve))
        deflate.removeAllListeners('data')
        expect(inflater.inflate(Buffer.concat(chunks))).toEqual(plain)
      }
      deflate.destroy()
    }
  })

  test('that grow out of proportion are refused', () => {
    const bomb = new HeaderDeflater().deflate(Buffer.alloc(40 * MOST_HEADER_BYTES))
    expect(bomb.length).toBeLessThan(5_000)
    expect(() => new HeaderInflater().inflate(bomb)).toThrow('cannot be inflated')
  })

  test('of another dictionary, of no zlib or of garbage are refused', () => {
    const other = deflateSync('x', { dictionary: Buffer.from('another') })
    expect(() => new HeaderInflater().inflate(other)).toThrow('names a dictionary other than that of SPDY/3')
    expect(() => new HeaderInflater().inflate(Buffer.from('GET /'))).toThrow('is not zlib')
    expect(() => new HeaderInflater().inflate(Buffer.alloc(1))).toThrow('too short')
    expect(() => new HeaderInflater().inflate(Buffer.from([0x78, 0x01, 0xff]))).toThrow('cannot be inflated')
  })

  test('are refused when lengths do not add up or names repeat', () => {
    const good = encodeHeaders(new Map([['a', 'b']]))
    expect(() => decodeHeaders(good.subarray(0, -1))).toThrow('ends too early')
    expect(() => decodeHeaders(Buffer.concat([good, Buffer.alloc(1)]))).toThrow('after the last pair')
    expect(() => decodeHeaders(Buffer.from([0, 0, 2, 0]))).toThrow('has 512 names')
    const twice = Buffer.concat([Buffer.from([0, 0, 0, 2]), good.subarray(4), good.subarray(4)])
    expect(() => decodeHeaders(twice)).toThrow('comes twice')
    const hostile = decodeHeaders(encodeHeaders(new Map([['__proto__', 'x']])))
    expect(hostile.get('__proto__')).toBe('x')
  })
})
