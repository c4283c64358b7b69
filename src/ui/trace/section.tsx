import type { ReactElement, ReactNode } from 'react'
import { formatWhole } from '../count-text.ts'
import css from './span-details.module.css'

export interface SectionProps {
  readonly title: string
  readonly count: number
  readonly tone?: 'warn'
  readonly children: ReactNode
}

/** Can be folded; one without anything in it only says so. */
export function Section({ title, count, tone, children }: SectionProps): ReactElement {
  if (count === 0) {
    return (
      <p className={css['empty']}>
        {title} <span className={css['count']}>0</span>
      </p>
    )
  }
  return (
    <details className={css['section']} data-tone={tone} open>
      <summary>
        {title} <span className={css['count']}>{formatWhole(count)}</span>
      </summary>
      {children}
    </details>
  )
}
