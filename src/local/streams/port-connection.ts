import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { finished } from 'node:stream/promises'
import { messageOf } from '../../model/errors.ts'
import type { PodName, PodStreamTarget } from './pod-stream-target.ts'

/** One TCP connection of a port-forward. Neither stream ever emits 'error'. */
export interface PortConnection {
  readonly target: PodStreamTarget
  readonly pod: PodName
  readonly port: number
  readonly data: Duplex
  /** What is written here is shown to the user, and ends the port-forward of newer kubectl. */
  readonly error: Duplex
}

/** Returns when the pod has said all, or could not be reached; never rejects. The client may then still close its end. */
export async function forwardPort({ target, pod, port, data, error }: PortConnection): Promise<void> {
  error.resume()
  try {
    join(data, await target.connect(pod, port))
  } catch (thrown) {
    data.resume()
    // kubelet names the uid where it has it, which is never with a container runtime (CRI).
    error.write(`error forwarding port ${port} to pod ${pod.name}, uid : ${messageOf(thrown)}`)
    data.end()
  }
  await finished(data, { readable: false }).catch(() => {})
  error.end()
  await finished(error, { readable: false }).catch(() => {})
}

/** Each end may close its half. A connection that breaks off breaks off the stream, and the other way round. */
function join(data: Duplex, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    if (data.writableEnded) data.resume()
    else data.destroy()
  })
  data.on('close', () => socket.destroy())
  if (data.destroyed) {
    socket.destroy()
    return
  }
  data.pipe(socket)
  socket.pipe(data)
}
