import { expected, expectedNumber, isObject, readLong, readMicros, readText } from './zipkin-json-values.ts'

const HIGHEST_PORT = 0xffff
const HIGHEST_INT = 2 ** 31 - 1
const MALFORMED = 'Malformed'

type Parsed = Record<string, unknown>

/** Checks and brings into form the endpoint under `field` of span `at`; the answer is the problem. */
export function checkEndpoint(endpoint: unknown, field: string, at: number): string | undefined {
  if (endpoint === undefined || endpoint === null) return undefined
  if (!isObject(endpoint)) return MALFORMED
  return (
    checkText(endpoint, 'serviceName', field, at) ??
    checkText(endpoint, 'ipv4', field, at) ??
    checkText(endpoint, 'ipv6', field, at) ??
    checkPort(endpoint, field, at)
  )
}

function checkText(endpoint: Parsed, key: string, field: string, at: number): string | undefined {
  const value = endpoint[key]
  if (typeof value === 'string' || value === undefined || value === null) return undefined
  const text = readText(value)
  if (text === undefined) return expected('a string', value, `$[${at}].${field}.${key}`)
  endpoint[key] = text
  return undefined
}

function checkPort(endpoint: Parsed, field: string, at: number): string | undefined {
  const port = endpoint['port']
  if (port === undefined || port === null) return undefined
  const number = readLong(port)
  if (number === undefined || Math.abs(number) > HIGHEST_INT) {
    return expectedNumber('an int', port, `$[${at}].${field}.port`)
  }
  if (number > HIGHEST_PORT) return `invalid port ${number}`
  if (number !== port || number < 0) endpoint['port'] = Math.max(0, number)
  return undefined
}

/** As `checkEndpoint`. The loop sees inherited keys too, of which parsed JSON has none. */
export function checkTags(tags: unknown, at: number): string | undefined {
  if (tags === undefined || tags === null) return undefined
  if (!isObject(tags)) return MALFORMED
  for (const key in tags) {
    const value = tags[key]
    if (typeof value === 'string') continue
    if (value === null) return `No value at $[${at}].tags.${key}`
    const text = readText(value)
    if (text === undefined) return expected('a string', value, `$[${at}].tags.${key}`)
    tags[key] = text
  }
  return undefined
}

/** As `checkEndpoint`. */
export function checkAnnotations(annotations: unknown, at: number): string | undefined {
  if (annotations === undefined || annotations === null) return undefined
  if (!Array.isArray(annotations)) return MALFORMED
  for (let place = 0; place < annotations.length; place++) {
    const problem = checkAnnotation(annotations[place], `$[${at}].annotations[${place}]`)
    if (problem !== undefined) return problem
  }
  return undefined
}

function checkAnnotation(annotation: unknown, path: string): string | undefined {
  if (!isObject(annotation)) return MALFORMED
  const { timestamp, value } = annotation
  if (timestamp === undefined || value === undefined) {
    return `Incomplete annotation at ${path}.${Object.keys(annotation).at(-1) ?? ''}`
  }
  const time = readMicros(timestamp)
  if (time === undefined) return expectedNumber('a long', timestamp, `${path}.timestamp`)
  const text = readText(value)
  if (text === undefined) return expected('a string', value, `${path}.value`)
  if (time !== timestamp) annotation['timestamp'] = time
  if (text !== value) annotation['value'] = text
  return undefined
}
