import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { readRequest } from './message-reader.ts'
import type { ResponseCase } from './response-case.ts'
import { Wire } from './wire.ts'

export const PROBE_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nprobe'

/** An app that answers `/probe` properly and everything else as the case in hand says. */
export interface ScriptedApp {
  readonly port: number
  /** Begins with another case. */
  begin(script: Pick<ResponseCase, 'send' | 'behind'>): void
  /** Writes the next piece; false: there is none. */
  next(): boolean
  /** The probe came on the connection that served the case. */
  readonly reused: boolean
  close(): Promise<void>
}

export async function startScriptedApp(): Promise<ScriptedApp> {
  const open = new Set<Wire>()
  let pieces: string[] = []
  let behind: ResponseCase['behind']
  let server: Wire | undefined
  let reused = false

  const next = (): boolean => {
    const piece = pieces.shift()
    if (piece === undefined || server === undefined) return false
    server.write(piece)
    if (pieces.length === 0 && behind === 'ends') server.socket.end()
    // What was written goes out first: a reset would take it along.
    if (pieces.length === 0 && behind === 'resets') server.socket.resetAndDestroy()
    return true
  }

  const listener = createServer({ allowHalfOpen: true }, socket => {
    const wire = new Wire(socket)
    open.add(wire)
    socket.on('close', () => open.delete(wire))
    socket.on('end', () => socket.end())
    socket.on('data', () => {
      const reading = readRequest(wire.received)
      if (typeof reading === 'string') return
      wire.received = wire.received.slice(reading.length)
      if (reading.start.includes(' /probe ')) {
        reused = wire === server
        wire.write(PROBE_ANSWER)
      } else {
        server = wire
        next()
      }
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    begin(script) {
      pieces = typeof script.send === 'string' ? [script.send] : [...script.send]
      behind = script.behind
      server = undefined
      reused = false
    },
    next,
    get reused() {
      return reused
    },
    close: () =>
      new Promise<void>(resolve => {
        listener.close(() => resolve())
        for (const wire of open) wire.socket.destroy()
      }),
  }
}
