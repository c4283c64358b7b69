import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUILT_IN_KINDS, messageNamed } from '../kinds/built-in-kinds.ts'
import { decodeKubeProtobuf } from './kube-protobuf.ts'
import { CAPTURED_BODIES } from './testing/captured-bodies.ts'
import { messageArbitrary } from './testing/message-arbitrary.ts'
import { chunk, encodeKubeProtobuf, textField, unknownObject, varint } from './testing/message-encoder.ts'

describe('bodies that kubectl sent', () => {
  it.each(CAPTURED_BODIES)('kubectl $command', ({ hex, object }) => {
    expect(decodeKubeProtobuf(Buffer.from(hex, 'hex'))).toEqual(object)
  })
})

describe('every built-in kind', () => {
  it.each(BUILT_IN_KINDS)('$kind of $group/$version is decoded as it was encoded', kind => {
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
    const message = messageNamed(kind.message)
    fc.assert(
      fc.property(messageArbitrary(message), fields => {
        const object = { apiVersion, kind: kind.kind, ...fields }
        expect(decodeKubeProtobuf(encodeKubeProtobuf(object))).toStrictEqual(object)
      }),
      { numRuns: 15 },
    )
  })
})

const configMap = (raw: readonly number[]): Uint8Array =>
  unknownObject({ apiVersion: 'v1', kind: 'ConfigMap', raw })
const deployment = (raw: readonly number[]): Uint8Array =>
  unknownObject({ apiVersion: 'apps/v1', kind: 'Deployment', raw })

describe('what Go writes', () => {
  it('leaves out zeros that Go always writes, and keeps those that were set', () => {
    const spec = chunk(2, [...varint(8), 0, ...varint(5 * 8), 0])
    expect(decodeKubeProtobuf(deployment(spec))).toMatchObject({ spec: { replicas: 0 } })
    expect(decodeKubeProtobuf(deployment(spec))).not.toHaveProperty('spec.minReadySeconds')
  })

  it('leaves out the zero time, and tells it from 1970', () => {
    expect(decodeKubeProtobuf(configMap(chunk(1, chunk(8, []))))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {},
    })
    expect(decodeKubeProtobuf(configMap(chunk(1, chunk(8, [8, 0, 16, 0]))))).toMatchObject({
      metadata: { creationTimestamp: '1970-01-01T00:00:00Z' },
    })
  })

  it('reads negative numbers, and the last of a value written twice', () => {
    const replicas = (count: number): readonly number[] => [8, ...varint(count)]
    expect(decodeKubeProtobuf(deployment(chunk(2, [...replicas(7), ...replicas(-1)])))).toMatchObject({
      spec: { replicas: -1 },
    })
  })

  it('joins a message that is written in two parts', () => {
    const metadata = [...chunk(1, textField(1, 'a')), ...chunk(1, textField(3, 'b'))]
    expect(decodeKubeProtobuf(configMap(metadata))).toMatchObject({ metadata: { name: 'a', namespace: 'b' } })
  })

  it('reads lists of numbers packed or not', () => {
    const pod = (groups: readonly number[]): Uint8Array =>
      unknownObject({ apiVersion: 'v1', kind: 'Pod', raw: chunk(2, chunk(14, groups)) })
    const expected = { spec: { securityContext: { supplementalGroups: [1, 300] } } }
    expect(decodeKubeProtobuf(pod(chunk(4, [1, ...varint(300)])))).toMatchObject(expected)
    expect(decodeKubeProtobuf(pod([32, 1, 32, ...varint(300)]))).toMatchObject(expected)
  })

  it('skips fields it does not know', () => {
    const unknown = [...chunk(1000, [1, 2]), ...varint(1001 * 8), 5, ...varint(1002 * 8 + 5), 1, 2, 3, 4]
    expect(decodeKubeProtobuf(configMap([...unknown, ...chunk(1, textField(1, 'a'))]))).toMatchObject({
      metadata: { name: 'a' },
    })
  })

  it('takes options in the name of any group', () => {
    const body = unknownObject({ apiVersion: 'apps/v1', kind: 'DeleteOptions', raw: [8, 0] })
    expect(decodeKubeProtobuf(body)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
    })
  })
})

describe('what is refused', () => {
  it.each([
    ['no protobuf', Buffer.from('{"kind":"Pod"}'), 'expected prefix [107 56 115 0]'],
    ['a cut body', encodeKubeProtobuf(CAPTURED_BODIES[0]?.object ?? {}).subarray(0, 20), 'unexpected EOF'],
    ['no kind', unknownObject({ apiVersion: 'v1', kind: '', raw: [] }), "Object 'Kind' is missing"],
    ['a cut message', deployment(chunk(2, [10, 9, 1])), 'Deployment: proto: spec: unexpected EOF'],
    [
      'a wrong type',
      deployment(chunk(2, textField(1, 'two'))),
      'Deployment in version "v1" cannot be handled as a Deployment: proto: spec.replicas: wrong wireType = 2',
    ],
    ['a group', configMap([11]), 'illegal wireType 3'],
    ['a field without number', configMap([0, 0]), 'illegal tag 0'],
    ['a number without end', configMap(Array.from({ length: 11 }, () => 0xff)), 'integer overflow'],
    ['a length beyond all', configMap([10, ...varint(2n ** 63n)]), 'unexpected EOF'],
    [
      'what should be JSON and is not',
      configMap(chunk(1, chunk(17, chunk(7, textField(1, '{'))))),
      'metadata.managedFields[0].fieldsV1: no JSON',
    ],
    [
      'a year without form',
      configMap(chunk(1, chunk(8, [8, ...varint(2n ** 50n)]))),
      'year outside of range',
    ],
  ])('%s', (_, body, message) => {
    const decode = (): unknown => decodeKubeProtobuf(body)
    expect(decode).toThrow(message)
    expect(decode).toThrow(expect.objectContaining({ reason: 'BadRequest' }))
  })

  it('kinds that are not built in, with their name', () => {
    for (const [apiVersion, kind] of [
      ['example.com/v1', 'Widget'],
      ['v1', 'constructor'],
    ] as const) {
      const decode = (): unknown => decodeKubeProtobuf(unknownObject({ apiVersion, kind, raw: [] }))
      expect(decode).toThrow(`${kind} of ${apiVersion}`)
      expect(decode).toThrow(expect.objectContaining({ reason: 'UnsupportedMediaType' }))
    }
  })

  it('messages in another form than protobuf', () => {
    const body = unknownObject({ apiVersion: 'v1', kind: 'Pod', raw: [], contentType: 'application/json' })
    expect(() => decodeKubeProtobuf(body)).toThrow('application/json')
  })

  it('what is too large or nested too deep', () => {
    const large = new Uint8Array(3 * 1024 * 1024 + 1)
    expect(() => decodeKubeProtobuf(large)).toThrow('limit is 3145728')
    let schema: readonly number[] = []
    for (let level = 0; level < 300; level += 1) schema = chunk(28, schema)
    const raw = chunk(2, chunk(7, chunk(4, chunk(1, schema))))
    const crd = unknownObject({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      raw,
    })
    expect(() => decodeKubeProtobuf(crd)).toThrow('nested too deep')
  })

  it('never ends in another error than a KubeFailure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        try {
          decodeKubeProtobuf(deployment([...bytes]))
        } catch (thrown) {
          expect(thrown).toMatchObject({ reason: 'BadRequest' })
        }
      }),
    )
  })
})
