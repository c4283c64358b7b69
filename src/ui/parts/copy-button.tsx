import { type ReactElement, useEffect, useState } from 'react'
import css from './copy-button.module.css'

const SHOWN_MILLIS = 1500

export interface CopyButtonProps {
  readonly text: string
  /** What is copied: `trace ID`. */
  readonly what: string
}

export function CopyButton({ text, what }: CopyButtonProps): ReactElement {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (said === '') return undefined
    const timer = setTimeout(() => setSaid(''), SHOWN_MILLIS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = (): void => {
    copyText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Not allowed here'),
    )
  }
  return (
    <span className={css['copy']}>
      <button type="button" onClick={copy} aria-label={`Copy ${what}`} title={`Copy ${what}`}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
          <path d="M10.5 3.5v-.5a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h.5" />
        </svg>
      </button>
      <span role="status" className={css['said']}>
        {said}
      </span>
    </span>
  )
}

/** Browsers have a clipboard only on pages that came by https or from the machine itself; elsewhere the old way does. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text)
    return
  }
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!copied) throw new Error('no clipboard')
}
