import { CONNECTION_FAULTS, type ConnectionFault } from './error-code.ts'
import { LARGEST_FRAME, LARGEST_WINDOW } from './frame.ts'
import { LARGEST_LIST } from './hpack/field-list.ts'

/** Settings of RFC 9113 6.5.2. */
const HEADER_TABLE_SIZE = 0x1
const ENABLE_PUSH = 0x2
const MAX_CONCURRENT_STREAMS = 0x3
const INITIAL_WINDOW_SIZE = 0x4
const MAX_FRAME_SIZE = 0x5
const MAX_HEADER_LIST_SIZE = 0x6

/** What a client may have open at once; each costs a window at most while its other side does not read. */
export const MOST_STREAMS = 256
/** What a stream may send before its bytes were passed on. */
export const STREAM_WINDOW: number = 256 * 1024
/** What all streams of a connection together may. Also the most that a connection can make us hold. */
export const CONNECTION_WINDOW: number = 4 * 1024 * 1024

type Setting = readonly [id: number, value: number]

export const SERVER_SETTINGS: readonly Setting[] = [
  [MAX_CONCURRENT_STREAMS, MOST_STREAMS],
  [INITIAL_WINDOW_SIZE, STREAM_WINDOW],
  [MAX_HEADER_LIST_SIZE, LARGEST_LIST],
]

export const CLIENT_SETTINGS: readonly Setting[] = [
  [ENABLE_PUSH, 0],
  [INITIAL_WINDOW_SIZE, STREAM_WINDOW],
  [MAX_HEADER_LIST_SIZE, LARGEST_LIST],
]

/** Who hears what the other side set. */
export interface SettingsUser {
  onTableSize(size: number): void
  onMostStreams(most: number): void
  /** False: a window becomes too large. */
  onInitialWindow(size: number): boolean
  onLargestFrame(size: number): void
}

const BYTES_EACH = 6
const LARGEST_OF_ALL_FRAMES = 2 ** 24 - 1

/** Reads the payload of a SETTINGS frame. `fromServer`: servers never push to us, and must not say that they may. */
export function readSettings(
  bytes: Buffer,
  from: number,
  to: number,
  options: { readonly user: SettingsUser; readonly fromServer: boolean },
): ConnectionFault | undefined {
  if ((to - from) % BYTES_EACH !== 0) return CONNECTION_FAULTS.length
  for (let at = from; at < to; at += BYTES_EACH) {
    const id = bytes.readUInt16BE(at)
    const value = bytes.readUInt32BE(at + 2)
    const fault = apply(id, value, options)
    if (fault !== undefined) return fault
  }
  return undefined
}

function apply(
  id: number,
  value: number,
  { user, fromServer }: { readonly user: SettingsUser; readonly fromServer: boolean },
): ConnectionFault | undefined {
  switch (id) {
    case HEADER_TABLE_SIZE:
      user.onTableSize(value)
      return undefined
    case ENABLE_PUSH:
      return value > 1 || (fromServer && value !== 0) ? CONNECTION_FAULTS.settings : undefined
    case MAX_CONCURRENT_STREAMS:
      user.onMostStreams(value)
      return undefined
    case INITIAL_WINDOW_SIZE:
      if (value > LARGEST_WINDOW) return CONNECTION_FAULTS.window
      return user.onInitialWindow(value) ? undefined : CONNECTION_FAULTS.window
    case MAX_FRAME_SIZE:
      if (value < LARGEST_FRAME || value > LARGEST_OF_ALL_FRAMES) return CONNECTION_FAULTS.settings
      // Larger ones would only fill our buffers.
      user.onLargestFrame(LARGEST_FRAME)
      return undefined
    default:
      return undefined
  }
}
