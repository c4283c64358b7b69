import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyFraming } from './body-framing.ts'

function chunked(parts: readonly Uint8Array[], trailers = ''): Buffer {
  const chunks = parts.flatMap(part => [`${part.length.toString(16)};note=x;b;c="a \\" ;"\r\n`, part, '\r\n'])
  return Buffer.concat([...chunks, `0\r\n${trailers}\r\n`].map(part => Buffer.from(part as string)))
}

/** Gives the bytes piece by piece; says where the body ended in the whole. */
function follow(framing: BodyFraming, bytes: Buffer, cuts: readonly number[]): number {
  const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, bytes.length]) {
    if (to === from) continue
    const piece = bytes.subarray(from, to)
    const end = framing.consume(piece, 0)
    if (framing.done || framing.bad) return from + end
    expect(end).toBe(piece.length)
    from = to
  }
  return from
}

const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 })
const cuts = fc.array(fc.nat(), { maxLength: 30 })
const rest = fc.uint8Array({ maxLength: 20 })

describe('a chunked body', () => {
  it('ends where it ends, however it comes and whatever is behind it', () => {
    fc.assert(
      fc.property(parts, cuts, rest, fc.boolean(), (content, places, behind, trailed) => {
        const body = chunked(content, trailed ? 'X-Sum: 1\r\nX-B: two words\r\n' : '')
        const framing = new BodyFraming()
        framing.startChunked()
        expect(follow(framing, Buffer.concat([body, behind]), places)).toBe(body.length)
        expect(framing.done).toBe(true)
        expect(framing.payload).toBe(content.reduce((sum, part) => sum + part.length, 0))
      }),
    )
  })

  it('cut short is not done', () => {
    fc.assert(
      fc.property(parts, fc.nat(), (content, cut) => {
        const body = chunked(content)
        const framing = new BodyFraming()
        framing.startChunked()
        framing.consume(body.subarray(0, cut % body.length), 0)
        expect(framing.done || framing.bad).toBe(false)
      }),
    )
  })

  it('with very long extensions or trailers is given up', () => {
    for (const text of [`5;${'a'.repeat(20_000)}`, `0\r\nX: ${'a'.repeat(20_000)}`]) {
      const framing = new BodyFraming()
      framing.startChunked()
      framing.consume(Buffer.from(text), 0)
      expect(framing.bad).toBe(true)
    }
  })
})

describe('a body of known length', () => {
  it('ends where it ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), cuts, rest, (content, places, behind) => {
        const framing = new BodyFraming()
        framing.startLength(content.length)
        const all = Buffer.concat([content, behind])
        expect(framing.done ? 0 : follow(framing, all, places)).toBe(content.length)
        expect(framing.done).toBe(true)
        expect(framing.payload).toBe(content.length)
      }),
    )
  })
})
