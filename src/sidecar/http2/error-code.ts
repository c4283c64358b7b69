/** Error codes of RFC 9113 section 7. */
export const NO_ERROR = 0x0
export const PROTOCOL_ERROR = 0x1
export const INTERNAL_ERROR = 0x2
export const FLOW_CONTROL_ERROR = 0x3
export const STREAM_CLOSED = 0x5
export const FRAME_SIZE_ERROR = 0x6
export const REFUSED_STREAM = 0x7
export const CANCEL = 0x8
export const COMPRESSION_ERROR = 0x9
export const CONNECT_ERROR = 0xa
export const ENHANCE_YOUR_CALM = 0xb

/** What the other side did that ends the connection. */
export interface ConnectionFault {
  readonly code: number
  /** One word for counters. */
  readonly reason: string
  /** For people; the other side is told. */
  readonly text: string
}

export type ConnectionFaultName =
  | 'preface'
  | 'firstFrame'
  | 'frameSize'
  | 'length'
  | 'streamId'
  | 'idleStream'
  | 'blockOpen'
  | 'continuation'
  | 'padding'
  | 'compression'
  | 'settings'
  | 'window'
  | 'windowIncrement'
  | 'flowControl'
  | 'push'
  | 'resetFlood'
  | 'continuationFlood'
  | 'settingsFlood'
  | 'pingFlood'
  | 'emptyFlood'
  | 'windowFlood'
  | 'strayFlood'
  | 'unread'

const fault = (code: number, reason: string, text: string): ConnectionFault => ({ code, reason, text })

export const CONNECTION_FAULTS: Readonly<Record<ConnectionFaultName, ConnectionFault>> = {
  preface: fault(PROTOCOL_ERROR, 'http2-preface', 'malformed connection preface'),
  firstFrame: fault(PROTOCOL_ERROR, 'http2-preface', 'the first frame is no SETTINGS frame'),
  frameSize: fault(FRAME_SIZE_ERROR, 'http2-frame-size', 'frame over 16384 bytes'),
  length: fault(FRAME_SIZE_ERROR, 'http2-frame-size', 'frame of a length that its type does not have'),
  streamId: fault(PROTOCOL_ERROR, 'http2-stream-id', 'stream identifier that must not come here'),
  idleStream: fault(PROTOCOL_ERROR, 'http2-stream-id', 'frame for a stream that was never opened'),
  blockOpen: fault(PROTOCOL_ERROR, 'http2-header-block', 'other frame inside a header block'),
  continuation: fault(PROTOCOL_ERROR, 'http2-header-block', 'CONTINUATION without a header block'),
  padding: fault(PROTOCOL_ERROR, 'http2-padding', 'padding as long as the frame'),
  compression: fault(COMPRESSION_ERROR, 'http2-compression', 'malformed header block'),
  settings: fault(PROTOCOL_ERROR, 'http2-settings', 'value that the setting does not have'),
  window: fault(FLOW_CONTROL_ERROR, 'http2-flow-control', 'window over 2^31-1'),
  windowIncrement: fault(PROTOCOL_ERROR, 'http2-flow-control', 'window increment of 0'),
  flowControl: fault(FLOW_CONTROL_ERROR, 'http2-flow-control', 'more data than the window allows'),
  push: fault(PROTOCOL_ERROR, 'http2-push', 'PUSH_PROMISE, which is switched off'),
  resetFlood: fault(ENHANCE_YOUR_CALM, 'http2-reset-flood', 'too many streams reset'),
  continuationFlood: fault(ENHANCE_YOUR_CALM, 'http2-continuation-flood', 'header block without an end'),
  settingsFlood: fault(ENHANCE_YOUR_CALM, 'http2-settings-flood', 'too many SETTINGS frames'),
  pingFlood: fault(ENHANCE_YOUR_CALM, 'http2-ping-flood', 'too many PING frames'),
  emptyFlood: fault(ENHANCE_YOUR_CALM, 'http2-empty-data-flood', 'too many empty DATA frames'),
  windowFlood: fault(ENHANCE_YOUR_CALM, 'http2-window-update-flood', 'too many WINDOW_UPDATE frames'),
  strayFlood: fault(ENHANCE_YOUR_CALM, 'http2-stray-flood', 'too many frames that mean nothing'),
  unread: fault(ENHANCE_YOUR_CALM, 'http2-unread', 'too many answers that are not read'),
}

/** Codes that say something about the request. The others are about one connection, and mean nothing on the next. */
const END_TO_END = new Set([NO_ERROR, INTERNAL_ERROR, CANCEL, ENHANCE_YOUR_CALM])

/** With which code a stream is reset whose other half was reset with `code`. */
export function relayedCode(code: number): number {
  return END_TO_END.has(code) ? code : INTERNAL_ERROR
}
