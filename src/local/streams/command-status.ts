import { constants } from 'node:os'
import type { ProcessExit } from './pod-stream-target.ts'

export type CommandKind = 'exec' | 'attach'

/** How the end is told on the error stream: since v4 as a `Status`, before as text, where nothing means success. */
export type StatusForm = 'json' | 'text'

const FAILED: Readonly<Record<CommandKind, string>> = {
  exec: 'error executing command in container',
  attach: 'error attaching to container',
}

/** What goes to the error stream, in the words of kubelet; empty where there is nothing to say. */
export function statusText(kind: CommandKind, exit: ProcessExit, form: StatusForm): string {
  const status = statusOf(kind, exit)
  if (form === 'json') return JSON.stringify(status)
  return status.status === 'Success' ? '' : status.message
}

type CommandStatus =
  | { readonly metadata: object; readonly status: 'Success' }
  | {
      readonly metadata: object
      readonly status: 'Failure'
      readonly message: string
      readonly reason: 'NonZeroExitCode' | 'InternalError'
      readonly details: { readonly causes: readonly { readonly reason?: string; readonly message: string }[] }
      readonly code?: number
    }

function statusOf(kind: CommandKind, exit: ProcessExit): CommandStatus {
  if (exit.error !== undefined) return internalError(`${FAILED[kind]}: ${exit.error}`)
  const code = exitCode(exit)
  if (code === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
  }
}

function internalError(message: string): CommandStatus {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  }
}

/** As a shell has it: 128 and the number of the signal. */
function exitCode({ code, signal }: ProcessExit): number {
  if (signal === undefined) return code ?? 0
  const number = new Map<string, number>(Object.entries(constants.signals)).get(signal)
  return 128 + (number ?? 0)
}
