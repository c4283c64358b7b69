import type { KeyboardEvent, ReactElement } from 'react'
import type { JaegerReference } from '../../wire/jaeger-shapes.ts'
import { dateClockText } from '../clock-text.ts'
import { formatDuration } from '../duration.ts'
import { PlaceLink } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { ErrorMark } from '../parts/error-mark.tsx'
import { Facts } from '../parts/facts.tsx'
import { ServiceName } from '../parts/service-name.tsx'
import type { SpanRow, TraceView } from '../trace-rows.ts'
import { Section } from './section.tsx'
import css from './span-details.module.css'
import { SpanLogs } from './span-logs.tsx'
import { TagTable } from './tag-table.tsx'

export interface SpanDetailsProps {
  readonly row: SpanRow
  readonly view: TraceView
  readonly onClose: () => void
}

export function SpanDetails({ row, view, onClose }: SpanDetailsProps): ReactElement {
  const { span } = row
  const spanOf = (id: string): SpanRow | undefined => view.rows.find(each => each.span.spanID === id)
  const close = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
  }
  const warnings = span.warnings ?? []
  return (
    <aside className={css['details']} aria-label="Span details" onKeyDown={close}>
      <header className={css['head']}>
        <div className={css['title']}>
          <ServiceName service={row.service} />
          <h2>
            {row.error && <ErrorMark label="Error" />} {span.operationName}
          </h2>
        </div>
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      </header>
      <Facts
        facts={[
          { name: 'Starts at', value: formatDuration(row.offset) },
          { name: 'Duration', value: formatDuration(span.duration) },
          { name: 'Start', value: dateClockText(span.startTime) },
        ]}
      />
      {warnings.length > 0 && (
        <Section title="Warnings" count={warnings.length} tone="warn">
          <ul className={css['warnings']}>
            {warnings.map(warning => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Tags" count={span.tags.length}>
        <TagTable tags={span.tags} />
      </Section>
      <Section title="Process" count={row.process.tags.length}>
        <TagTable tags={row.process.tags} />
      </Section>
      <Section title="Logs" count={span.logs.length}>
        <SpanLogs span={span} />
      </Section>
      {span.references.length > 0 && (
        <Section title="References" count={span.references.length}>
          <ul className={css['references']}>
            {span.references.map(reference => (
              <li key={`${reference.refType} ${reference.traceID} ${reference.spanID}`}>
                <Reference reference={reference} here={spanOf(reference.spanID)} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Ids row={row} />
    </aside>
  )
}

interface ReferenceProps {
  readonly reference: JaegerReference
  /** The span, where it is of this trace. */
  readonly here: SpanRow | undefined
}

function Reference({ reference, here }: ReferenceProps): ReactElement {
  const { traceID: id, spanID: span, refType } = reference
  return (
    <>
      <span className={css['kind']}>{refType === 'CHILD_OF' ? 'Child of' : 'Follows from'}</span>{' '}
      <PlaceLink to={{ page: 'trace', id, span }}>
        {here ? `${here.service}: ${here.span.operationName}` : `span ${span}`}
      </PlaceLink>
    </>
  )
}

function Ids({ row }: { readonly row: SpanRow }): ReactElement {
  const ids = [
    ['Span ID', 'span ID', row.span.spanID],
    ['Trace ID', 'trace ID', row.span.traceID],
  ] as const
  return (
    <dl className={css['ids']}>
      {ids.map(([name, what, id]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{id}</code>
            <CopyButton text={id} what={what} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
