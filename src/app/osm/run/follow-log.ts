import type { ObjectName } from '../../../kube/client.ts'
import type { KubePods } from '../../../kube/pods.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Output } from '../output.ts'

export interface FollowedLog {
  /** The container has ended: writes what is left of its log. */
  finish(): Promise<void>
  /** Writes no more. */
  stop(): Promise<void>
  /** It has said that its port is taken, as the C library and Node say it. */
  readonly toldOfClash: boolean
}

const CLASH = /address already in use|EADDRINUSE/i

export interface FollowLogOptions {
  readonly pods: KubePods
  readonly pod: ObjectName
  readonly container: string
  readonly output: Output
}

/** Writes what a container prints, line by line. */
export function followLog({ pods, pod, container, output }: FollowLogOptions): FollowedLog {
  const cut = new AbortController()
  let toldOfClash = false
  let lines = 0

  /** Beyond the lines that are written already. */
  async function write(log: AsyncIterable<string>, skipped: number): Promise<void> {
    let at = 0
    try {
      for await (const line of log) {
        if (at++ < skipped) continue
        lines++
        toldOfClash ||= CLASH.test(line)
        output.write(`${line}\n`)
      }
    } catch (error) {
      output.note(`its log cannot be read: ${messageOf(error)}\n`)
    }
  }

  const followed = write(pods.readLogs(pod, container, { follow: true, signal: cut.signal }), 0)
  async function stop(): Promise<void> {
    cut.abort()
    await followed
  }
  return {
    get toldOfClash() {
      return toldOfClash
    },
    stop,
    async finish() {
      // Following goes on for as long as the pod has other containers, which the sidecar is.
      await stop()
      await write(pods.readLogs(pod, container), lines)
    },
  }
}
