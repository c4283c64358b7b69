import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTcpApp, type TcpApp } from '../../../src/sidecar/testing/echo-app.ts'
import { booksOn } from '../../../src/sidecar/testing/rig.ts'
import { countingEnd, pour } from './byte-ends.ts'
import { type SidecarProcess, startSidecarProcess } from './sidecar-process.ts'

const PART = Buffer.alloc(256 * 1024, 'x')
const PARTS = 4096
const SIZE = PART.length * PARTS
const CHUNK = Buffer.concat([Buffer.from(`${PART.length.toString(16)}\r\n`), PART, Buffer.from('\r\n')])
const LAST_CHUNK = '0\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
/** What the process may grow by, whatever goes through it. */
const MOST_MEGABYTES = 16

/** How a body is framed: the line that says so, what it consists of, and its length with all that. */
const FRAMINGS = {
  'content-length': { line: `content-length: ${SIZE}`, part: PART, end: '', bytes: SIZE },
  chunked: {
    line: 'transfer-encoding: chunked',
    part: CHUNK,
    end: LAST_CHUNK,
    bytes: CHUNK.length * PARTS + LAST_CHUNK.length,
  },
} as const

let app: TcpApp
let sidecar: SidecarProcess

/** `GET /<framing>` is answered with a gibibyte; a body of that size with `ok`, once it is all there. */
beforeAll(async () => {
  app = await startTcpApp(socket => {
    let head = ''
    let left = 0
    socket.on('data', (bytes: Buffer) => {
      left -= bytes.length
      if (head === '') {
        head = bytes.toString('latin1')
        left =
          (head.startsWith('POST /chunked') ? FRAMINGS.chunked.bytes : SIZE) -
          (bytes.length - head.indexOf('\r\n\r\n') - 4)
        if (head.startsWith('GET'))
          void answer(head.startsWith('GET /chunked') ? 'chunked' : 'content-length')
      }
      if (left === 0 && head.startsWith('POST')) socket.write(OK)
      if (left === 0) head = ''
    })
    async function answer(framing: keyof typeof FRAMINGS): Promise<void> {
      const { line, part, end } = FRAMINGS[framing]
      socket.write(`HTTP/1.1 200 OK\r\n${line}\r\n\r\n`)
      await pour(socket, part, PARTS)
      if (end !== '') socket.write(end)
      head = ''
    }
  })
  sidecar = await startSidecarProcess({ ...booksOn(app.port), tracing: false })
  sidecar.peak()
})

afterAll(async () => {
  await sidecar.stop()
  await app.close()
})

/** Runs it; the process must not have grown by more than it may, at any time. */
async function inBounds(transfer: () => Promise<void>): Promise<void> {
  sidecar.peak()
  const before = sidecar.resident()
  await transfer()
  expect(sidecar.peak() - before).toBeLessThan(MOST_MEGABYTES)
}

describe.each(['content-length', 'chunked'] as const)('a gibibyte with %s', framing => {
  const { line, part, end, bytes } = FRAMINGS[framing]

  it('is downloaded in little memory', async () => {
    const client = await countingEnd(sidecar.outbound)
    const head = `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`
    await inBounds(async () => {
      client.socket.write(`GET /${framing} HTTP/1.1\r\nhost: books.shop\r\n\r\n`)
      await client.until(head.length + bytes)
    })
    expect(client.received).toBe(head.length + bytes)
    expect(client.tail.endsWith(end)).toBe(true)
    client.socket.destroy()
  })

  it('is uploaded in little memory', async () => {
    const client = await countingEnd(sidecar.outbound)
    await inBounds(async () => {
      client.socket.write(`POST /${framing} HTTP/1.1\r\nhost: books.shop\r\n${line}\r\n\r\n`)
      await pour(client.socket, part, PARTS)
      if (end !== '') client.socket.write(end)
      await client.until(OK.length)
    })
    expect(client.tail.endsWith('ok')).toBe(true)
    client.socket.destroy()
  })
})
