import type { ReactElement, ReactNode } from 'react'
import css from './notice.module.css'

export interface NoticeProps {
  /** `waiting` is said without haste, `error` at once. */
  readonly tone: 'plain' | 'waiting' | 'error'
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

/** What stands where there is nothing else to show. */
export function Notice({ tone, title, children, actions }: NoticeProps): ReactElement {
  return (
    <section className={css['notice']} data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <Picture tone={tone} />
      <h2 className={css['title']}>{title}</h2>
      {children && <div className={css['text']}>{children}</div>}
      {actions && <div className={css['actions']}>{actions}</div>}
    </section>
  )
}

/** Three spans, as in the mark. */
function Picture({ tone }: { readonly tone: NoticeProps['tone'] }): ReactElement {
  return (
    <svg viewBox="0 0 64 40" width="64" height="40" aria-hidden="true" className={css['picture']}>
      <path d="M6 8h30" />
      <path d="M18 20h30" />
      {tone === 'error' ? <path d="M42 30l6 6m0-6l-6 6" /> : <path d="M34 32h20" />}
    </svg>
  )
}
