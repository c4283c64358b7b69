import type { ReactElement } from 'react'
import type { JaegerSpan } from '../../wire/jaeger-shapes.ts'
import { formatDuration } from '../duration.ts'
import css from './span-details.module.css'
import { TagTable } from './tag-table.tsx'

/** The events of a span in time order, each with how long after the start of the span it was. */
export function SpanLogs({ span }: { readonly span: JaegerSpan }): ReactElement {
  const logs = span.logs.toSorted((left, right) => left.timestamp - right.timestamp)
  return (
    <ol className={css['logs']}>
      {logs.map((log, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the logs of a span never change places
        <li key={place}>
          <span className={css['when']}>{formatDuration(log.timestamp - span.startTime)}</span>
          <TagTable tags={log.fields} />
        </li>
      ))}
    </ol>
  )
}
