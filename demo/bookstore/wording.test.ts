import { describe, expect, it } from 'vitest'
import { errorText } from './error-text.ts'
import { headerText } from './header-text.ts'
import { pageOf } from './page.ts'
import { NO_BOOKS, versionOf, withBook } from './tally.ts'
import { TRACING_HEADERS, tracingHeadersOf } from './tracing-headers.ts'

describe('header text', () => {
  it('looks as it does in the log of the original', () => {
    expect(headerText({})).toBe('map[]')
    expect(headerText({ 'user-agent': 'Go-http-client/1.1', 'client-app': 'bookbuyer' })).toBe(
      'map[Client-App:[bookbuyer] User-Agent:[Go-http-client/1.1]]',
    )
  })
})

describe('error text', () => {
  it('finds the innermost reason', () => {
    expect(errorText(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).toBe(
      'connect ECONNREFUSED',
    )
    expect(errorText(new AggregateError([new Error('first'), new Error('second')]))).toBe('first')
    expect(errorText('odd')).toBe('odd')
  })
})

describe('tracing headers', () => {
  it('are the six of the original, and only those that are there', () => {
    expect(TRACING_HEADERS.map(name => name.toLowerCase())).toEqual([
      'x-ot-span-context',
      'x-request-id',
      'uber-trace-id',
      'x-b3-traceid',
      'x-b3-spanid',
      'x-b3-parentspanid',
    ])
    expect(
      tracingHeadersOf({ 'x-b3-traceid': 'abc', 'x-b3-sampled': '1', cookie: 'c', 'x-request-id': '' }),
    ).toEqual({
      'x-b3-traceid': 'abc',
    })
  })
})

describe('tally', () => {
  it('counts by the version that the identity begins with', () => {
    expect(['bookstore-v1', 'bookstore-v2.east', 'bookstore', 'n/a'].map(versionOf)).toEqual([
      'v1',
      'v2',
      undefined,
      undefined,
    ])
    expect(withBook(withBook(NO_BOOKS, 'v1'), 'v2')).toEqual({ total: 2, v1: 1, v2: 1 })
  })
})

describe('page', () => {
  const content = {
    title: 'Bookbuyer',
    identity: '<b>',
    figures: [{ label: 'Books', value: 7 }],
    now: new Date(0),
  }

  it('shows the figures and lets nobody inject markup', () => {
    const html = pageOf(content)
    expect(html).toContain('<dd>7</dd>')
    expect(html).toContain('&lt;b&gt;')
    expect(html).not.toContain('http-equiv')
  })

  it('loads itself again, but never the page that resets', () => {
    expect(pageOf({ ...content, refreshSeconds: 2 })).toContain(
      '<meta http-equiv="refresh" content="2; url=./">',
    )
  })
})
