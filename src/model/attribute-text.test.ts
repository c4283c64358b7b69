import { describe, expect, it } from 'vitest'
import { attributeJson, attributeText } from './attribute-text.ts'
import type { AttributeValue } from './attributes.ts'

describe('attributeText', () => {
  it.each<[AttributeValue, string]>([
    ['as it is', 'as it is'],
    [true, 'true'],
    [9223372036854775807n, '9223372036854775807'],
    [72.5, '72.5'],
    [500, '500'],
    [new Uint8Array([1, 2, 3]), 'AQID'],
    [['a', 1n, false], '["a",1,false]'],
    [
      new Map<string, AttributeValue>([
        ['b', [1.5]],
        ['a', new Uint8Array([0])],
      ]),
      '{"a":"AA==","b":[1.5]}',
    ],
  ])('%s', (value, text) => {
    expect(attributeText(value)).toBe(text)
  })

  it('quotes what JSON cannot say as a number', () => {
    expect(attributeJson([Number.NaN, Number.POSITIVE_INFINITY])).toBe('["NaN","Infinity"]')
  })
})
