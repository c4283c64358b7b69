import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLogfmt, parseLogfmt } from './logfmt.ts'

describe('logfmt', () => {
  it.each([
    ['', {}],
    ['error=true', { error: 'true' }],
    ['  error=true   http.status_code=503 ', { error: 'true', 'http.status_code': '503' }],
    ['http.url="a b"', { 'http.url': 'a b' }],
    ['q="say \\"hi\\" \\\\ bye"', { q: 'say "hi" \\ bye' }],
    ['empty=', { empty: '' }],
    ['url=http://a?b=c', { url: 'http://a?b=c' }],
    ['a=1 a=2', { a: '2' }],
  ])('reads %j', (text, tags) => {
    expect(parseLogfmt(text)).toEqual({ status: 'read', tags })
  })

  it.each(['error', '=x', 'a="b', 'a="b"c', 'a=1 b c=2'])('refuses %j and says where', text => {
    expect(parseLogfmt(text)).toMatchObject({ status: 'malformed', message: expect.stringContaining('“') })
  })

  it('writes what it reads', () => {
    const key = fc.stringMatching(/^[^\s="]+$/)
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), tags => {
        expect(parseLogfmt(formatLogfmt(tags))).toEqual({ status: 'read', tags: { ...tags } })
      }),
    )
  })
})
