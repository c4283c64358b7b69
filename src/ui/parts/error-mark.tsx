import type { ReactElement } from 'react'
import css from './error-mark.module.css'

export interface ErrorMarkProps {
  readonly label: string
  /** Not its own, but of something that it stands for. */
  readonly hollow?: boolean
}

export function ErrorMark({ label, hollow = false }: ErrorMarkProps): ReactElement {
  return (
    <svg
      className={css['mark']}
      data-hollow={hollow || undefined}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <circle cx="8" cy="8" r="6.5" />
      <path d="M8 4.5v4M8 11.2v.3" />
    </svg>
  )
}
