import type { AttributeValue } from '../../model/attributes.ts'
import { decodeBase64 } from '../../model/base64.ts'
import type { JsonFields, JsonWalk } from './json-walk.ts'
import { MOST_NESTED } from './proto-value.ts'

type ValueField = (walk: JsonWalk, of: JsonFields, depth: number) => AttributeValue

const FIELDS: readonly (readonly [name: string, read: ValueField])[] = [
  ['stringValue', (walk, of) => walk.text(of, 'stringValue')],
  ['intValue', (walk, of) => walk.int64(of, 'intValue')],
  ['boolValue', (walk, of) => walk.boolean(of, 'boolValue')],
  ['doubleValue', (walk, of) => walk.double(of, 'doubleValue')],
  ['arrayValue', readList],
  ['kvlistValue', readMap],
  ['bytesValue', readBytes],
]

/** An `AnyValue`. One that says nothing is an empty text. */
export function readJsonValue(walk: JsonWalk, of: JsonFields, depth = 0): AttributeValue {
  for (const [name, read] of FIELDS) {
    const value = of[name]
    if (value !== undefined && value !== null) return read(walk, of, depth)
  }
  return ''
}

function readList(walk: JsonWalk, of: JsonFields, depth: number): AttributeValue {
  return walk.within(of, 'arrayValue', list => {
    const values: AttributeValue[] = []
    walk.each(list, 'values', item => values.push(readJsonValue(walk, item, nested(walk, depth))))
    return values
  })
}

function readMap(walk: JsonWalk, of: JsonFields, depth: number): AttributeValue {
  return walk.within(of, 'kvlistValue', list => {
    const values = new Map<string, AttributeValue>()
    walk.each(list, 'values', item => {
      const value = walk.within(item, 'value', any => readJsonValue(walk, any, nested(walk, depth)))
      values.set(walk.text(item, 'key'), value)
    })
    return values
  })
}

/** Both alphabets of base64, as protobuf's mapping has it. */
function readBytes(walk: JsonWalk, of: JsonFields): AttributeValue {
  const text = walk.text(of, 'bytesValue')
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  return bytes ?? walk.refuse('bytesValue', 'base64', text)
}

function nested(walk: JsonWalk, depth: number): number {
  if (depth >= MOST_NESTED) walk.refuse('value', `nested no deeper than ${MOST_NESTED}`, 'deeper')
  return depth + 1
}
