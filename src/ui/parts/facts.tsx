import type { ReactElement, ReactNode } from 'react'
import css from './facts.module.css'

export interface Fact {
  readonly name: string
  readonly value: ReactNode
  readonly tone?: 'error' | 'warn'
}

/** A line of names and values. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactElement {
  return (
    <dl className={css['facts']}>
      {facts.map(fact => (
        <div key={fact.name} className={css['fact']} data-tone={fact.tone}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
