import { type ReactElement, useMemo } from 'react'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { LOOKBACKS, type Lookback, lookbackLabel, parseLookback } from '../lookback.ts'
import { useGo } from '../navigation.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { textWidth } from '../parts/text-width.ts'
import { useMedia, WIDE } from '../parts/use-media.ts'
import { WaitingForSpans } from '../parts/waiting-for-spans.tsx'
import { useDependencies, useServices } from '../queries.ts'
import type { DependenciesPlace } from '../url.ts'
import css from './dependencies-page.module.css'
import { FocusPanel } from './focus-panel.tsx'
import { layoutGraph } from './graph-layout.ts'
import { LinkTable } from './link-table.tsx'
import { ServiceGraph } from './service-graph.tsx'

export function DependenciesPage({ place }: { readonly place: DependenciesPlace }): ReactElement {
  const go = useGo()
  const services = useServices()
  const known = services.data !== undefined && services.data.length > 0
  const links = useDependencies(place.lookback, known)
  const error = (services.data ? null : services.error) ?? (links.data ? null : links.error)
  return (
    <div className={css['page']}>
      <title>System Architecture – Kiseki</title>
      <header className={css['head']}>
        <div>
          <h1 className={css['title']}>System Architecture</h1>
          <p className={css['hint']}>Who calls whom, counted over the traces of the range.</p>
        </div>
        <LookbackField value={place.lookback} onChange={lookback => go({ ...place, lookback })} />
      </header>
      {error ? (
        <Failure
          title="The dependencies could not be read"
          error={error}
          onRetry={services.error ? services.refetch : links.refetch}
        />
      ) : services.data?.length === 0 ? (
        <WaitingForSpans />
      ) : links.data === undefined ? (
        <Notice tone="loading" title="Loading…" />
      ) : links.data.length === 0 ? (
        <Notice tone="waiting" title="No calls between services">
          <p>No service called another in this range. Widen the Lookback, or wait: this page looks again.</p>
        </Notice>
      ) : (
        <Architecture links={links.data} place={place} />
      )}
    </div>
  )
}

/** As the style sheet of the graph writes them. */
const nameWidth = (text: string): number => textWidth(text, { rem: 0.8125, weight: 550 })
const labelWidth = (text: string): number => textWidth(text, { rem: 0.75, weight: 550 })

interface ArchitectureProps {
  readonly links: readonly JaegerDependency[]
  readonly place: DependenciesPlace
}

function Architecture({ links, place }: ArchitectureProps): ReactElement {
  const go = useGo()
  const wide = useMedia(WIDE)
  const graph = useMemo(
    () => layoutGraph(links, { direction: wide ? 'right' : 'down', nameWidth, labelWidth }),
    [links, wide],
  )
  const { lookback, focus } = place
  const onFocus = (service: string | undefined): void =>
    go(
      { page: 'dependencies', lookback, ...(service === undefined ? {} : { focus: service }) },
      { replace: true },
    )
  const known = graph.nodes.some(node => node.service === focus)
  return (
    <>
      <div className={css['body']} data-panel={known || undefined}>
        <ServiceGraph graph={graph} focus={known ? focus : undefined} onFocus={onFocus} />
        {focus !== undefined && known && (
          <FocusPanel service={focus} links={links} lookback={lookback} onClose={() => onFocus(undefined)} />
        )}
      </div>
      <LinkTable links={links} lookback={lookback} />
    </>
  )
}

interface LookbackFieldProps {
  readonly value: Lookback
  readonly onChange: (lookback: Lookback) => void
}

function LookbackField({ value, onChange }: LookbackFieldProps): ReactElement {
  const offered = LOOKBACKS.includes(value) ? LOOKBACKS : [...LOOKBACKS, value]
  return (
    <div className={css['lookback']}>
      <Field label="Lookback">
        {control => (
          <select
            {...control}
            value={value}
            onChange={event => {
              const lookback = parseLookback(event.target.value)
              if (lookback !== undefined) onChange(lookback)
            }}
          >
            {offered.map(each => (
              <option key={each} value={each}>
                {lookbackLabel(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}
