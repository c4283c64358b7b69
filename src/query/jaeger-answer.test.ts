import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../runtime/http-exchange.ts'
import { answerTraces } from './jaeger-answer.ts'

const MEBIBYTE = 1024 * 1024
const text = JSON.stringify('x'.repeat(MEBIBYTE))

function requestOf(query: string): HttpRequest {
  return {
    method: 'GET',
    params: {},
    path: '/api/traces',
    query: new URLSearchParams(query),
    headers: {},
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    body: async () => ({ status: 'aborted' }),
  }
}

/** Many texts of a mebibyte, and how many of them were made and whether the maker was told to end. */
function manyTexts(count: number) {
  const seen = { made: 0, ended: false }
  async function* make(): AsyncGenerator<string, void> {
    try {
      while (seen.made < count) {
        seen.made++
        yield text
      }
    } finally {
      seen.ended = true
    }
  }
  return { seen, texts: make() }
}

function piecesOf({ body }: HttpResponse): AsyncIterable<string | Uint8Array> {
  if (typeof body !== 'object' || body instanceof Uint8Array) throw new Error('the answer is in one piece')
  return body
}

describe('an answer of more than is kept in memory', () => {
  it.each(['', 'prettyPrint=true'])('is made while it is read: %j', async query => {
    const { seen, texts } = manyTexts(40)
    const answer = await answerTraces(requestOf(query), texts, [])
    expect(seen.made).toBeLessThan(20)
    let all = ''
    for await (const piece of piecesOf(answer)) all += piece
    const envelope = { data: Array(40).fill(JSON.parse(text)), total: 0, limit: 0, offset: 0, errors: null }
    expect(all).toBe(JSON.stringify(envelope, undefined, query === '' ? undefined : 4))
    expect(seen).toEqual({ made: 40, ended: true })
  })

  it('is made no further when the reader goes', async () => {
    const { seen, texts } = manyTexts(40)
    for await (const _ of piecesOf(await answerTraces(requestOf(''), texts, []))) break
    expect(seen.ended).toBe(true)
    expect(seen.made).toBeLessThan(20)
  })
})
