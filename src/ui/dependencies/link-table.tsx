import type { ReactElement } from 'react'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { formatWhole } from '../count-text.ts'
import type { Lookback } from '../lookback.ts'
import { PlaceLink } from '../navigation.tsx'
import { ServiceName } from '../parts/service-name.tsx'
import { EMPTY_SEARCH } from '../search-state.ts'
import css from './dependencies-page.module.css'

export interface LinkTableProps {
  readonly links: readonly JaegerDependency[]
  readonly lookback: Lookback
}

/** The graph as a table: for those who cannot see it, and for exact numbers. */
export function LinkTable({ links, lookback }: LinkTableProps): ReactElement {
  const busiestFirst = links.toSorted((left, right) => right.callCount - left.callCount)
  const traces = (service: string): ReactElement => (
    <PlaceLink to={{ page: 'search', search: { ...EMPTY_SEARCH, service, lookback } }}>
      <ServiceName service={service} />
    </PlaceLink>
  )
  return (
    <div className={css['table']}>
      <table>
        <caption>Calls between services</caption>
        <thead>
          <tr>
            <th scope="col">Caller</th>
            <th scope="col">Called</th>
            <th scope="col">Calls</th>
          </tr>
        </thead>
        <tbody>
          {busiestFirst.map(link => (
            <tr key={JSON.stringify([link.parent, link.child])}>
              <td>{traces(link.parent)}</td>
              <td>{traces(link.child)}</td>
              <td>{formatWhole(link.callCount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
