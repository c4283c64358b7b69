/** Fields that a sidecar reads or removes. Everything else goes on as it came. */
export type KnownField =
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'connection'
  | 'keep-alive'
  | 'proxy-connection'
  | 'proxy-authorization'
  | 'te'
  | 'upgrade'
  | 'expect'
  | 'user-agent'
  | 'x-request-id'
  | 'x-b3-traceid'
  | 'x-b3-spanid'
  | 'x-b3-parentspanid'
  | 'x-b3-sampled'
  | 'x-b3-flags'
  | 'b3'
  | 'traceparent'
  | 'tracestate'
  | 'traceresponse'

const KNOWN: readonly KnownField[] = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'upgrade',
  'expect',
  'user-agent',
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'traceparent',
  'tracestate',
  'traceresponse',
]

/** Folds one more character of a name, of either case, into its hash. Begin with 0. */
export function foldName(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0
}

const BY_HASH: ReadonlyMap<number, KnownField> = new Map(KNOWN.map(name => [hashOf(name), name]))

/** The known field whose name stands at `from` to `to`, whatever its case. */
export function knownField(hash: number, text: string, from: number, to: number): KnownField | undefined {
  const known = BY_HASH.get(hash)
  if (known === undefined || known.length !== to - from) return undefined
  for (let at = 0; at < known.length; at++) {
    if ((text.charCodeAt(from + at) | 0x20) !== known.charCodeAt(at)) return undefined
  }
  return known
}

function hashOf(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = foldName(hash, name.charCodeAt(at))
  return hash
}
