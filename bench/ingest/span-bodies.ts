/**
 * Bodies of spans as sidecars send them, the same for the same seed: a dozen services, traces of 1 to 40 spans,
 * eight tags a span, two of them unlike in each trace, annotations on a quarter, about 750 bytes a span.
 */
export interface BodyOptions {
  readonly seed: number
  /** Microseconds; spans start from here on, a trace every `stepMicros`. */
  readonly start: number
  readonly stepMicros: number
}

const SERVICES = [
  'front',
  'cart',
  'catalog',
  'search',
  'pay',
  'ship',
  'mail',
  'rates',
  'ads',
  'auth',
  'stock',
  'tax',
]
const PATHS = ['/users/{id}', '/orders/{id}', '/orders/{id}/items', '/products/{id}', '/cart/{id}']
const METHODS = ['GET', 'POST', 'GET', 'PUT', 'DELETE']
const AGENTS = Array.from(
  { length: 30 },
  (_, i) => `Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/${100 + i}.0`,
)
const PEERS = Array.from(
  { length: 500 },
  (_, i) => `10.${i % 7}.${(i * 37) % 250}.${(i * 91) % 250}:${8000 + (i % 40)}`,
)
const PODS = Array.from(
  { length: 40 },
  (_, i) => `sidecar~10.4.${i}.17~pod-${i.toString(36)}7f9c.default~default.svc`,
)

interface BenchSpan {
  readonly id: string
  readonly service: string
  readonly kind: string
  readonly timestamp: number
  readonly duration: number
}

export class SpanBodies {
  readonly #random: () => number
  readonly #options: BodyOptions
  #traces = 0
  #waiting: Record<string, unknown>[] = []

  constructor(options: BodyOptions) {
    this.#options = options
    this.#random = mulberry32(options.seed)
  }

  /** A JSON list of `count` spans. Neighbouring traces are mixed, as they are on the wire. */
  next(count: number): string {
    while (this.#waiting.length < count + 1000) this.#addTrace()
    this.#waiting.sort((left, right) => Number(left['timestamp']) - Number(right['timestamp']))
    return JSON.stringify(this.#waiting.splice(0, count))
  }

  #addTrace(): void {
    const traceId = this.#hex(8)
    const requestId = `${this.#hex(2)}-${this.#hex(1)}-4${this.#hex(1).slice(1)}-a${this.#hex(1).slice(1)}-${this.#hex(3)}`
    const agent = this.#pick(AGENTS)
    const start = this.#options.start + this.#options.stepMicros * this.#traces++
    const spans: BenchSpan[] = []
    const length = Math.min(40, 1 + Math.floor(-Math.log(1 - this.#random()) * 7.6))
    for (let i = 0; i < length; i++) {
      const parent = i === 0 ? undefined : this.#pick(spans)
      const isServer = parent === undefined || parent.kind === 'CLIENT'
      const timestamp = parent === undefined ? start : parent.timestamp + this.#below(parent.duration / 2)
      const path = this.#below(PATHS.length)
      const service = isServer || parent === undefined ? this.#pick(SERVICES) : parent.service
      const span: BenchSpan = {
        id: this.#hex(4),
        service,
        kind: isServer ? 'SERVER' : 'CLIENT',
        timestamp,
        duration: Math.max(50, this.#below(parent === undefined ? 80_000 : parent.duration)),
      }
      spans.push(span)
      const failed = this.#random() < 0.02
      this.#waiting.push({
        traceId,
        id: span.id,
        ...(parent === undefined ? {} : { parentId: parent.id }),
        name: `${METHODS[path]} ${PATHS[path]}`,
        kind: span.kind,
        timestamp,
        duration: span.duration,
        localEndpoint: { serviceName: service, ipv4: `10.4.${SERVICES.indexOf(service)}.17`, port: 8080 },
        ...(isServer ? {} : { remoteEndpoint: { serviceName: this.#pick(SERVICES) } }),
        ...this.#annotations(timestamp),
        tags: {
          'http.method': METHODS[path],
          'http.url': `http://${service}.svc${PATHS[path]?.replace('{id}', String(this.#below(1e6)))}`,
          'http.status_code': failed ? '503' : '200',
          'peer.address': this.#pick(PEERS),
          node_id: this.#pick(PODS),
          'guid:x-request-id': requestId,
          user_agent: agent,
          upstream_cluster: `outbound|8080||${this.#pick(SERVICES)}.default.svc.cluster.local`,
          ...(failed ? { error: 'true' } : {}),
        },
      })
    }
  }

  #annotations(timestamp: number): object {
    if (this.#random() >= 0.25) return {}
    return { annotations: [{ timestamp: timestamp + 10, value: 'retry' }] }
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)]
    if (item === undefined) throw new Error('The list is empty.')
    return item
  }

  #hex(words: number): string {
    let text = ''
    for (let i = 0; i < words; i++) text += this.#below(0x10000).toString(16).padStart(4, '0')
    return text
  }
}

/** A small generator with a seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
