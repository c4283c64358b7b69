import { describe, expect, it } from 'vitest'
import { type ConfigStream, createConfigStream } from './config-stream.ts'

interface Opened {
  readonly stream: ConfigStream
  readonly reader: AsyncIterator<string>
  readonly leave: AbortController
  blocked: number
}

function open(blockedMillis = 60_000): Opened {
  const leave = new AbortController()
  const opened = { leave, blocked: 0 }
  const stream = createConfigStream({
    blockedMillis,
    gone: leave.signal,
    blocked: () => {
      opened.blocked++
    },
  })
  return Object.assign(opened, { stream, reader: stream.lines[Symbol.asyncIterator]() })
}

describe('a config stream', () => {
  it('has one place to wait in, which the newest takes', async () => {
    const { stream, reader, leave } = open()
    stream.offer('1')
    expect(await reader.next()).toEqual({ done: false, value: '1\n' })
    for (const text of ['2', '3', '4']) stream.offer(text)
    stream.beat()
    expect((await reader.next()).value).toBe('4\n')
    stream.beat()
    expect((await reader.next()).value).toBe('\n')
    leave.abort()
    expect((await reader.next()).done).toBe(true)
  })

  it('sends what comes while somebody reads', async () => {
    const { stream, reader, leave } = open()
    const next = reader.next()
    stream.offer('1')
    expect((await next).value).toBe('1\n')
    const last = reader.next()
    leave.abort()
    expect((await last).done).toBe(true)
  })

  it('ends without sending what waits', async () => {
    const { stream, reader } = open()
    stream.offer('1')
    stream.end()
    expect((await reader.next()).done).toBe(true)
  })

  it('cuts a reader that takes nothing more', async () => {
    const opened = open(1)
    opened.stream.offer('1')
    await opened.reader.next()
    await new Promise(resolve => opened.stream.cut.addEventListener('abort', resolve))
    expect(opened.blocked).toBe(1)
    await opened.reader.return?.()
  })

  it('leaves no deadline behind when the reader goes', async () => {
    const opened = open(1)
    opened.stream.offer('1')
    await opened.reader.next()
    await opened.reader.return?.()
    // A timer of the same length that began later would fire after the deadline.
    await new Promise(resolve => setTimeout(resolve, 1))
    expect(opened.blocked).toBe(0)
  })
})
