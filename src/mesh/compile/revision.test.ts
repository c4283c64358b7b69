import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, fnv1a64, printHash } from './revision.ts'

describe('fnv1a64', () => {
  // The test vectors of the draft.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of %j is %s', (text, hash) => {
    expect(printHash(fnv1a64(text))).toBe(hash)
  })

  it('is what bigints give', () => {
    const ascii = fc.string({ unit: 'binary-ascii' })
    fc.assert(
      fc.property(ascii, text => {
        let hash = 0xcbf29ce484222325n
        for (const character of text)
          hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n)
        expect(printHash(fnv1a64(text))).toBe(hash.toString(16).padStart(16, '0'))
      }),
    )
  })
})

describe('fnv1a64 in parts', () => {
  it('is that of the whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, rest) => {
        expect(fnv1a64(rest, fnv1a64(first))).toEqual(fnv1a64(first + rest))
      }),
    )
  })
})

describe('canonicalJson', () => {
  it('is JSON of the same value, in ASCII', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 3 }), value => {
        const text = canonicalJson(value)
        expect(text).toMatch(/^[ -~]*$/)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('does not depend on the order of keys, nor on fields that are undefined', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: 'é' })).toBe('{"a":"\\u00e9","b":[1,{"d":1}]}')
  })
})
