import fc from 'fast-check'
import { createPatch } from 'rfc6902'
import { describe, expect, it } from 'vitest'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { applyJsonPatch } from './json-patch.ts'

function failureOf(document: JsonObject, operations: unknown): KubeFailure {
  try {
    applyJsonPatch(document, operations)
  } catch (error) {
    if (error instanceof KubeFailure) return error
  }
  throw new Error('did not fail')
}

function causeOf(document: JsonObject, operation: Json): string | undefined {
  const failure = failureOf(document, [operation])
  expect(failure.status).toBe(422)
  expect(failure.message).toBe('the server rejected our request due to an error in our request')
  return failure.details.causes?.[0]?.message
}

/** RFC 6902, appendix A: document, operations, result. */
const APPENDIX: readonly (readonly [string, JsonObject, readonly Json[], Json])[] = [
  ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  [
    'A.2',
    { foo: ['bar', 'baz'] },
    [{ op: 'add', path: '/foo/1', value: 'qux' }],
    { foo: ['bar', 'qux', 'baz'] },
  ],
  ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  [
    'A.5',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'replace', path: '/baz', value: 'boo' }],
    { baz: 'boo', foo: 'bar' },
  ],
  [
    'A.6',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  [
    'A.10',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  ['A.11', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }], { foo: 'bar', baz: 'qux' }],
  ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  [
    'A.16',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
]

describe('a JSON patch', () => {
  it.each(APPENDIX)('does as RFC 6902 %s', (_, document, operations, result) => {
    const before = structuredClone(document)
    expect(applyJsonPatch(document, operations)).toEqual(result)
    expect(document).toEqual(before)
  })

  it('fails as RFC 6902 A.9, A.12 and A.15', () => {
    expect(causeOf({ baz: 'qux' }, { op: 'test', path: '/baz', value: 'bar' })).toBe(
      'testing value /baz failed: test failed',
    )
    expect(causeOf({ foo: 'bar' }, { op: 'add', path: '/baz/bat', value: 'qux' })).toBe(
      'add operation does not apply: doc is missing path: "/baz/bat": missing value',
    )
    expect(causeOf({ '/': 9, '~1': 10 }, { op: 'test', path: '/~01', value: '10' })).toContain('test failed')
  })

  it('does all or nothing', () => {
    const document = { a: 1 }
    expect(() =>
      applyJsonPatch(document, [
        { op: 'remove', path: '/a' },
        { op: 'test', path: '/b', value: 1 },
      ]),
    ).toThrow(KubeFailure)
    expect(document).toEqual({ a: 1 })
  })

  it('replaces the whole document, and takes null for what is not there', () => {
    expect(applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }])).toEqual({ b: 2 })
    expect(applyJsonPatch({ a: 1 }, [{ op: 'test', path: '/b', value: null }])).toEqual({ a: 1 })
  })

  it('moves within a list by the rules of remove, then add', () => {
    const operations = [{ op: 'move', from: '/a/0', path: '/a/0/x' }]
    expect(applyJsonPatch({ a: [1, {}, { y: 1 }] }, operations)).toEqual({ a: [{ x: 1 }, { y: 1 }] })
  })

  it('names what is wrong with a place', () => {
    expect(causeOf({ a: 1 }, { op: 'remove', path: '/b' })).toBe(
      "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value",
    )
    expect(causeOf({ a: [1] }, { op: 'add', path: '/a/2', value: 1 })).toBe(
      "error in add for path: '/a/2': Unable to access invalid index: 2: invalid index referenced",
    )
    expect(causeOf({ a: [1] }, { op: 'add', path: '/a/01', value: 1 })).toContain('not a proper array index')
    expect(causeOf({ a: [1] }, { op: 'remove', path: '/a/-' })).toContain('Unable to access invalid index: -')
    expect(causeOf({ a: [1] }, { op: 'test', path: '/a/4', value: null })).toContain('invalid index')
    expect(causeOf({ a: 1 }, { op: 'replace', path: '/b', value: 1 })).toBe(
      'replace operation does not apply: doc is missing key: /b: missing value',
    )
    expect(causeOf({ a: { b: {} } }, { op: 'move', from: '/a', path: '/a/b/c' })).toContain('missing path')
    expect(causeOf({ a: 1 }, { op: 'remove', path: '' })).toContain('missing path')
    expect(causeOf({ a: 1 }, { op: 'add', path: 'a', value: 1 })).toContain('missing path')
  })

  it('refuses what is no patch', () => {
    for (const [patch, message] of [
      [
        {},
        'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      ],
      [
        ['x'],
        'error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp',
      ],
      [
        [{ op: 'remove', path: 1 }],
        'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string',
      ],
      [[{ op: 'frob', path: '/a' }], 'error decoding patch: Unexpected kind: frob'],
      [[{ op: 'add', path: '/a' }], 'error decoding patch: operation, missing value field: missing value'],
      [
        [{ op: 'move', path: '/a' }],
        'error decoding patch: move operation failed to decode from: missing value',
      ],
    ] as const) {
      const failure = failureOf({}, patch)
      expect(failure.status).toBe(400)
      expect(failure.message).toBe(message)
    }
  })

  it('is bounded', () => {
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }))
    expect(failureOf({ a: 1 }, many).message).toBe(
      'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    )
    const doubling = Array.from({ length: 30 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/x${i}` }))
    expect(failureOf({ a: { text: 'some text' } }, doubling).details.causes?.[0]?.message).toContain(
      'exceeding the limit 3145728',
    )
  })

  it('cannot reach what is no value', () => {
    for (const path of [
      '/__proto__/polluted',
      '/constructor/prototype/polluted',
      '/__proto__',
      '/toString/x',
    ]) {
      expect(causeOf({ a: 1 }, { op: 'add', path, value: true })).toContain('missing path')
    }
    expect(causeOf({ a: 1 }, { op: 'copy', from: '/toString', path: '/b' })).toContain('nonexistent key')
    const value: Json = JSON.parse('{"__proto__":{"polluted":true}}')
    expect(causeOf({ a: 1 }, { op: 'add', path: '/b', value })).toContain('__proto__')
    expect('polluted' in {}).toBe(false)
  })

  it('brings one document to another', () => {
    const documents = fc.dictionary(
      fc.constantFrom('a', 'b', '~', '/', ''),
      fc.jsonValue({ maxDepth: 3, noUnicodeString: true }),
    )
    fc.assert(
      fc.property(documents, documents, (from, to) => {
        const [before, after]: [JsonObject, JsonObject] = JSON.parse(JSON.stringify([from, to]))
        fc.pre(!JSON.stringify([before, after]).includes('__proto__'))
        expect(applyJsonPatch(before, createPatch(before, after))).toEqual(after)
      }),
    )
  })
})
