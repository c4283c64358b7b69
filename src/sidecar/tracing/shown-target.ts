import type { QueryStrings } from '../../model/mesh-config.ts'

/** Makes of a target what may be shown of it. */
export type ShownTarget = (target: string) => string

/** OpenTelemetry's word for a value that is not told (semantic conventions, `url.query`). */
const REDACTED = 'REDACTED'
/** The value of a pair; a key without one is told. */
const VALUE = /=[^&]+/g

export function shownTargetBy(queryStrings: QueryStrings): ShownTarget {
  if (queryStrings === 'keep') return target => target
  return queryStrings === 'drop' ? withoutQuery : redacted
}

function withoutQuery(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function redacted(target: string): string {
  const query = target.indexOf('?')
  if (query < 0) return target
  return target.slice(0, query) + target.slice(query).replace(VALUE, `=${REDACTED}`)
}
