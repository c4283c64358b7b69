import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../model/micros.ts'
import { LOOKBACKS, type Lookback } from './lookback.ts'
import { EMPTY_SEARCH, MAX_LIMIT, readSearch, type SearchState, writeSearch } from './search-state.ts'
import { type Place, placeUrl, readPlace } from './url.ts'

function read(url: string): Place {
  const { pathname, search } = new URL(url, 'http://host')
  return readPlace(pathname, search.slice(1))
}

const id = fc.stringMatching(/^[0-9a-zA-Z+/=_-]{1,24}$/)
const word = fc.string({ minLength: 1, unit: 'binary' }).filter(text => text.isWellFormed())
const lookback: fc.Arbitrary<Lookback> = fc.constantFrom(...LOOKBACKS, '3w', 'custom')
const time = fc.integer({ min: 0, max: 9_007_199_254_740 }).map(micros)
const tags = fc.dictionary(word, word)
const search: fc.Arbitrary<SearchState> = fc.record(
  {
    service: word.filter(text => text !== '__all_services__'),
    operation: word.filter(text => text !== 'all' && text !== '__all_operations__'),
    tags,
    lookback,
    range: fc.record({ from: time, to: time }),
    minDuration: word,
    maxDuration: word,
    limit: fc.integer({ min: 1, max: MAX_LIMIT }),
    cohort: fc.array(id),
  },
  { requiredKeys: ['tags', 'lookback', 'limit', 'cohort'] },
)
const place: fc.Arbitrary<Place> = fc.oneof(
  search.map((state): Place => ({ page: 'search', search: state })),
  fc.record({ page: fc.constant('trace' as const), id, span: word }, { requiredKeys: ['page', 'id'] }),
  fc.record(
    { page: fc.constant('compare' as const), a: id, b: id, cohort: fc.array(id) },
    { requiredKeys: ['page', 'cohort'] },
  ),
  fc.record(
    {
      page: fc.constant('dependencies' as const),
      lookback: lookback.filter(text => text !== 'custom'),
      focus: word,
    },
    { requiredKeys: ['page', 'lookback'] },
  ),
)

describe('a place and its address', () => {
  it('are one: what is written is read again', () => {
    fc.assert(
      fc.property(place, there => {
        expect(read(placeUrl(there))).toEqual(there)
      }),
    )
  })

  it('are short where nothing is chosen', () => {
    expect(placeUrl({ page: 'search', search: EMPTY_SEARCH })).toBe('/search')
    expect(placeUrl({ page: 'dependencies', lookback: '24h' })).toBe('/dependencies')
    expect(placeUrl({ page: 'compare', a: 'a1', cohort: [] })).toBe('/trace/a1...')
  })

  it('begin at home', () => {
    expect(read('/')).toEqual({ page: 'home' })
    expect(readPlace('', '')).toEqual({ page: 'home' })
  })

  it('say which address is none of ours', () => {
    expect(read('/nowhere')).toEqual({ page: 'unknown', path: '/nowhere' })
    expect(read('/trace/a1/more')).toMatchObject({ page: 'unknown' })
    expect(read('/trace')).toMatchObject({ page: 'unknown' })
  })

  it('survive an escape that is broken', () => {
    expect(readPlace('/trace/%E0%A4', '')).toEqual({ page: 'trace', id: '%E0%A4' })
  })
})

describe("addresses of Jaeger's page", () => {
  it('are read with everything that they say', () => {
    expect(
      read(
        '/search?service=shop&operation=GET%20%2Fbooks&tags=%7B%22error%22%3A%22true%22%7D&lookback=1h' +
          '&start=1700000000000000&end=1700003600000000&limit=5&minDuration=1ms&maxDuration=2s',
      ),
    ).toEqual({
      page: 'search',
      search: {
        service: 'shop',
        operation: 'GET /books',
        tags: { error: 'true' },
        lookback: '1h',
        range: { from: 1_700_000_000_000_000, to: 1_700_003_600_000_000 },
        limit: 5,
        minDuration: '1ms',
        maxDuration: '2s',
        cohort: [],
      },
    })
  })

  it('may name all services and all operations', () => {
    expect(readSearch(new URLSearchParams('service=__all_services__&operation=all'))).toEqual(EMPTY_SEARCH)
  })

  it('may have tags of the older form', () => {
    expect(readSearch(new URLSearchParams('tag=http.url:http://a:1&tag=error:true')).tags).toEqual({
      'http.url': 'http://a:1',
      error: 'true',
    })
  })

  it('may give a range without a lookback', () => {
    expect(readSearch(new URLSearchParams('start=1&end=2')).lookback).toBe('custom')
  })

  it.each([
    ['limit=0', { limit: 20 }],
    ['limit=9999999', { limit: MAX_LIMIT }],
    ['limit=x', { limit: 20 }],
    ['lookback=soon', { lookback: '1h' }],
    ['start=x&end=2', { lookback: '1h' }],
    ['tags=%7B', { tags: {} }],
    ['tags=%5B1%5D', { tags: {} }],
    ['tags=%7B%22n%22%3A1%7D', { tags: { n: '1' } }],
    ['service=a&service=b', { service: 'a' }],
  ])('are read as far as they make sense: %s', (query, expected) => {
    expect(readSearch(new URLSearchParams(query))).toMatchObject(expected)
  })

  it('keep the lookback beside a range', () => {
    const query = writeSearch({ ...EMPTY_SEARCH, range: { from: micros(1), to: micros(2) } })
    expect(query.toString()).toBe('lookback=1h&start=1&end=2')
  })
})
