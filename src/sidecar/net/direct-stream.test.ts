import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { DirectStream } from './direct-stream.ts'
import { type StreamHandle, streamBinding, type WriteRequest } from './stream-binding.ts'

const node = streamBinding()

/** Takes no write at once, and then as much as it is told to. */
class SlowHandle implements StreamHandle {
  reading = true
  writeQueueSize = 0
  private readonly waiting: { readonly request: WriteRequest; left: number }[] = []

  onread(): void {}
  useUserBuffer(): void {}
  readStart(): number {
    return 0
  }
  readStop(): number {
    return 0
  }

  writeBuffer(request: WriteRequest, bytes: Buffer): number {
    return this.queue(request, bytes.length)
  }

  writeLatin1String(request: WriteRequest, text: string): number {
    return this.queue(request, text.length)
  }

  private queue(request: WriteRequest, left: number): number {
    this.waiting.push({ request, left })
    this.writeQueueSize += left
    if (node !== undefined) node.state[node.lastWriteWasAsync] = 1
    return 0
  }

  take(bytes: number): void {
    for (let rest = bytes; rest > 0; ) {
      const [first] = this.waiting
      if (first === undefined) return
      const part = Math.min(rest, first.left)
      rest -= part
      first.left -= part
      this.writeQueueSize -= part
      if (first.left > 0) return
      this.waiting.shift()
      first.request.oncomplete(0)
    }
  }
}

function streamOver(handle: SlowHandle): { stream: DirectStream | undefined; drains: () => number } {
  const socket = new Socket()
  Reflect.set(socket, '_handle', handle)
  let drains = 0
  const user = { onData: () => undefined, onDrain: () => void drains++, onWriteFailure: () => undefined }
  return { stream: DirectStream.over(socket, user), drains: () => drains }
}

describe('a stream whose other side reads slowly', () => {
  it('tells once that all is written, also where little was left when more was written', () => {
    const handle = new SlowHandle()
    const { stream, drains } = streamOver(handle)
    expect(stream?.write(Buffer.alloc(100_000))).toBe(false)
    handle.take(90_000)
    expect(stream?.writeText('end')).toBe(false)
    handle.take(10_000)
    expect(drains()).toBe(0)
    handle.take(3)
    expect(drains()).toBe(1)
  })

  it('promises nothing for what is little', () => {
    const handle = new SlowHandle()
    const { stream, drains } = streamOver(handle)
    expect(stream?.write(Buffer.alloc(1000))).toBe(true)
    handle.take(1000)
    expect(drains()).toBe(0)
  })
})
