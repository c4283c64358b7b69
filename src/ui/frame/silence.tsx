import { type QueryCache, useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useCallback, useSyncExternalStore } from 'react'
import { isUnreachable } from '../query-defaults.ts'
import css from './silence.module.css'

/** Says, beside what is shown, that it may be old: the server is asked for news and does not answer. */
export function Silence(): ReactElement {
  const cache = useQueryClient().getQueryCache()
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache])
  const silent = useSyncExternalStore(subscribe, () => isSilent(cache))
  return (
    <p role="status" className={css['silence']}>
      {silent && 'The server does not answer. What is shown may be old; it is asked again every two seconds.'}
    </p>
  )
}

/** Where something cannot be shown at all, it says so itself. */
function isSilent(cache: QueryCache): boolean {
  const unanswered = cache
    .getAll()
    .filter(query => query.isActive() && isUnreachable(query.state.fetchFailureReason))
  return unanswered.length > 0 && unanswered.every(query => query.state.data !== undefined)
}
