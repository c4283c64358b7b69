import { type Micros, micros, type TimeRange } from '../../model/micros.ts'
import { inputTime, parseInputTime } from '../clock-text.ts'
import { isDuration } from '../duration.ts'
import { formatLogfmt, parseLogfmt, type Tags } from '../logfmt.ts'
import { DEFAULT_LOOKBACK, lookbackRange, parseLookback } from '../lookback.ts'
import { MAX_LIMIT, rangeOf, type SearchState } from '../search-state.ts'

/** The fields of the form, as they are typed. Empty means any. */
export interface SearchDraft {
  readonly service: string
  readonly operation: string
  readonly tags: string
  readonly lookback: string
  /** Used when `lookback` is `custom`. */
  readonly from: string
  readonly to: string
  readonly minDuration: string
  readonly maxDuration: string
  readonly limit: string
}

export type Problems = Readonly<Partial<Record<keyof SearchDraft, string>>>

export type DraftOutcome =
  | { readonly status: 'ready'; readonly search: SearchState }
  | { readonly status: 'unclear'; readonly problems: Problems }

export function draftOf(search: SearchState, now: Micros): SearchDraft {
  const range = rangeOf(search, now)
  return {
    service: search.service ?? '',
    operation: search.operation ?? '',
    tags: formatLogfmt(search.tags),
    lookback: search.lookback,
    from: inputTime(range.from),
    to: inputTime(range.to),
    minDuration: search.minDuration ?? '',
    maxDuration: search.maxDuration ?? '',
    limit: String(search.limit),
  }
}

/** The search that a draft means now. Its range is fixed, so that its address shows everybody the same. */
export function searchOf(draft: SearchDraft, now: Micros): DraftOutcome {
  const problems: Growing = {}
  const tags = readTags(draft.tags, problems)
  const range = readRange(draft, now, problems)
  const limit = Number(draft.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    problems.limit = `A whole number from 1 to ${MAX_LIMIT}`
  }
  const minDuration = readDuration(draft, 'minDuration', problems)
  const maxDuration = readDuration(draft, 'maxDuration', problems)
  if (Object.keys(problems).length > 0) return { status: 'unclear', problems }
  const search = {
    ...(draft.service === '' ? {} : { service: draft.service }),
    ...(draft.service === '' || draft.operation === '' ? {} : { operation: draft.operation }),
    ...(minDuration === '' ? {} : { minDuration }),
    ...(maxDuration === '' ? {} : { maxDuration }),
    tags,
    lookback: parseLookback(draft.lookback) ?? DEFAULT_LOOKBACK,
    range,
    limit,
    cohort: [],
  }
  return { status: 'ready', search }
}

type Growing = Partial<Record<keyof SearchDraft, string>>

function readTags(text: string, problems: Growing): Tags {
  const outcome = parseLogfmt(text)
  if (outcome.status === 'read') return outcome.tags
  problems.tags = outcome.message
  return {}
}

function readDuration(draft: SearchDraft, key: 'minDuration' | 'maxDuration', problems: Growing): string {
  const text = draft[key].trim()
  if (text !== '' && !isDuration(text)) problems[key] = 'Such as 1.2s, 100ms, 500us'
  return text
}

function readRange(draft: SearchDraft, now: Micros, problems: Growing): TimeRange {
  const lookback = parseLookback(draft.lookback) ?? DEFAULT_LOOKBACK
  if (lookback !== 'custom') return lookbackRange(lookback, now)
  const from = parseInputTime(draft.from)
  const to = parseInputTime(draft.to)
  if (from === undefined) problems.from = 'A date and a time'
  if (to === undefined) problems.to = 'A date and a time'
  else if (from !== undefined && from >= to) problems.to = 'Must be later than the start'
  return { from: micros(from ?? now), to: micros(to ?? now) }
}
