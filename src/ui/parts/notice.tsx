import type { ReactElement, ReactNode } from 'react'
import css from './notice.module.css'

export interface NoticeProps {
  /** `waiting` is said without haste, `loading` only where it takes longer than a moment, `error` at once. */
  readonly tone: 'plain' | 'waiting' | 'loading' | 'error'
  readonly title: string
  /** It is all of the page: its title is that of the page. */
  readonly whole?: boolean
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

/** What stands where there is nothing else to show. */
export function Notice({ tone, title, whole = false, children, actions }: NoticeProps): ReactElement {
  const Title = whole ? 'h1' : 'h2'
  return (
    <section className={css['notice']} data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <Picture tone={tone} />
      <Title className={css['title']}>{title}</Title>
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
