import type { Duplex, Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { messageOf } from '../../model/errors.ts'
import { type CommandKind, type StatusForm, statusText } from './command-status.ts'
import { startOutput } from './output-flow.ts'
import type { ExecProcess, ProcessExit } from './pod-stream-target.ts'
import { watchTerminalSize } from './terminal-size.ts'

/** The streams of one client, those that it asked for. None of them ever emits 'error'. */
export interface CommandChannels {
  readonly stdin?: Readable
  readonly stdout?: Writable
  readonly stderr?: Writable
  readonly resize?: Readable
  /** The error stream. */
  readonly status: Duplex
}

export interface RemoteCommand {
  readonly kind: CommandKind
  readonly start: () => Promise<ExecProcess>
  readonly channels: CommandChannels
  readonly form: StatusForm
  /** Aborts when the client goes away. */
  readonly gone: AbortSignal
  readonly quietMillis: number
}

/** Runs to the end, and tells it to the client. The process is killed when the client goes away before. */
export async function runRemoteCommand(command: RemoteCommand): Promise<void> {
  const { channels } = command
  const exit = await runProcess(command)
  channels.stdin?.resume()
  for (const output of [channels.stdout, channels.stderr]) output?.end()
  channels.status.resume()
  channels.status.end(statusText(command.kind, exit, command.form))
  await finished(channels.status, { readable: false }).catch(() => {})
}

async function runProcess(command: RemoteCommand): Promise<ProcessExit> {
  const { channels, gone } = command
  let process: ExecProcess
  try {
    process = await command.start()
  } catch (error) {
    return failed(error)
  }
  const kill = () => process.kill()
  if (gone.aborted) kill()
  gone.addEventListener('abort', kill)
  if (channels.stdin !== undefined) feed(channels.stdin, process.stdin)
  if (channels.resize !== undefined)
    watchTerminalSize(channels.resize, (columns, rows) => process.resize?.(columns, rows))

  const outputs = [startOutput(process.stdout, channels.stdout)]
  if (process.stderr !== undefined) outputs.push(startOutput(process.stderr, channels.stderr))
  const exit = await process.exited.catch(failed)
  for (const output of outputs) output.endWhenQuiet(command.quietMillis)
  await Promise.all(outputs.map(output => output.done))
  gone.removeEventListener('abort', kill)
  return exit
}

function failed(error: unknown): ProcessExit {
  return { error: messageOf(error) }
}

/** What a process does not take is dropped, so that the other streams of the connection do not wait for it. */
function feed(from: Readable, into: Writable | undefined): void {
  if (into === undefined) {
    from.resume()
    return
  }
  // A process that ended, or closed its input, answers so.
  into.on('error', () => into.destroy())
  into.on('close', () => from.resume())
  from.on('close', () => into.end())
  from.pipe(into)
}
