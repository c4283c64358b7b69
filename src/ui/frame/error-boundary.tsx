import { Component, type ReactNode } from 'react'
import { messageOf } from '../../model/errors.ts'
import { Button } from '../parts/button.tsx'
import { Notice } from '../parts/notice.tsx'

interface Props {
  /** Another one means another page: the error is forgotten. */
  readonly page: string
  readonly children: ReactNode
}

interface State {
  readonly error?: unknown
  readonly page: string
}

/** Keeps the frame when a page breaks, and says what broke. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { page: this.props.page }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error }
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.page === state.page ? null : { page: props.page }
  }

  override render(): ReactNode {
    if (!('error' in this.state)) return this.props.children
    return (
      <Notice
        tone="error"
        title="This page broke"
        whole
        // A part of the page that could not be loaded is asked for anew only so.
        actions={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        {messageOf(this.state.error)}
      </Notice>
    )
  }
}
