import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLineReader } from './line-reader.ts'

describe('the line reader', () => {
  it('gives whole lines, however they come', () => {
    const line = fc.string().map(text => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
        const reader = createLineReader(10_000)
        const text = lines.map(each => `${each}\n`).join('')
        const read: string[] = []
        for (let at = 0; at < text.length; at += step) read.push(...reader.push(text.slice(at, at + step)))
        expect(read).toEqual(lines)
      }),
    )
  })

  it('does not grow without bound', () => {
    const reader = createLineReader(10)
    reader.push('12345')
    expect(() => reader.push('678901')).toThrow('10')
  })
})
