import type { JaegerKeyValue, JaegerLog, JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'

/** What one call is made of; its children begin and end within it. */
export interface Call {
  readonly service: string
  readonly operation: string
  readonly kind: 'client' | 'server'
  /** Microseconds from the start of the parent. */
  readonly after: number
  readonly duration: number
  readonly status?: number
  readonly error?: string
  readonly calls?: readonly Call[]
}

/** A trace of nested calls, as the query service prints it. Ids follow from the seed. */
export function traceOf(seed: number, start: number, root: Call): JaegerTrace {
  const traceID = hex(seed, 16)
  const services = new Map<string, string>()
  const spans: JaegerSpan[] = []
  const add = (call: Call, at: number, parent: string | undefined): void => {
    if (!services.has(call.service)) services.set(call.service, `p${services.size + 1}`)
    const spanID = parent === undefined ? traceID : hex(seed * 1000 + spans.length, 16)
    const startTime = at + call.after
    spans.push({
      traceID,
      spanID,
      operationName: call.operation,
      references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parent }],
      startTime,
      duration: call.duration,
      tags: tagsOf(call),
      logs: logsOf(call, startTime),
      processID: services.get(call.service) ?? '',
      warnings: null,
    })
    for (const child of call.calls ?? []) add(child, startTime, spanID)
  }
  add(root, start, undefined)
  const processes = Object.fromEntries(
    [...services].map(([service, id], place) => [
      id,
      { serviceName: service, tags: processTags(service, place) },
    ]),
  )
  return { traceID, spans, processes, warnings: null }
}

/** Errands of the bookstore demo, oldest first, spread over the hour before `now` (microseconds). */
export function bookstoreTraces(now: number, count = 48): readonly JaegerTrace[] {
  const random = randomOf(7)
  return Array.from({ length: count }, (_, errand) => {
    const start = now - Math.round((count - errand) * 61_000_000 - random() * 20_000_000)
    const version = errand % 3 === 0 ? 'bookstore-v2' : 'bookstore-v1'
    const thief = errand % 7 === 5
    const slow = (version === 'bookstore-v2' ? 1.6 : 1) * (errand % 17 === 11 ? 6 : 1)
    const length = (base: number): number => Math.round(base * slow * (0.7 + random() * 0.6))
    return traceOf(
      errand + 4096,
      start,
      thief ? theft(version, length) : purchase(version, length, errand % 11 === 8),
    )
  })
}

type Length = (base: number) => number

function purchase(version: string, length: Length, outOfStock: boolean): Call {
  const [outer, inner, warehouse, stock] = [length(9400), length(7100), length(3900), length(1400)]
  const restock: Call = {
    service: version,
    operation: 'POST /restock-books',
    kind: 'client',
    after: 900,
    duration: warehouse,
    ...(outOfStock ? { status: 503, error: 'the warehouse is out of stock' } : { status: 200 }),
    calls: [
      {
        service: 'bookwarehouse',
        operation: 'POST /',
        kind: 'server',
        after: 350,
        duration: Math.max(300, warehouse - 700),
        ...(outOfStock ? { status: 503, error: 'out of stock' } : { status: 200 }),
        calls: [
          {
            service: 'bookwarehouse',
            operation: 'mysql:3306',
            kind: 'client',
            after: 220,
            duration: Math.min(stock, Math.max(100, warehouse - 1200)),
          },
        ],
      },
    ],
  }
  return {
    service: 'bookbuyer',
    operation: 'GET /buy-a-book/new',
    kind: 'client',
    after: 0,
    duration: Math.max(outer, inner + 800),
    status: 200,
    calls: [
      {
        service: version,
        operation: 'GET /buy-a-book/new',
        kind: 'server',
        after: 400,
        duration: Math.max(inner, warehouse + 1300),
        status: 200,
        calls: version === 'bookstore-v2' ? [restock, { ...restock, after: 1200 + warehouse }] : [restock],
      },
    ],
  }
}

function theft(version: string, length: Length): Call {
  const outer = length(2600)
  return {
    service: 'bookthief',
    operation: 'GET /books-bought',
    kind: 'client',
    after: 0,
    duration: outer,
    status: 403,
    error: 'Forbidden',
    calls: [
      {
        service: version,
        operation: 'GET /books-bought',
        kind: 'server',
        after: 300,
        duration: Math.round(outer * 0.6),
        status: 403,
        error: 'no traffic target allows it',
      },
    ],
  }
}

function tagsOf(call: Call): readonly JaegerKeyValue[] {
  const tags: JaegerKeyValue[] = [{ key: 'span.kind', type: 'string', value: call.kind }]
  const [method, path] = call.operation.split(' ')
  if (path !== undefined) {
    tags.push(
      { key: 'http.method', type: 'string', value: method ?? '' },
      { key: 'http.url', type: 'string', value: `http://bookstore.example:14001${path}?id=<b>&x="1"` },
    )
  }
  if (call.status !== undefined) tags.push({ key: 'http.status_code', type: 'int64', value: call.status })
  if (call.error !== undefined) tags.push({ key: 'error', type: 'bool', value: true })
  return tags
}

function logsOf(call: Call, start: number): readonly JaegerLog[] {
  if (call.error === undefined) return []
  const fields: JaegerKeyValue[] = [
    { key: 'event', type: 'string', value: 'error' },
    { key: 'message', type: 'string', value: call.error },
  ]
  return [{ timestamp: start + Math.round(call.duration * 0.8), fields }]
}

function processTags(service: string, place: number): readonly JaegerKeyValue[] {
  return [
    { key: 'hostname', type: 'string', value: `${service}-6d5f9c-x${place}kq` },
    { key: 'ip', type: 'string', value: `127.42.0.${place + 2}` },
  ]
}

function hex(value: number, digits: number): string {
  return ((BigInt(value) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn).toString(16).padStart(digits, '0')
}

/** The same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
