import type { ReactElement } from 'react'
import { formatWhole } from '../count-text.ts'
import css from './service-list.module.css'
import { ServiceName } from './service-name.tsx'

interface ServiceCount {
  readonly service: string
  readonly spans: number
}

export interface ServiceListProps {
  readonly services: readonly ServiceCount[]
  /** Services beyond these are counted only. */
  readonly most: number
  readonly small?: boolean
}

/** The services of a trace, each with how many spans it has. */
export function ServiceList({ services, most, small = false }: ServiceListProps): ReactElement {
  const rest = services.slice(most)
  return (
    <ul className={css['services']} data-small={small || undefined} aria-label="Services">
      {services.slice(0, most).map(each => (
        <li key={each.service}>
          <ServiceName service={each.service} count={each.spans} />
        </li>
      ))}
      {rest.length > 0 && (
        <li title={rest.map(each => each.service).join('\n')}>and {formatWhole(rest.length)} more</li>
      )}
    </ul>
  )
}
