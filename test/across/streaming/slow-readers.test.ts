import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTcpApp, type TcpApp } from '../../../src/sidecar/testing/echo-app.ts'
import { growthDuring } from './memory.ts'
import { HOST, startTwoSidecars, type TwoSidecars } from './two-sidecars.ts'

const PART = Buffer.alloc(256 * 1024, 'x')
const SIZE = 512 * 1024 * 1024
/** What the slow one takes, and then waits a moment. */
const SIP_BYTES = 4 * 1024 * 1024
/** The buffers of the kernel on the way, of three connections; what nobody stops would be all of it. */
const MOST_IN_FLIGHT = SIZE / 2
const MOST_MEGABYTES = 16

let app: TcpApp
let way: TwoSidecars
/** The connection that comes to the app. */
let nextAtApp: Promise<Socket>
let cameToApp: (socket: Socket) => void = () => undefined

beforeAll(async () => {
  app = await startTcpApp(socket => cameToApp(socket))
  way = await startTwoSidecars(app.port)
})

afterAll(async () => {
  await way.end()
  await app.close()
})

/** Writes all of it as fast as it may, and tells the slow one how far it has come. */
class Sender {
  sent = 0

  async send(socket: Socket): Promise<void> {
    while (this.sent < SIZE) {
      this.sent += PART.length
      if (!socket.write(PART)) await once(socket, 'drain')
    }
  }
}

/** Reads all of it in sips; gives back how much was under way at most. */
async function sip(socket: Socket, sender: Sender): Promise<number> {
  let mostInFlight = 0
  let received = 0
  while (received < SIZE) {
    let sip = 0
    while (sip < SIP_BYTES && received + sip < SIZE) {
      const bytes: Buffer | null = socket.read()
      if (bytes === null) await once(socket, 'readable')
      else sip += bytes.length
    }
    received += sip
    mostInFlight = Math.max(mostInFlight, sender.sent - received)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return mostInFlight
}

/** The app is the slow one. */
async function sendAndSip(client: Socket): Promise<number> {
  const sender = new Sender()
  const [, mostInFlight] = await Promise.all([
    sender.send(client),
    nextAtApp.then(socket => sip(socket, sender)),
  ])
  return mostInFlight
}

async function open({ client }: TwoSidecars, head: string): Promise<Socket> {
  nextAtApp = new Promise(resolve => {
    cameToApp = resolve
  })
  const socket = connect({ port: client.outbound, host: client.address })
  await once(socket, 'connect')
  socket.write(head)
  return socket
}

/** Neither sidecar keeps what a slow one does not take, and who sends it has to wait. */
async function expectBounded(through: TwoSidecars, transfer: () => Promise<number>): Promise<void> {
  let inFlight = 0
  let ofClient = 0
  const ofApp = await growthDuring(through.app.pid, async () => {
    ofClient = await growthDuring(through.client.pid, async () => {
      inFlight = await transfer()
    })
  })
  expect(inFlight).toBeLessThan(MOST_IN_FLIGHT)
  expect(ofClient).toBeLessThan(MOST_MEGABYTES)
  expect(ofApp).toBeLessThan(MOST_MEGABYTES)
}

describe('a slow reader', () => {
  it('stops the app that answers it', async () => {
    const client = await open(way, `GET / HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`)
    const socket = await nextAtApp
    await once(socket, 'data')
    socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${SIZE}\r\n\r\n`)
    await expectBounded(way, async () => {
      const sender = new Sender()
      const [mostInFlight] = await Promise.all([sip(client, sender), sender.send(socket)])
      return mostInFlight
    })
    client.destroy()
  })

  it('stops the client that sends to it', async () => {
    const client = await open(way, `POST / HTTP/1.1\r\nhost: ${HOST}\r\ncontent-length: ${SIZE}\r\n\r\n`)
    await expectBounded(way, () => sendAndSip(client))
    client.destroy()
  })

  it('stops who sends through a tunnel', async () => {
    const tunnel = await startTwoSidecars(app.port, 'tcp')
    const client = await open(tunnel, `CONNECT ${HOST}:80 HTTP/1.1\r\nhost: ${HOST}:80\r\n\r\n`)
    await once(client, 'data')
    await expectBounded(tunnel, () => sendAndSip(client))
    client.destroy()
    await tunnel.end()
  })
})
