import type { SpdyHeaders } from './spdy-headers.ts'

/** Frames of SPDY/3 (draft-mbelshe-httpbis-spdy-00, 2.6). Ids of streams have 31 bits, lengths 24. */
export type SpdyFrame =
  | SpdyOpeningFrame
  | {
      readonly type: 'syn-reply' | 'headers'
      readonly streamId: number
      readonly fin: boolean
      readonly headers: SpdyHeaders
    }
  | { readonly type: 'rst-stream'; readonly streamId: number; readonly status: number }
  | { readonly type: 'settings'; readonly entries: readonly SpdySetting[] }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goaway'; readonly lastStreamId: number; readonly status: number }
  | { readonly type: 'window-update'; readonly streamId: number; readonly delta: number }
  | SpdyDataFrame

export interface SpdyOpeningFrame {
  readonly type: 'syn-stream'
  readonly streamId: number
  readonly fin: boolean
  /** Its sender never wants an answer on it. */
  readonly unidirectional: boolean
  readonly headers: SpdyHeaders
}

export interface SpdyDataFrame {
  readonly type: 'data'
  readonly streamId: number
  /** The sender sends nothing more on this stream. */
  readonly fin: boolean
  readonly bytes: Buffer
}

export interface SpdySetting {
  readonly id: number
  readonly flags: number
  readonly value: number
}

export const SPDY_VERSION = 3

export const FRAME_HEADER_BYTES = 8

export const CONTROL_TYPES = {
  'syn-stream': 1,
  'syn-reply': 2,
  'rst-stream': 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  headers: 8,
  'window-update': 9,
} as const

export const FLAG_FIN = 0x01
export const FLAG_UNIDIRECTIONAL = 0x02

/** Why a stream is reset (2.6.3). */
export const RESET_STATUS = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  internalError: 6,
  streamAlreadyClosed: 9,
} as const

export type ResetStatus = (typeof RESET_STATUS)[keyof typeof RESET_STATUS]

/** Why a session ends (2.6.6). */
export const GOAWAY_STATUS = { ok: 0, protocolError: 1 } as const
