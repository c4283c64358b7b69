import { KisekiError } from '../model/errors.ts'
import type {
  JaegerDependency,
  JaegerKeyValue,
  JaegerLog,
  JaegerProcess,
  JaegerReference,
  JaegerSpan,
  JaegerTrace,
} from '../wire/jaeger-shapes.ts'
import { field, list, number, object, type Reader, text, Unreadable } from './read-json.ts'

/** These read the `data` of an answer. What is missing or of another type is a `KISEKI_QUERY_FAILED` naming the place. */
export function parseTraces(data: unknown): readonly JaegerTrace[] {
  return parse(data, list(trace))
}

export function parseNames(data: unknown): readonly string[] {
  return parse(data, list(text))
}

export function parseDependencies(data: unknown): readonly JaegerDependency[] {
  return parse(data, list(dependency))
}

function parse<T>(data: unknown, read: Reader<T>): T {
  try {
    return read(data)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new KisekiError('KISEKI_QUERY_FAILED', `the answer cannot be read: data${error.message}`, {
      cause: error,
    })
  }
}

function dependency(value: unknown): JaegerDependency {
  const link = object(value)
  return {
    parent: field(link, 'parent', text),
    child: field(link, 'child', text),
    callCount: field(link, 'callCount', number),
  }
}

function trace(value: unknown): JaegerTrace {
  const found = object(value)
  return {
    traceID: field(found, 'traceID', text),
    spans: field(found, 'spans', list(span)),
    processes: field(found, 'processes', processes),
    warnings: field(found, 'warnings', warnings),
  }
}

function span(value: unknown): JaegerSpan {
  const found = object(value)
  const flags = found['flags']
  return {
    traceID: field(found, 'traceID', text),
    spanID: field(found, 'spanID', text),
    operationName: field(found, 'operationName', text),
    references: field(found, 'references', list(reference)),
    ...(typeof flags === 'number' ? { flags } : {}),
    startTime: field(found, 'startTime', number),
    duration: field(found, 'duration', number),
    tags: field(found, 'tags', list(keyValue)),
    logs: field(found, 'logs', list(log)),
    processID: field(found, 'processID', text),
    warnings: field(found, 'warnings', warnings),
  }
}

/** Without a prototype: the ids are the server's, and `__proto__` is one that it may use. */
function processes(value: unknown): Readonly<Record<string, JaegerProcess>> {
  const found: Record<string, JaegerProcess> = Object.create(null)
  const all = object(value ?? {})
  for (const id of Object.keys(all)) found[id] = field(all, id, process)
  return found
}

function process(value: unknown): JaegerProcess {
  const found = object(value)
  return { serviceName: field(found, 'serviceName', text), tags: field(found, 'tags', list(keyValue)) }
}

function reference(value: unknown): JaegerReference {
  const found = object(value)
  return {
    refType: found['refType'] === 'FOLLOWS_FROM' ? 'FOLLOWS_FROM' : 'CHILD_OF',
    traceID: field(found, 'traceID', text),
    spanID: field(found, 'spanID', text),
  }
}

const TYPES: ReadonlySet<unknown> = new Set(['string', 'bool', 'int64', 'float64', 'binary'])

function isType(value: unknown): value is JaegerKeyValue['type'] {
  return TYPES.has(value)
}

/** A value that is not of the format is kept as its JSON, so that nothing is hidden. */
function keyValue(value: unknown): JaegerKeyValue {
  const found = object(value)
  const content = found['value']
  const plain = typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean'
  return {
    key: field(found, 'key', text),
    type: isType(found['type']) ? found['type'] : 'string',
    value: plain ? content : (JSON.stringify(content) ?? ''),
  }
}

function log(value: unknown): JaegerLog {
  const found = object(value)
  return { timestamp: field(found, 'timestamp', number), fields: field(found, 'fields', list(keyValue)) }
}

function warnings(value: unknown): readonly string[] | null {
  return value === null || value === undefined ? null : list(text)(value)
}
