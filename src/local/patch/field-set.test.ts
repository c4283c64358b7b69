import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeFieldSet,
  difference,
  encodeFieldSet,
  type FieldSet,
  fieldSet,
  intersection,
  isEmptySet,
  isSameSet,
  NO_FIELDS,
  pathsOf,
  union,
  withParentFields,
} from './field-set.ts'
import { describePath, fieldElement, indexElement, keyElement, valueElement } from './path-element.ts'

const elements = fc.oneof(
  fc.string({ maxLength: 3 }).map(fieldElement),
  fc.constantFrom('__proto__', 'constructor', '.').map(fieldElement),
  fc
    .record({ name: fc.string({ maxLength: 2 }), port: fc.nat(3) })
    .map(({ name, port }) => keyElement({ port, name })),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()).map(valueElement),
  fc.nat(9).map(indexElement),
)

const { set: sets } = fc.letrec<{ set: FieldSet }>(tie => ({
  set: fc
    .array(fc.tuple(elements, fc.boolean(), fc.oneof({ maxDepth: 3 }, fc.constant(NO_FIELDS), tie('set'))), {
      maxLength: 4,
    })
    .map(parts =>
      fieldSet(
        false,
        parts.map(([element, own, part]) => [element, { ...part, own }]),
      ),
    ),
}))

describe('a field set', () => {
  it('is read as it is written', () => {
    const fields = {
      'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
      'f:spec': {
        'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } },
        'f:finalizers': { 'v:"x"': {} },
      },
    }
    const set = decodeFieldSet(fields)
    expect(set && encodeFieldSet(set)).toEqual(fields)
    expect(set && [...pathsOf(set)].map(describePath)).toEqual([
      '.metadata.labels',
      '.metadata.labels.app',
      '.spec.containers[name="web"]',
      '.spec.containers[name="web"].image',
      '.spec.finalizers[="x"]',
    ])
  })

  it('is the same whatever the spelling', () => {
    const one = decodeFieldSet({ 'k:{"protocol":"TCP","port":80}': {} })
    const other = decodeFieldSet({ 'k:{ "port": 80, "protocol": "TCP" }': { '.': {} } })
    expect(one && other && isSameSet(one, other)).toBe(true)
  })

  it('survives being written', () => {
    fc.assert(
      fc.property(sets, set => {
        const read = decodeFieldSet(JSON.parse(JSON.stringify(encodeFieldSet(set))))
        expect(read && isSameSet(read, set)).toBe(true)
      }),
    )
  })

  it('obeys the laws of sets', () => {
    fc.assert(
      fc.property(sets, sets, (one, other) => {
        expect(isEmptySet(difference(one, union(one, other)))).toBe(true)
        expect(isSameSet(union(difference(one, other), intersection(one, other)), one)).toBe(true)
        expect(isEmptySet(intersection(difference(one, other), other))).toBe(true)
        expect(isEmptySet(difference(one, withParentFields(one)))).toBe(true)
      }),
    )
  })

  it.each([[[]], [{ 'x:y': {} }], [{ 'k:{': {} }], [{ 'f:a': 1 }], ['text'], [{ 'i:x': {} }]])(
    'is not read from %j',
    fields => {
      expect(decodeFieldSet(fields)).toBeUndefined()
    },
  )
})
