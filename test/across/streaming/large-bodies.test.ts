import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTcpApp, type TcpApp } from '../../../src/sidecar/testing/echo-app.ts'
import { countingEnd, pour } from './byte-ends.ts'
import { growthDuring } from './memory.ts'
import { HOST, startTwoSidecars, type TwoSidecars } from './two-sidecars.ts'

const PART = Buffer.alloc(256 * 1024, 'x')
const PARTS = 4096
const SIZE = PART.length * PARTS
const CHUNK = Buffer.concat([Buffer.from(`${PART.length.toString(16)}\r\n`), PART, Buffer.from('\r\n')])
const LAST_CHUNK = '0\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
/** What a sidecar may grow by, whatever goes through it. */
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

type Framing = keyof typeof FRAMINGS

let app: TcpApp
let way: TwoSidecars

/** `GET /<framing>` is answered with a gibibyte; a body of that size with `ok`, once it is all there. */
beforeAll(async () => {
  app = await startTcpApp(socket => {
    let head = ''
    let left = 0
    socket.on('data', (bytes: Buffer) => {
      left -= bytes.length
      if (head === '') {
        head = bytes.toString('latin1')
        const { bytes: length } = FRAMINGS[head.includes(' /chunked ') ? 'chunked' : 'content-length']
        left = length - (bytes.length - head.indexOf('\r\n\r\n') - 4)
        if (head.startsWith('GET')) void answer(head.includes(' /chunked ') ? 'chunked' : 'content-length')
      }
      if (left === 0) {
        socket.write(OK)
        head = ''
      }
    })
    async function answer(framing: Framing): Promise<void> {
      const { line, part, end } = FRAMINGS[framing]
      socket.write(`HTTP/1.1 200 OK\r\n${line}\r\n\r\n`)
      await pour(socket, part, PARTS)
      if (end !== '') socket.write(end)
      head = ''
    }
  })
  way = await startTwoSidecars(app.port)
})

afterAll(async () => {
  await way.end()
  await app.close()
})

/** Runs it; no sidecar may grow by more than it may, at any time. */
async function inBounds(transfer: () => Promise<void>): Promise<void> {
  let ofClient = 0
  const ofApp = await growthDuring(way.app.pid, async () => {
    ofClient = await growthDuring(way.client.pid, transfer)
  })
  expect(ofClient).toBeLessThan(MOST_MEGABYTES)
  expect(ofApp).toBeLessThan(MOST_MEGABYTES)
}

describe.each(['content-length', 'chunked'] as const)('a gibibyte with %s', framing => {
  const { line, part, end, bytes } = FRAMINGS[framing]

  it('is downloaded in little memory', async () => {
    const client = await countingEnd(way.client)
    await inBounds(async () => {
      client.socket.write(`GET /${framing} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`)
      await client.until(bytes)
    })
    expect(client.head).toContain(`\r\n${line}\r\n`)
    expect(client.received).toBe(bytes)
    expect(client.tail.endsWith(end)).toBe(true)
    client.socket.destroy()
  })

  it('is uploaded in little memory', async () => {
    const client = await countingEnd(way.client)
    await inBounds(async () => {
      client.socket.write(`POST /${framing} HTTP/1.1\r\nhost: ${HOST}\r\n${line}\r\n\r\n`)
      await pour(client.socket, part, PARTS)
      if (end !== '') client.socket.write(end)
      await client.until('ok'.length)
    })
    expect(client.tail.endsWith('ok')).toBe(true)
    client.socket.destroy()
  })
})
