import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { SocketChannels } from './socket-channels.ts'

/** As much of a WebSocket as channels use to hold a client back. */
class HeldSocket extends EventEmitter {
  isPaused = false
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
}

const message = (channel: number, bytes: number): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.alloc(bytes)])

function openChannels(): { readonly socket: HeldSocket; readonly channels: SocketChannels } {
  const socket = new HeldSocket()
  const options = { base64: false, closes: true, used: () => undefined }
  return { socket, channels: new SocketChannels({ ...options, socket: socket as unknown as WebSocket }) }
}

test('a client waits while more is kept for it than may be, until that is read', async () => {
  const { socket, channels } = openChannels()
  const input = channels.open(0)
  socket.emit('message', message(0, 100_000))
  expect(socket.isPaused).toBe(true)
  for (let read = 0; read < 100_000; ) read += (await nextChunk(input)).length
  await expect.poll(() => socket.isPaused).toBe(false)
})

test('nobody waits for an input that has ended, however much of it is kept', () => {
  const { socket, channels } = openChannels()
  channels.open(0)
  // Both were on their way before the socket could be held.
  socket.emit('message', message(0, 100_000))
  socket.emit('message', Buffer.from([255, 0]))
  expect(socket.isPaused).toBe(false)
})

function nextChunk(input: ReturnType<SocketChannels['open']>): Promise<Buffer> {
  return new Promise(resolve => {
    const take = () => {
      const chunk: Buffer | null = input.read()
      if (chunk === null) input.once('readable', take)
      else resolve(chunk)
    }
    take()
  })
}
