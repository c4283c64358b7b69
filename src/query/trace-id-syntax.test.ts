import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTraceIdText } from './trace-id-syntax.ts'

const idOf = (text: string): string | undefined => {
  const parsed = parseTraceIdText(text)
  return parsed.status === 'read' ? parsed.traceId : undefined
}

describe('trace ids in requests', () => {
  it('are hex digits of any case and length', () => {
    expect(idOf('Ff')).toBe('000000000000000000000000000000ff')
    expect(idOf('0123456789abcdef0123456789ABCDEF')).toBe('0123456789abcdef0123456789abcdef')
    for (const text of ['', '0', 'xyz!', 'f'.repeat(33)]) expect(idOf(text)).toBeUndefined()
  })

  it('are base64 of either alphabet, with and without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), bytes => {
        const hex = Buffer.from(bytes).toString('hex')
        const base64 = Buffer.from(bytes).toString('base64')
        const isZero = bytes.every(byte => byte === 0)
        for (const text of [base64, base64.replace('==', ''), Buffer.from(bytes).toString('base64url')]) {
          // What is all hex digits is read as hex.
          if (!/^[0-9a-fA-F]+$/.test(text)) expect(idOf(text)).toBe(isZero ? undefined : hex)
        }
      }),
    )
    expect(idOf(Buffer.from('00000000000000ff', 'hex').toString('base64'))).toBe(
      '000000000000000000000000000000ff',
    )
  })
})
