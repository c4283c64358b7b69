import type { ReactElement } from 'react'
import { formatWhole } from '../count-text.ts'
import { serviceColor } from '../service-color.ts'
import css from './service-name.module.css'

export interface ServiceNameProps {
  readonly service: string
  /** How often; not shown without. */
  readonly count?: number
}

/** A service with its colour. The colour says nothing that the name does not. */
export function ServiceName({ service, count }: ServiceNameProps): ReactElement {
  return (
    <span className={css['service']}>
      <ServiceDot service={service} />
      <span className={css['name']} title={service}>
        {service || 'no service name'}
      </span>
      {count !== undefined && <span className={css['count']}>{formatWhole(count)}</span>}
    </span>
  )
}

export function ServiceDot({ service }: { readonly service: string }): ReactElement {
  return <span className={css['dot']} style={{ background: serviceColor(service) }} aria-hidden="true" />
}
