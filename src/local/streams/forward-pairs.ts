import { parsePort } from './port-number.ts'
import type { SpdyStream } from './spdy-stream.ts'

/** The two streams of one forwarded connection. */
export interface ForwardPair {
  readonly port: number
  readonly data: SpdyStream
  readonly error: SpdyStream
}

export interface ForwardPairsOptions {
  readonly complete: (pair: ForwardPair) => void
  /** For the second stream of a pair to come. */
  readonly creationMillis: number
}

interface OpenPair {
  readonly stream: SpdyStream
  readonly timer: NodeJS.Timeout
}

/** Brings the streams of a port-forward together, by their headers `streamtype`, `port` and `requestid`. */
export class ForwardPairs {
  readonly #options: ForwardPairsOptions
  readonly #open: Map<string, OpenPair> = new Map()

  constructor(options: ForwardPairsOptions) {
    this.#options = options
  }

  /** False: the stream is to be refused, as kubelet does where a header is missing or wrong. */
  add(stream: SpdyStream): boolean {
    const port = parsePort(stream.headers.get('port'))
    const type = stream.headers.get('streamtype')
    if (port === undefined || (type !== 'data' && type !== 'error')) return false
    const id = requestId(stream, type)
    const first = this.#open.get(id)
    if (first === undefined) {
      this.#wait(id, stream)
      return true
    }
    if (first.stream.headers.get('streamtype') === type) {
      if (type === 'error')
        tell(stream, `error processing stream for request ${id}: ${type} stream already assigned`)
      return type === 'error'
    }
    this.#forget(id)
    const [data, error] = type === 'data' ? [stream, first.stream] : [first.stream, stream]
    this.#options.complete({ port: parsePort(data.headers.get('port')) ?? port, data, error })
    return true
  }

  close(): void {
    for (const id of [...this.#open.keys()]) this.#forget(id)
  }

  #wait(id: string, stream: SpdyStream): void {
    const timer = setTimeout(() => {
      this.#forget(id)
      if (stream.headers.get('streamtype') === 'error')
        tell(stream, `(request=${id}) timed out waiting for streams`)
      else stream.destroy()
    }, this.#options.creationMillis)
    this.#open.set(id, { stream, timer })
    stream.once('close', () => {
      if (this.#open.get(id)?.stream === stream) this.#forget(id)
    })
  }

  #forget(id: string): void {
    clearTimeout(this.#open.get(id)?.timer)
    this.#open.delete(id)
  }
}

/** Old clients give none, but open the data stream right after the error stream: ids of streams go up by two. */
function requestId(stream: SpdyStream, type: 'data' | 'error'): string {
  const given = stream.headers.get('requestid')
  if (given !== undefined && given !== '') return given
  return `${type === 'error' ? stream.id : stream.id - 2}`
}

function tell(stream: SpdyStream, message: string): void {
  stream.resume()
  stream.end(message)
}
