import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { errorFields, type Logger } from '../logger.ts'
import { frame, GRPC_ENCODINGS, MessageReader, type Room } from './grpc-message.ts'
import { encodeGrpcMessage, GRPC, type GrpcAnswer, readGrpcTimeout } from './grpc-status.ts'

/** A method with one message each way. */
export interface GrpcMethod {
  /** `/package.Service/Method` */
  readonly path: string
  /** Of a message, before and after decompression. */
  readonly maxBytes: number
  readonly room: Room
  /** What is answered where there is no room. */
  readonly noRoom: Exclude<GrpcAnswer, { readonly code: 0 }>
  /** Counts a call that got no further than its message. */
  readonly refused: (answer: Exclude<GrpcAnswer, { readonly code: 0 }>) => void
  readonly handle: (message: Uint8Array, headers: IncomingHttpHeaders) => Promise<GrpcAnswer>
}

/** Within this a message must be there, or it would hold room for as long as its sender likes. */
const ARRIVAL_MILLIS = 60_000
const LONGEST_MILLIS = 2 ** 31 - 1
const RESPONSE_TYPE = { ':status': 200, 'content-type': 'application/grpc' }

/** Runs one call to its end, whichever of the answer, the deadline and the client's leaving comes first. */
export function runGrpcCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  method: GrpcMethod,
  logger: Logger,
): void {
  const encoding = String(headers['grpc-encoding'] ?? 'identity')
  if (encoding !== 'identity' && encoding !== 'gzip') {
    const answer = { code: GRPC.unimplemented, text: `grpc-encoding ${encoding} is not supported` } as const
    method.refused(answer)
    endGrpcStream(stream, answer)
    return
  }
  const { maxBytes, room, noRoom } = method
  const reader = new MessageReader({ maxBytes, room, noRoom, encoding })
  let state: 'reading' | 'handling' | 'ended' = 'reading'
  let isWhole = false

  const end = (answer: GrpcAnswer): void => {
    if (state === 'ended') return
    if (state === 'reading' && answer.code !== 0) method.refused(answer)
    state = 'ended'
    clearTimeout(deadline)
    clearTimeout(arrival)
    endGrpcStream(stream, answer)
  }
  const handle = async (): Promise<void> => {
    const read = await reader.finish()
    if (state === 'ended') return
    if ('code' in read) return end(read)
    state = 'handling'
    end(await method.handle(read.message, headers))
  }
  const timeout = readGrpcTimeout(headers['grpc-timeout']?.toString())
  const passed = (): void => end({ code: GRPC.deadlineExceeded, text: 'the deadline passed' })
  const deadline = timeout === undefined ? undefined : setTimeout(passed, Math.min(timeout, LONGEST_MILLIS))
  const arrival = setTimeout(
    () => end({ code: GRPC.deadlineExceeded, text: 'the message took too long to arrive' }),
    ARRIVAL_MILLIS,
  )
  stream.on('data', (chunk: Buffer) => {
    if (state !== 'reading') return
    const failure = reader.push(chunk)
    if (failure !== undefined) end(failure)
  })
  stream.once('end', () => {
    // It also ends when the client goes in the middle.
    if (state !== 'reading' || (stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR) return
    isWhole = true
    clearTimeout(arrival)
    handle()
      .catch((error: unknown) => {
        logger.error('a call failed', { path: method.path, ...errorFields(error) })
        end({ code: GRPC.unavailable, text: 'the server could not do it' })
      })
      .finally(() => reader.release())
  })
  stream.once('close', () => {
    if (state === 'reading') method.refused({ code: GRPC.cancelled, text: 'the client went away' })
    state = 'ended'
    clearTimeout(deadline)
    clearTimeout(arrival)
    // What is being written stays until it is.
    if (!isWhole) reader.release()
  })
}

/** Sends the answer, and takes nothing more. */
export function endGrpcStream(stream: ServerHttp2Stream, answer: GrpcAnswer): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return
  if (answer.code === GRPC.ok) {
    stream.respond({ ...RESPONSE_TYPE, 'grpc-accept-encoding': GRPC_ENCODINGS }, { waitForTrailers: true })
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(frame(answer.message))
    return
  }
  stream.respond(
    {
      ...RESPONSE_TYPE,
      'grpc-accept-encoding': GRPC_ENCODINGS,
      'grpc-status': String(answer.code),
      'grpc-message': encodeGrpcMessage(answer.text),
      ...answer.trailers,
    },
    { endStream: true },
  )
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
}
