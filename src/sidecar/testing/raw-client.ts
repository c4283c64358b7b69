import { connect, type Socket } from 'node:net'

/** A client that writes just what the test says. */
export interface RawClient {
  readonly socket: Socket
  /** Everything that came, one byte a character. */
  readonly received: string
  /** Resolves with everything once the text has come; rejects when the connection ends before. */
  until(text: string): Promise<string>
  /** Resolves with everything once the other side has closed; an error code is appended as `<ECONNRESET>`. */
  closed(): Promise<string>
  write(text: string | Buffer): void
}

export async function rawClient(port: number, first = ''): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let received = ''
  let over = false
  let changed: () => void = () => undefined
  const listeners = new Set<() => void>()
  const tell = (): void => {
    changed()
    for (const listener of listeners) listener()
  }
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
    tell()
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    received += `<${error.code}>`
  })
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    over = true
    tell()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  if (first !== '') socket.write(first, 'latin1')
  changed = () => undefined

  function wait(done: () => string | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const result = done()
        if (result === undefined && !over) return
        listeners.delete(look)
        if (result === undefined) reject(new Error(`closed after ${JSON.stringify(received.slice(-500))}`))
        else resolve(result)
      }
      listeners.add(look)
      look()
    })
  }

  return {
    socket,
    get received() {
      return received
    },
    until: text => wait(() => (received.includes(text) ? received : undefined)),
    closed: () => wait(() => (over ? received : undefined)),
    write: text => void (typeof text === 'string' ? socket.write(text, 'latin1') : socket.write(text)),
  }
}
