import type { ExecProcess, PodStreamTarget } from './pod-stream-target.ts'
import type { CommandOptions } from './stream-request.ts'

export function startProcess(target: PodStreamTarget, options: CommandOptions): Promise<ExecProcess> {
  const { kind, pod, container, command, stdin, tty } = options
  const request = { pod, container, stdin, tty }
  return kind === 'exec' ? target.exec({ ...request, command }) : target.attach(request)
}
