import { describe, expect, it } from 'vitest'
import { micros } from '../../model/micros.ts'
import { EMPTY_SEARCH, type SearchState } from '../search-state.ts'
import { draftOf, type SearchDraft, searchOf } from './search-draft.ts'

const now = micros(1_700_000_000_000_000)
const HOUR = 3_600_000_000
const draft = draftOf(EMPTY_SEARCH, now)
const change = (changes: Partial<SearchDraft>): SearchDraft => ({ ...draft, ...changes })

describe('the form of a search', () => {
  it('begins with everything of the last hour', () => {
    expect(searchOf(draft, now)).toEqual({
      status: 'ready',
      search: { ...EMPTY_SEARCH, range: { from: now - HOUR, to: now } },
    })
  })

  it('means what is typed', () => {
    const typed = change({
      service: 'shop',
      operation: 'GET /books',
      tags: 'error=true',
      lookback: '5m',
      minDuration: ' 1ms ',
      maxDuration: '2s',
      limit: '50',
    })
    expect(searchOf(typed, now)).toEqual({
      status: 'ready',
      search: {
        service: 'shop',
        operation: 'GET /books',
        tags: { error: 'true' },
        lookback: '5m',
        range: { from: now - HOUR / 12, to: now },
        minDuration: '1ms',
        maxDuration: '2s',
        limit: 50,
        cohort: [],
      },
    })
  })

  it('shows the search of an address, and means it again', () => {
    const search: SearchState = {
      ...EMPTY_SEARCH,
      service: 'shop',
      tags: { 'http.url': 'a b' },
      lookback: 'custom',
      range: { from: micros(now - HOUR), to: now },
    }
    expect(searchOf(draftOf(search, now), now)).toEqual({ status: 'ready', search })
  })

  it('has no operation without a service', () => {
    expect(searchOf(change({ operation: 'GET /books' }), now)).toMatchObject({
      status: 'ready',
      search: expect.not.objectContaining({ operation: expect.anything() }),
    })
  })

  it.each([
    ['tags', { tags: 'error' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: 'many' }],
    ['limit', { limit: '9999' }],
    ['minDuration', { minDuration: '1' }],
    ['maxDuration', { maxDuration: 'long' }],
    ['from', { lookback: 'custom', from: '' }],
    ['to', { lookback: 'custom', to: draft.from }],
  ])('says what is unclear in %s', (field, changes) => {
    expect(searchOf(change(changes), now)).toEqual({
      status: 'unclear',
      problems: { [field]: expect.any(String) },
    })
  })
})
