import { constants } from 'node:os'
import { messageOf } from '../../model/errors.ts'

export interface Exit {
  /** 128 and the number of the signal that ended it, as shells have it. */
  readonly exitCode: number
  /** Why it could not be started at all. */
  readonly problem?: string
}

/** As shells answer: 127 where there is no such program, 126 where it cannot be run. */
export function startFailure(error: unknown): Exit {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return { exitCode: missing ? 127 : 126, problem: messageOf(error) }
}

export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code
  return signal === null ? 255 : 128 + constants.signals[signal]
}
