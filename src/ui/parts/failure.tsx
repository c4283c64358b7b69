import type { ReactElement } from 'react'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { isUnreachable } from '../query-defaults.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

export interface FailureProps {
  readonly title: string
  readonly whole?: boolean
  readonly error: unknown
  /** Offered where the page does not ask again by itself. */
  readonly onRetry?: () => unknown
}

/** An error in the words of who raised it, and what to do about it. */
export function Failure({ title, whole = false, error, onRetry }: FailureProps): ReactElement {
  const remedy = error instanceof KisekiError ? error.remedy : undefined
  const again = isUnreachable(error)
  return (
    <Notice
      tone="error"
      title={title}
      whole={whole}
      actions={onRetry && !again && <Button onClick={() => void onRetry()}>Try again</Button>}
    >
      <p>{messageOf(error)}</p>
      {remedy && <p>{remedy}</p>}
      {again && <p>This page asks again every two seconds.</p>}
    </Notice>
  )
}
