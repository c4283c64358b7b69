import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSpanId, parseTraceId } from '../model/ids.ts'
import { hexForm, readSpanId, readTraceId } from './hex.ts'

const nearlyHex = fc.string({
  unit: fc.constantFrom(...'0123456789abcdefABCDEF', '0', '0', 'g', 'G', '/', ':', '@', '`', ' ', 'é'),
  maxLength: 36,
})

describe('hex ids', () => {
  it('reads what the model reads, without a pattern', () => {
    fc.assert(
      fc.property(nearlyHex, text => {
        expect(readTraceId(text)).toBe(parseTraceId(text))
        expect(readSpanId(text)).toBe(parseSpanId(text))
      }),
    )
  })

  it.each([
    ['', 'none'],
    ['0000', 'zero'],
    ['00af', 'lower'],
    ['00aF', 'capital'],
    ['00ag', 'none'],
    ['0x1f', 'none'],
  ])('%j is %s', (text, form) => {
    expect(hexForm(text, 0, text.length)).toBe(form)
  })

  it('looks at nothing behind the text', () => {
    expect(hexForm('af', 0, 3)).toBe('none')
  })
})
