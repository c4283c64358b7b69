/** Frames of RFC 9113 section 6. */
export const DATA = 0x0
export const HEADERS = 0x1
export const PRIORITY = 0x2
export const RST_STREAM = 0x3
export const SETTINGS = 0x4
export const PUSH_PROMISE = 0x5
export const PING = 0x6
export const GOAWAY = 0x7
export const WINDOW_UPDATE = 0x8
export const CONTINUATION = 0x9

export const END_STREAM = 0x1
export const ACK = 0x1
export const END_HEADERS = 0x4
export const PADDED = 0x8
export const HAS_PRIORITY = 0x20

export const FRAME_HEAD_BYTES = 9
/** SETTINGS_MAX_FRAME_SIZE, which we leave as it is from the start. */
export const LARGEST_FRAME = 16_384
export const LARGEST_STREAM_ID = 0x7fff_ffff
export const LARGEST_WINDOW = 0x7fff_ffff
/** Of connections and streams, where nothing else was said. */
export const USUAL_WINDOW = 65_535

/** What a client says first (RFC 9113 3.4). */
export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
