import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Deadline } from './deadline.ts'

/** An answer whose body is yet to be read. */
export interface OpenAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly message: IncomingMessage
  /** What went wrong with reading the body, as an error for people. */
  failure(thrown: unknown): unknown
  /** The body may take as long as it likes. */
  takeTime(): void
  /** Nothing more is read: a connection that still carries something is closed. */
  release(): void
}

/** `deadline` runs on until the body is read, or given time. */
export function openAnswer(
  message: IncomingMessage,
  deadline: Deadline,
  failure: OpenAnswer['failure'],
): OpenAnswer {
  // Whoever reads hears of it; when nobody does, it must not end the process.
  message.on('error', () => undefined)
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    message,
    failure,
    takeTime: () => deadline.clear(),
    release() {
      deadline.clear()
      // What is whole already is let through, so that the connection can serve the next.
      if (message.complete) message.resume()
      else message.destroy()
    },
  }
}
