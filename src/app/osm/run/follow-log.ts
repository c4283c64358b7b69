import type { ObjectName } from '../../../kube/client.ts'
import type { KubePods } from '../../../kube/pods.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Output } from '../output.ts'

export interface FollowedLog {
  /** Waits until what has been printed is written, and ends; not for longer than this. */
  finish(millis: number): Promise<void>
  /** It has said that its port is taken, as the C library and Node say it. */
  readonly toldOfClash: boolean
}

const CLASH = /address already in use|EADDRINUSE/i

/** Writes what a container prints, line by line, until it ends. */
export function followLog(options: {
  readonly pods: KubePods
  readonly pod: ObjectName
  readonly container: string
  readonly output: Output
}): FollowedLog {
  const { pods, pod, container, output } = options
  const cut = new AbortController()
  let toldOfClash = false
  async function write(): Promise<void> {
    try {
      for await (const line of pods.readLogs(pod, container, { follow: true, signal: cut.signal })) {
        toldOfClash ||= CLASH.test(line)
        output.write(`${line}\n`)
      }
    } catch (error) {
      output.note(`its log cannot be read: ${messageOf(error)}\n`)
    }
  }
  const written = write()
  return {
    get toldOfClash() {
      return toldOfClash
    },
    async finish(millis) {
      const timer = setTimeout(() => cut.abort(), millis)
      await written
      clearTimeout(timer)
    },
  }
}
