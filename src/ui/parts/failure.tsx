import type { ReactElement } from 'react'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

export interface FailureProps {
  readonly title: string
  readonly error: unknown
  readonly onRetry?: () => unknown
}

/** An error in the words of who raised it, and what to do about it. */
export function Failure({ title, error, onRetry }: FailureProps): ReactElement {
  const remedy = error instanceof KisekiError ? error.remedy : undefined
  return (
    <Notice
      tone="error"
      title={title}
      actions={onRetry && <Button onClick={() => void onRetry()}>Try again</Button>}
    >
      <p>{messageOf(error)}</p>
      {remedy && <p>{remedy}</p>}
    </Notice>
  )
}
