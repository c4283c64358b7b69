import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../testing/rig.ts'
import { DirectStream } from './direct-stream.ts'
import { acceptTransport, connectTransport, LOOP_FAILURE, type TransportKind } from './socket-transport.ts'
import type { Transport, TransportOwner } from './transport.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Remembers what it was told. */
class Told implements TransportOwner {
  text = ''
  connects = 0
  drains = 0
  ends = 0
  readonly closes: string[] = []
  onConnect(): void {
    this.connects++
  }
  onData(bytes: Buffer): void {
    this.text += bytes.toString('latin1')
  }
  onDrain(): void {
    this.drains++
  }
  onEnd(): void {
    this.ends++
  }
  onClose(failure: string): void {
    this.closes.push(failure)
  }
}

async function listen(accept: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A transport that connected, and the plain socket at its other end. */
async function pair(kind: TransportKind): Promise<{ transport: Transport; told: Told; peer: Socket }> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const port = await listen(resolve)
  const told = new Told()
  const transport = connectTransport({
    target: { host: '127.0.0.1', port },
    owner: told,
    permitted: () => true,
    kind,
  })
  const peer = await promise
  peer.on('error', () => undefined)
  await eventually(() => told.connects === 1)
  closing.push(
    () => transport.destroy(),
    () => peer.destroy(),
  )
  return { transport, told, peer }
}

it('this Node lets a transport past its streams', async () => {
  const { peer } = await pair('stream')
  const user = { onData: () => undefined, onDrain: () => undefined, onWriteFailure: () => undefined }
  expect(DirectStream.over(peer, user)).toBeDefined()
})

describe.each(['direct', 'stream'] as const)('a %s transport', kind => {
  it('writes texts and bytes in order, and hands over what it reads', async () => {
    const { transport, told, peer } = await pair(kind)
    let got = ''
    peer.on('data', bytes => {
      got += bytes.toString('latin1')
    })
    transport.writeText('a\xe9')
    transport.write(Buffer.from('b'))
    transport.writeText('c')
    peer.write('hello')
    await eventually(() => got === 'a\xe9bc' && told.text === 'hello')
    expect(transport.remoteAddress).toBe('127.0.0.1')
  })

  it('keeps what is written before it is connected, behind the preface', async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>()
    const port = await listen(resolve)
    const owner = new Told()
    const preface = (local: number): string => `from ${local};`
    const target = { host: '127.0.0.1', port, preface }
    const transport = connectTransport({ target, owner, permitted: () => true, kind })
    closing.push(() => transport.destroy())
    expect(transport.connected).toBe(false)
    expect(transport.writeText('x')).toBe(false)
    transport.write(Buffer.from('y'))
    transport.end()
    const peer = await promise
    let got = ''
    for await (const part of peer) got += String(part)
    expect(got).toBe(`from ${peer.remotePort};xy`)
    peer.end()
  })

  it('tells that all is written, also where a small write came behind the large one', async () => {
    const { transport, told, peer } = await pair(kind)
    const before = told.drains
    expect(transport.write(Buffer.alloc(32 * 1024 * 1024))).toBe(false)
    transport.writeText('end')
    expect(told.drains).toBe(before)
    peer.resume()
    await eventually(() => told.drains === before + 1)
    expect(transport.unsent).toBe(0)
  })

  it('relays what is more than the system takes, unchanged, however slow the reader is', async () => {
    const reader = await pair(kind)
    const sent = createHash('sha1')
    const got = createHash('sha1')
    let sentBytes = 0
    let gotBytes = 0
    const port = await listen(socket => {
      const relay: TransportOwner = {
        onConnect: () => undefined,
        onData: bytes => {
          if (!reader.transport.write(bytes)) transport.pause()
        },
        onDrain: () => undefined,
        onEnd: () => reader.transport.end(),
        onClose: () => undefined,
      }
      const transport = acceptTransport(socket, relay, kind)
      reader.transport.owner = { ...relay, onEnd: () => undefined, onDrain: () => transport.resume() }
      closing.push(() => transport.destroy())
    })
    reader.peer.pause()
    const source = connect(port, '127.0.0.1')
    for (let part = 0; part < 300; part++) {
      const bytes = randomBytes(1 + ((part * 7919) % 100_000))
      sent.update(bytes)
      sentBytes += bytes.length
      source.write(bytes)
    }
    source.end()
    await eventually(() => reader.transport.unsent > 0)
    for await (const part of reader.peer) {
      got.update(part)
      gotBytes += part.length
    }
    expect(gotBytes).toBe(sentBytes)
    expect(got.digest('hex')).toBe(sent.digest('hex'))
    source.destroy()
  })

  it('says when enough is waiting and when to go on, and how much is unsent', async () => {
    const { transport, told, peer } = await pair(kind)
    peer.pause()
    const megabyte = Buffer.alloc(1024 * 1024)
    while (transport.write(megabyte));
    expect(transport.unsent).toBeGreaterThan(0)
    expect(told.drains).toBe(1)
    peer.resume()
    await eventually(() => told.drains === 2)
    expect(transport.unsent).toBe(0)
  })

  it('reads nothing while it is paused', async () => {
    const { transport, told, peer } = await pair(kind)
    transport.pause()
    peer.write('held')
    // The answer on another connection shows that time has passed.
    const other = await pair(kind)
    other.peer.write('seen')
    await eventually(() => other.told.text === 'seen')
    expect(told.text).toBe('')
    transport.resume()
    await eventually(() => told.text === 'held')
  })

  it('is told of the end of the other side, and may still write', async () => {
    const { transport, told, peer } = await pair(kind)
    peer.end('last')
    await eventually(() => told.ends === 1)
    expect(told.text).toBe('last')
    transport.writeText('answer')
    transport.end()
    expect(String(await once(peer, 'data').then(([bytes]) => bytes as Buffer))).toBe('answer')
    await eventually(() => told.closes.length === 1)
    expect(told.closes).toEqual([''])
  })

  it('resets so that the other side sees an error', async () => {
    const { transport, told, peer } = await pair(kind)
    let code = ''
    peer.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? ''
    })
    peer.resume()
    transport.reset()
    await eventually(() => code === 'ECONNRESET')
    await eventually(() => told.closes.length === 1)
  })

  it('says why it was closed', async () => {
    const { told, peer } = await pair(kind)
    peer.resetAndDestroy()
    await eventually(() => told.closes.length === 1)
    expect(told.closes).toEqual(['ECONNRESET'])
  })

  it('ends where it may not lead, or cannot', async () => {
    const port = await listen(socket => socket.on('error', () => undefined))
    const [loop, nobody] = [new Told(), new Told()]
    const target = { host: '127.0.0.1', port }
    connectTransport({ target, owner: loop, permitted: () => false, kind })
    connectTransport({ target: { ...target, port: 9 }, owner: nobody, permitted: () => true, kind })
    await eventually(() => loop.closes.length + nobody.closes.length === 2)
    expect(loop.closes).toEqual([LOOP_FAILURE])
    expect(nobody.closes).toEqual(['ECONNREFUSED'])
  })
})
