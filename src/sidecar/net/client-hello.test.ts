import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { connect } from 'node:tls'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ClientHelloReader } from './client-hello.ts'

/** What a TLS client of Node says first. */
async function helloFor(servername: string): Promise<Buffer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const accepted = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
  client.on('error', () => undefined)
  const socket: Socket = (await accepted)[0]
  const [bytes] = await once(socket, 'data')
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

function read(...parts: readonly Buffer[]): ClientHelloReader {
  const reader = new ClientHelloReader()
  for (const part of parts) reader.take(part)
  return reader
}

let hello: Buffer = Buffer.alloc(0)
let nameless: Buffer = Buffer.alloc(0)
beforeAll(async () => {
  hello = await helloFor('books.example')
  nameless = await helloFor('')
})

describe('the client hello of TLS', () => {
  it('says which server is meant', () => {
    expect(read(hello)).toMatchObject({ isTls: true, serverName: 'books.example' })
    expect(read(nameless)).toMatchObject({ isTls: true, serverName: '' })
  })

  it('may come in pieces, and more may follow', () => {
    for (let cut = 1; cut < hello.length; cut++) {
      const more = Buffer.concat([hello.subarray(cut), Buffer.from('more')])
      expect(read(hello.subarray(0, cut), more).serverName).toBe('books.example')
    }
  })

  it('may be in several records', () => {
    const message = hello.subarray(5)
    const record = (part: Buffer): Buffer =>
      Buffer.concat([hello.subarray(0, 3), Buffer.from([part.length >> 8, part.length & 255]), part])
    const split = Buffer.concat([record(message.subarray(0, 3)), record(message.subarray(3))])
    expect(read(split).serverName).toBe('books.example')
  })

  it('that is none has no name, and is not kept', () => {
    expect(read(Buffer.from('GET / HTTP/1.1\r\n'), hello)).toMatchObject({ isTls: false, serverName: '' })
    expect(read(Buffer.from([0x16, 3, 1, 0, 0, 0, 0]))).toMatchObject({ isTls: false, serverName: '' })
  })

  it('whatever it says, nothing is thrown, and a name is a name', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))), changes => {
        const changed = Buffer.from(hello)
        for (const [at, byte] of changes) changed[at % changed.length] = byte
        expect(read(changed).serverName).toMatch(/^[\w.-]{0,255}$/)
      }),
    )
  })
})
