import type { ReactElement } from 'react'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { formatWhole } from '../count-text.ts'
import type { Lookback } from '../lookback.ts'
import { PlaceLink } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { ServiceName } from '../parts/service-name.tsx'
import { EMPTY_SEARCH } from '../search-state.ts'
import css from './dependencies-page.module.css'

export interface FocusPanelProps {
  readonly service: string
  readonly links: readonly JaegerDependency[]
  readonly lookback: Lookback
  readonly onClose: () => void
}

/** One service: who calls it, whom it calls, and the way to its traces. */
export function FocusPanel({ service, links, lookback, onClose }: FocusPanelProps): ReactElement {
  const busiestFirst = links.toSorted((left, right) => right.callCount - left.callCount)
  const callers = busiestFirst.filter(link => link.child === service)
  const called = busiestFirst.filter(link => link.parent === service)
  return (
    <aside className={css['panel']} aria-label={`Service ${service}`}>
      <div className={css['panel-head']}>
        <h2>
          <ServiceName service={service} />
        </h2>
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
      <Calls title="Called by" calls={callers.map(link => [link.parent, link.callCount])} />
      <Calls title="Calls" calls={called.map(link => [link.child, link.callCount])} />
      <PlaceLink to={{ page: 'search', search: { ...EMPTY_SEARCH, service, lookback } }}>
        Traces of {service}
      </PlaceLink>
    </aside>
  )
}

interface CallsProps {
  readonly title: string
  readonly calls: readonly (readonly [service: string, calls: number])[]
}

function Calls({ title, calls }: CallsProps): ReactElement {
  return (
    <section>
      <h3 className={css['panel-title']}>{title}</h3>
      {calls.length === 0 ? (
        <p className={css['hint']}>nobody</p>
      ) : (
        <ul>
          {calls.map(([service, count]) => (
            <li key={service} className={css['call']}>
              <ServiceName service={service} />
              <span>{formatWhole(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
