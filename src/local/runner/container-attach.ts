import { PassThrough } from 'node:stream'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { ExecOptions, ExecProcess } from './container-exec.ts'
import type { PodContainer } from './pod-container.ts'

/** What a reader may be behind; one that is further behind is cut off, so that the container need not wait for it. */
const MOST_BYTES = 1_000_000

/** What a running container prints from now on. `kill` only lets go of it. */
export function attachTo(container: PodContainer, { stdin }: ExecOptions): ExecProcess {
  if (stdin) {
    throw new KubeFailure('NotImplemented', 'the standard input of a container cannot be attached to here', {
      remedy: 'Leave out --stdin, or start a program of your own in the container with exec.',
    })
  }
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
  const exited = Promise.withResolvers<{ readonly code?: number }>()
  const forget = container.listen((stream, piece) => {
    const to = streams[stream]
    if (to.destroyed) return
    to.write(piece)
    if (to.writableLength > MOST_BYTES) to.destroy(new Error('the reader is too slow for the container'))
  })
  const over = (code: number | undefined): void => {
    forget()
    streams.stdout.end()
    streams.stderr.end()
    exited.resolve(code === undefined ? {} : { code })
  }
  // Its next run is another container for whoever is attached.
  void container.supervisor.nextEnd.then(over)
  return { ...streams, exited: exited.promise, kill: () => over(undefined) }
}
