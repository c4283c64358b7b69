import type { ReactElement } from 'react'
import { Notice } from './notice.tsx'

/** For a product that nothing was sent to yet; whoever shows it asks for the services again and again. */
export function WaitingForSpans(): ReactElement {
  return (
    <Notice tone="waiting" title="Waiting for spans">
      <p>No service has sent a span yet. This page looks again every two seconds.</p>
    </Notice>
  )
}
