import fc from 'fast-check'
import { createPatch } from 'rfc6902'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { applyJsonPatch } from './json-patch.ts'

const pod: JsonObject = { metadata: { labels: { a: 'b', 'x/y': 'z' } }, spec: { list: ['p', 'q'] } }
const apply = (...operations: Json[]) => applyJsonPatch(pod, operations)

describe('applyJsonPatch', () => {
  it('applies the six operations, in their order, to a copy', () => {
    const before = JSON.stringify(pod)
    expect(
      apply(
        { op: 'test', path: '/metadata/labels/a', value: 'b' },
        { op: 'add', path: '/spec/list/-', value: 'r' },
        { op: 'add', path: '/spec/list/0', value: 'o' },
        { op: 'replace', path: '/metadata/labels/x~1y', value: null },
        { op: 'copy', from: '/spec/list/1', path: '/spec/copy' },
        { op: 'move', from: '/metadata/labels/a', path: '/metadata/moved' },
        { op: 'remove', path: '/spec/list/1' },
      ),
    ).toEqual({
      metadata: { labels: { 'x/y': null }, moved: 'b' },
      spec: { list: ['o', 'q', 'r'], copy: 'p' },
    })
    expect(JSON.stringify(pod)).toBe(before)
  })

  it.each<[Json, string]>([
    [
      { op: 'add', path: '/status/phase', value: 1 },
      'add operation does not apply: doc is missing path: "/status/phase": missing value',
    ],
    [
      { op: 'replace', path: '/spec/none', value: 1 },
      'replace operation does not apply: doc is missing key: /spec/none: missing value',
    ],
    [
      { op: 'remove', path: '/spec/none' },
      "error in remove for path: '/spec/none': Unable to remove nonexistent key: none: missing value",
    ],
    [{ op: 'test', path: '/spec/list/0', value: 'q' }, 'testing value /spec/list/0 failed: test failed'],
    [
      { op: 'move', from: '/none/at/all', path: '/spec/x' },
      'move operation does not apply: doc is missing from path: /none/at/all: missing value',
    ],
    [
      { op: 'add', path: '/spec/list/3', value: 1 },
      'Unable to access invalid index: 3: invalid index referenced',
    ],
    [
      { op: 'replace', path: '/spec/list/x', value: 1 },
      'replace operation does not apply: doc is missing key: /spec/list/x: missing value',
    ],
    [
      { op: 'add', path: '', value: 1 },
      'add operation does not apply: doc is missing path: "": missing value',
    ],
    [
      { op: 'add', path: 'spec', value: 1 },
      'add operation does not apply: doc is missing path: "spec": missing value',
    ],
    [{ op: 'twist', path: '/spec' }, 'Unexpected kind: twist'],
    [{ path: '/spec' }, 'Unexpected kind: unknown'],
    [{ op: 'add', value: 1 }, 'add operation failed to decode path: missing value'],
    [{ op: 'copy', path: '/spec' }, 'copy operation failed to decode from: missing value'],
    ['add', 'an operation of the patch is no object'],
  ])('says why %j does not apply', (operation, message) => {
    expect(() => apply(operation)).toThrow(message)
  })

  it('reaches nothing but members of the object itself', () => {
    for (const path of ['/__proto__/x', '/constructor/prototype/x', '/metadata/__proto__']) {
      expect(() => apply({ op: 'add', path, value: 1 })).toThrow('a patch may not reach')
    }
    for (const path of ['/toString/x', '/hasOwnProperty/call', '/spec/list/map/x']) {
      expect(() => apply({ op: 'add', path, value: 1 })).toThrow('missing path')
    }
    expect(() => apply({ op: 'copy', from: '/toString', path: '/spec/x' })).toThrow('nonexistent key')
    expect(() => apply({ op: 'remove', path: '/toString' })).toThrow('nonexistent key')
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    expect(Object.hasOwn(Object.prototype.toString, 'x')).toBe(false)
  })

  it('keeps a key __proto__ of the object what it is', () => {
    const odd: JsonObject = JSON.parse('{"a":{"__proto__":{"evil":true}}}')
    const after = applyJsonPatch(odd, [{ op: 'add', path: '/b', value: 1 }])
    expect(JSON.stringify(after)).toBe('{"a":{"__proto__":{"evil":true}},"b":1}')
  })

  it('does not make much out of little', () => {
    const doubling = Array.from({ length: 40 }, (_, i): Json => ({ op: 'copy', from: '', path: `/c${i}` }))
    expect(() => applyJsonPatch({ a: {} }, doubling)).toThrow()
    const nested = Array.from({ length: 40 }, (_, i): Json => ({ op: 'copy', from: '/a', path: `/a/c${i}` }))
    expect(() => applyJsonPatch({ a: {} }, nested)).toThrow('the accumulated size increase of copy')
  })

  it('undoes any difference that createPatch sees', () => {
    const key = fc.constantFrom('a', 'b/c', 'd~e', '', '0')
    const { object } = fc.letrec<{ json: Json; object: JsonObject }>(tie => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, true, 1, 'x'),
        fc.array(tie('json'), { maxLength: 4 }),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('json'), { noNullPrototype: true }),
    }))
    fc.assert(
      fc.property(object, object, (before, after) => {
        const patch: Json = JSON.parse(JSON.stringify(createPatch(before, after)))
        expect(applyJsonPatch(before, patch as readonly Json[])).toEqual(after)
      }),
    )
  })
})
