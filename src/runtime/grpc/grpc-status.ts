/** The codes that are used here (grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export const GRPC = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const

export type GrpcCode = (typeof GRPC)[keyof typeof GRPC]

/** How a call ends. */
export type GrpcAnswer =
  | { readonly code: 0; readonly message: Uint8Array }
  | {
      readonly code: Exclude<GrpcCode, 0>
      /** For a person. */
      readonly text: string
      /** Beside status and message. Keys that end in `-bin` have base64. */
      readonly trailers?: Readonly<Record<string, string>>
    }

/** `grpc-message` is printable ASCII, the rest and `%` as bytes of UTF-8 in hex. */
export function encodeGrpcMessage(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

const TIMEOUT = /^(?<amount>[0-9]{1,8})(?<unit>[HMSmun])$/
const MILLIS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 }

/** `grpc-timeout` in milliseconds; undefined where there is none, or none that can be read. */
export function readGrpcTimeout(header: string | undefined): number | undefined {
  const { amount, unit = '' } = TIMEOUT.exec(header ?? '')?.groups ?? {}
  const millis = Number(amount) * (MILLIS[unit] ?? Number.NaN)
  return Number.isNaN(millis) ? undefined : millis
}
