import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { typeProblem } from './type-problem.ts'

const POD = { apiVersion: 'v1', kind: 'Pod' }
const SECRET = { apiVersion: 'v1', kind: 'Secret' }

/** What Go says, without the words before it. */
function problem(object: JsonObject, kind = POD): string | undefined {
  const prefix = `${kind.kind} in version "v1" cannot be handled as a ${kind.kind}: `
  const text = typeProblem(kind, { ...kind, ...object })
  expect(text?.startsWith(prefix) ?? true).toBe(true)
  return text?.slice(prefix.length)
}

const container = (fields: JsonObject): JsonObject => ({ spec: { containers: [{ name: 'a', ...fields }] } })

describe('values of the wrong type', () => {
  it('are told as kube-apiserver tells them', () => {
    const kind = { apiVersion: 'apps/v1', kind: 'Deployment' }
    expect(typeProblem(kind, { ...kind, spec: { replicas: 'two' } })).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    )
  })

  // Each was compared with what the Go decoder of Kubernetes 1.35 says.
  it.each<[JsonObject, string]>([
    [{ spec: [] }, 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      { spec: { containers: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      container({ imagePullPolicy: 1 }),
      'json: cannot unmarshal number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      container({ ports: [{ containerPort: 80.5 }] }),
      'json: cannot unmarshal number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      { metadata: { uid: true } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.uid of type types.UID',
    ],
    [
      { spec: { volumes: [{ emptyDir: 1 }] } },
      'json: cannot unmarshal number into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource',
    ],
    [
      container({ resources: { limits: { cpu: 'much' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [container({ resources: { limits: { cpu: '1ki' } } }), "unable to parse quantity's suffix"],
    [
      container({ livenessProbe: { httpGet: { port: true } } }),
      'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [
      { metadata: { creationTimestamp: 'today' } },
      'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
    ],
    [
      { metadata: { creationTimestamp: '2026-02-30T00:00:00Z' } },
      'parsing time "2026-02-30T00:00:00Z": day out of range',
    ],
  ])('%j', (object, text) => {
    expect(problem(object)).toBe(text)
  })

  it.each([
    ['YWJj!', 4],
    ['YWJ', 0],
    ['YW=j', 3],
    ['YWJjZA', 4],
  ])('base64 that is none: %s', (text, position) => {
    expect(problem({ data: { key: text } }, SECRET)).toBe(`illegal base64 data at input byte ${position}`)
  })

  it('are none in a right object', () => {
    const fields = { resources: { limits: { cpu: 1, memory: '1.5Gi' } }, env: null, command: ['a'] }
    expect(problem(container(fields))).toBeUndefined()
    expect(problem({ data: { key: 'YW\nJj' } }, SECRET)).toBeUndefined()
    expect(problem({ metadata: { creationTimestamp: '2026-02-28T23:59:59.5+01:00' } })).toBeUndefined()
  })

  it('are told of the first, or of the one that ended the decoding', () => {
    const first: Json = { nodeName: 1, hostname: true }
    expect(problem({ spec: first })).toContain('nodeName')
    expect(problem({ spec: first, metadata: { creationTimestamp: '' } })).toContain('parsing time ""')
  })

  it('are not looked for in kinds that are not built in', () => {
    expect(typeProblem({ apiVersion: 'example.com/v1', kind: 'Widget' }, { metadata: 1 })).toBeUndefined()
  })
})
