import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('writes and reads the vectors of RFC 4648: %j', (plain, encoded) => {
    expect(encodeBase64(bytesOf(plain))).toBe(encoded)
    expect(decodeBase64(encoded)).toEqual(bytesOf(plain))
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  it('reads without padding, and refuses what is not base64', () => {
    expect(decodeBase64('Zm8')).toEqual(bytesOf('fo'))
    expect(decodeBase64('Z')).toBeUndefined()
    expect(decodeBase64('Zm9=v')).toBeUndefined()
    expect(decodeBase64('Zm-_')).toBeUndefined()
  })
})
