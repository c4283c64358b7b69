import type { IncomingMessage } from 'node:http'

const MOST_BYTES = 64 * 1024 * 1024
const MOST_MILLIS = 2000

/**
 * Takes what is left of a body that nobody wants, within bounds. Closing at once would reset the connection: a
 * client that is still sending would be told of that, and never see the answer.
 */
export function drain(message: IncomingMessage): Promise<void> {
  return new Promise(resolve => {
    let left = MOST_BYTES
    const timer = setTimeout(resolve, MOST_MILLIS)
    message.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) resolve()
    })
    for (const event of ['end', 'error', 'close']) message.once(event, () => resolve())
    message.once('close', () => clearTimeout(timer))
    message.resume()
  })
}
