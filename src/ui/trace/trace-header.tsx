import type { ReactElement } from 'react'
import { dateClockText } from '../clock-text.ts'
import { formatWhole } from '../count-text.ts'
import { formatDuration } from '../duration.ts'
import { useEnvironment } from '../environment.ts'
import { PlaceLink } from '../navigation.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { type Fact, Facts } from '../parts/facts.tsx'
import { type TraceView, traceName } from '../trace-rows.ts'
import css from './trace-header.module.css'

export function TraceHeader({ view }: { readonly view: TraceView }): ReactElement {
  const { basePath } = useEnvironment()
  const { service, operation } = traceName(view)
  return (
    <header className={css['header']}>
      <div className={css['line']}>
        <h1 className={css['title']}>
          {service || 'no service name'}: <span>{operation}</span>
        </h1>
        <span className={css['id']}>
          <code>{view.traceId}</code>
          <CopyButton text={view.traceId} what="trace ID" />
        </span>
        <span className={css['links']}>
          <PlaceLink to={{ page: 'compare', a: view.traceId, cohort: [] }}>Compare with…</PlaceLink>
          <a href={`${basePath}/api/traces/${encodeURIComponent(view.traceId)}?prettyPrint=true`}>JSON</a>
        </span>
      </div>
      <Facts facts={traceFacts(view)} />
      {view.warnings.length > 0 && (
        <ul className={css['warnings']} aria-label="Warnings of the trace">
          {view.warnings.map(warning => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </header>
  )
}

/** What sums a trace up, in the order in which users of Jaeger know it. */
export function traceFacts(view: TraceView): readonly Fact[] {
  const facts: Fact[] = [
    { name: 'Trace Start', value: dateClockText(view.start) },
    { name: 'Duration', value: formatDuration(view.duration) },
    { name: 'Services', value: formatWhole(view.services.length) },
    { name: 'Depth', value: formatWhole(view.depth) },
    { name: 'Total Spans', value: formatWhole(view.rows.length) },
  ]
  if (view.errors > 0) facts.push({ name: 'Errors', value: formatWhole(view.errors), tone: 'error' })
  if (view.orphans > 0)
    facts.push({ name: 'Spans without their parent', value: formatWhole(view.orphans), tone: 'warn' })
  return facts
}
