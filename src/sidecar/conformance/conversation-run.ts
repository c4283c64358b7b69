import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Conversation, End, Step } from './conversation.ts'
import { readResponse } from './message-reader.ts'
import { openWire, Wire } from './wire.ts'

/** An app that says what the conversation in hand wants, on the connection on which it was asked. */
export interface TalkingApp {
  readonly port: number
  begin(): void
  /** The connection of this conversation; resolves once there is one. */
  wire(): Promise<Wire>
  close(): Promise<void>
}

const HANG_MILLIS = 10_000

export async function startTalkingApp(): Promise<TalkingApp> {
  const open = new Set<Wire>()
  let current: Wire | undefined
  let found: (wire: Wire) => void = () => undefined
  const server = createServer({ allowHalfOpen: true }, socket => {
    const wire = new Wire(socket)
    open.add(wire)
    socket.on('close', () => open.delete(wire))
    socket.on('data', () => {
      current ??= wire
      found(current)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    begin() {
      current = undefined
      // Connections that others left: nobody waits on them.
      for (const wire of open) wire.received = ''
    },
    wire: () =>
      new Promise((resolve, reject) => {
        const guard = setTimeout(reject, HANG_MILLIS, new Error('nothing came to the app'))
        found = wire => {
          clearTimeout(guard)
          resolve(wire)
        }
        if (current !== undefined) found(current)
      }),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const wire of open) wire.socket.destroy()
      }),
  }
}

/** Holds the conversation; what it gives back is empty where each end saw what it should, and nothing else. */
export async function converse(port: number, app: TalkingApp, { steps }: Conversation): Promise<string> {
  app.begin()
  const client = await openWire(port)
  const wireOf = (end: End): Promise<Wire> => (end === 'client' ? Promise.resolve(client) : app.wire())
  const ends = new Set<End>(['client'])
  try {
    for (const [at, step] of steps.entries()) {
      ends.add(step.by)
      const trouble = await take(step, await wireOf(step.by))
      if (trouble !== '') return `step ${at + 1}, ${step.by}: ${trouble}`
    }
    const wires = await Promise.all([...ends].map(wireOf))
    const left = wires.map(wire => wire.received).filter(text => text !== '')
    return left.length === 0 ? '' : `more was seen: ${JSON.stringify(left)}`
  } finally {
    client.socket.destroy()
  }
}

async function take(step: Step, wire: Wire): Promise<string> {
  if ('says' in step) wire.write(step.says)
  else if ('sees' in step) return see(wire, step.sees)
  else if ('seesStatus' in step) return seeStatus(wire, step.seesStatus)
  else if ('seesThat' in step) return seeEnd(wire, step.seesThat)
  else if (step.does === 'ends') wire.socket.end()
  else wire.socket.resetAndDestroy()
  return ''
}

async function see(wire: Wire, text: string): Promise<string> {
  await wire.until(() => wire.received.length >= text.length)
  if (!wire.received.startsWith(text)) {
    return `${JSON.stringify(wire.received)} instead of ${JSON.stringify(text)}, ${wire.state}`
  }
  wire.received = wire.received.slice(text.length)
  return ''
}

async function seeStatus(wire: Wire, status: number): Promise<string> {
  const answer = () => readResponse(wire.received, { headOnly: false, ended: false })
  await wire.until(() => typeof answer() !== 'string')
  const reading = answer()
  if (typeof reading === 'string' || !reading.start.startsWith(`HTTP/1.1 ${status} `)) {
    return `${JSON.stringify(wire.received)} instead of ${status}`
  }
  wire.received = wire.received.slice(reading.length)
  return ''
}

async function seeEnd(wire: Wire, how: 'ended' | 'broken' | 'over'): Promise<string> {
  const state = await wire.over()
  return state === how || (how === 'over' && state !== 'open') ? '' : `it is ${state} instead of ${how}`
}
