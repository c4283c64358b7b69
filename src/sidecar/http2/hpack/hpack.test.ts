import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HpackDecoder } from './decoder.ts'
import { HpackEncoder } from './encoder.ts'
import { Field, fieldName, recurringField } from './field.ts'
import { FieldList } from './field-list.ts'
import { huffmanDecode, huffmanEncode, huffmanLength } from './huffman.ts'

type Line = readonly [name: string, value: string]

function decode(decoder: HpackDecoder, bytes: Buffer): readonly Line[] | 'malformed' {
  const list = new FieldList()
  if (!decoder.decode(bytes, 0, bytes.length, list)) return 'malformed'
  return linesOf(list)
}

function linesOf(list: FieldList): Line[] {
  return list.fields.slice(0, list.count).map(({ name, value }) => [name.text, value])
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

const request1: Line[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'www.example.com'],
]
const request2: Line[] = [...request1, ['cache-control', 'no-cache']]
const request3: Line[] = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/index.html'],
  [':authority', 'www.example.com'],
  ['custom-key', 'custom-value'],
]
const date = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'] as const
const location = ['location', 'https://www.example.com'] as const
const response1: Line[] = [[':status', '302'], ['cache-control', 'private'], date, location]

describe('examples of RFC 7541 appendix C', () => {
  it.each([
    ['C.2.1', '400a637573746f6d2d6b65790d637573746f6d2d686561646572', [['custom-key', 'custom-header']]],
    ['C.2.2', '040c2f73616d706c652f70617468', [[':path', '/sample/path']]],
    ['C.2.3', '100870617373776f726406736563726574', [['password', 'secret']]],
    ['C.2.4', '82', [[':method', 'GET']]],
  ])('%s: one field', (_, bytes, lines) => {
    expect(decode(new HpackDecoder(), hex(bytes))).toEqual(lines)
  })

  it.each([
    [
      'C.3: requests without Huffman code',
      [
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ],
    ],
    [
      'C.4: requests with it',
      [
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ],
    ],
  ])('%s', (_, blocks) => {
    const decoder = new HpackDecoder()
    expect(blocks.map(block => decode(decoder, hex(block)))).toEqual([request1, request2, request3])
  })

  it.each([
    [
      'C.5: responses, of which a table of 256 bytes loses some',
      [
        `4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54
         6e1768747470733a2f2f7777772e6578616d706c652e636f6d`,
        '4803333037c1c0bf',
      ],
    ],
    [
      'C.6: with Huffman code',
      [
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
        '4883640effc1c0bf',
      ],
    ],
  ])('%s', (_, blocks) => {
    const decoder = new HpackDecoder()
    // The table of the example has 256 bytes: a change of its size goes before.
    const [first = '', second = ''] = blocks
    expect(decode(decoder, Buffer.concat([hex('3fe101'), hex(first)]))).toEqual(response1)
    expect(decode(decoder, hex(second))).toEqual([[':status', '307'], ...response1.slice(1)])
  })
})

describe('malformed blocks', () => {
  it.each([
    ['an index of 0', '80'],
    ['an index beyond both tables', 'be'],
    ['a name beyond both tables', '7e0161'],
    ['an integer without an end', 'ffffffffffffffff'],
    ['an integer that is cut off', 'ff'],
    ['a text longer than the block', '4005616263'],
    ['a text that is missing', '400161'],
    ['the end mark of the Huffman code', '400161 84ffffffff'],
    ['padding of 8 bits', '400161 821fff'],
    ['padding with zeros', '400161 8118'],
    ['a table larger than allowed', '3fe21f'],
    ['a change of the table behind a field', '8220'],
  ])('%s is one', (_, bytes) => {
    expect(decode(new HpackDecoder(), hex(bytes))).toBe('malformed')
  })
})

describe('Huffman code', () => {
  it('gives every text back, in the length it said', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const text = Buffer.from(bytes).toString('latin1')
        const coded = Buffer.alloc(huffmanLength(text) + 1)
        const end = huffmanEncode(text, coded, 0)
        expect(end).toBe(huffmanLength(text))
        expect(huffmanDecode(coded, 0, end)).toBe(text)
      }),
    )
  })

  it('takes no byte string for what it is not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const coded = Buffer.from(bytes)
        const text = huffmanDecode(coded, 0, coded.length)
        if (text === undefined) return
        const again = Buffer.alloc(huffmanLength(text))
        huffmanEncode(text, again, 0)
        expect(again.equals(coded)).toBe(true)
      }),
    )
  })
})

const names = fc.constantFrom(
  'accept',
  'x-a',
  'x-b',
  'cookie',
  ':path',
  'content-length',
  'x-request-id',
  'x-long-name',
)
const values = fc.oneof(
  fc.constantFrom('', '1', 'a', 'text/html', 'gzip, deflate'),
  fc.string({ maxLength: 60 }).map(text => Buffer.from(text).toString('latin1')),
  fc.integer({ min: 500, max: 3000 }).map(length => 'v'.repeat(length)),
)
const hows = fc.constantFrom('recurs' as const, 'once' as const, 'secret' as const)
const blocks = fc.array(
  fc.record({
    limit: fc.option(fc.integer({ min: 0, max: 8192 }), { nil: undefined }),
    fields: fc.array(fc.tuple(names, values, hows), { maxLength: 12 }),
  }),
  { maxLength: 30 },
)

describe('an encoder', () => {
  it('is understood by a decoder, over many blocks and sizes of the table', () => {
    fc.assert(
      fc.property(blocks, many => {
        const encoder = new HpackEncoder()
        const decoder = new HpackDecoder()
        for (const { limit, fields } of many) {
          if (limit !== undefined) encoder.setLimit(limit)
          const made = fields.map(([name, value, how]) =>
            how === 'recurs'
              ? recurringField(fieldName(name), value)
              : new Field(fieldName(name), value, how),
          )
          const bytes = Buffer.alloc(16 + made.reduce((sum, { size }) => sum + size, 0))
          encoder.begin(bytes, 0)
          for (const field of made) encoder.write(field)
          const list = new FieldList()
          expect(decoder.decode(bytes, 0, encoder.at, list)).toBe(true)
          expect(linesOf(list)).toEqual(fields.map(([name, value]) => [name, value]))
          expect(list.fields.slice(0, list.count).map(({ secret }) => secret)).toEqual(
            fields.map(([, , how]) => how === 'secret'),
          )
        }
      }),
    )
  })

  it('writes what recurs in one byte the second time', () => {
    const encoder = new HpackEncoder()
    const bytes = Buffer.alloc(200)
    const field = recurringField(fieldName('x-color'), 'green')
    encoder.begin(bytes, 0)
    encoder.write(field)
    const first = encoder.at
    encoder.write(field)
    expect(encoder.at).toBe(first + 1)
  })
})

describe('a name whose values differ', () => {
  it('is written once, and its values never push out another', () => {
    const encoder = new HpackEncoder()
    const decoder = new HpackDecoder()
    const bytes = Buffer.alloc(200)
    const lengths: number[] = []
    for (let count = 0; count < 500; count++) {
      const id = String(count).padStart(32, '0')
      encoder.begin(bytes, 0)
      encoder.write(recurringField(fieldName('x-color'), 'green'))
      encoder.writeVarying(fieldName('x-b3-traceid'), id)
      const list = new FieldList()
      expect(decoder.decode(bytes, 0, encoder.at, list)).toBe(true)
      expect(linesOf(list)).toEqual([
        ['x-color', 'green'],
        ['x-b3-traceid', id],
      ])
      lengths.push(encoder.at)
    }
    // An index of one byte, one of two, a length, 32 digits.
    expect(new Set(lengths.slice(1))).toEqual(new Set([1 + 2 + 1 + 32]))
  })
})

describe('a list', () => {
  it('is not filled beyond its limits, however small the block that says it', () => {
    const decoder = new HpackDecoder()
    const bomb = Buffer.concat([hex('4001617f9d1e'), Buffer.alloc(3996, 'v'), Buffer.alloc(5000, 0xbe)])
    const list = new FieldList()
    expect(decoder.decode(bomb, 0, bomb.length, list)).toBe(true)
    expect(list.overflow).toBe('size')
    expect(list.count).toBeLessThan(20)
    const many = new FieldList()
    expect(decoder.decode(Buffer.alloc(1000, 0x82), 0, 1000, many)).toBe(true)
    expect([many.overflow, many.count]).toEqual(['count', 200])
  })
})
