import type { JsonObject } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Condition, KubeObject } from '../../model/kubernetes.ts'
import { kubeTime } from '../kube-time.ts'
import type { ApiResource } from './api-resource.ts'
import { BUILT_IN_RESOURCES } from './built-in-resources.ts'
import { resourcesOf } from './custom-resources.ts'

/** Holds a definition until the last of its objects is gone. */
export const DEFINITION_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io'

/** The definition with what the server says of it: whether its names are free, and so its objects are served. */
export function withDefinitionStatus<T extends KubeObject>(
  definition: T,
  others: readonly KubeObject[],
  nowMicros: number,
): T {
  const taken = takenName(definition, [...BUILT_IN_RESOURCES, ...others.flatMap(resourcesOf)])
  const { finalizers = [], deletionTimestamp } = definition.metadata
  const held =
    deletionTimestamp !== undefined || finalizers.includes(DEFINITION_FINALIZER)
      ? finalizers
      : [...finalizers, DEFINITION_FINALIZER]
  const { names, versions } = specOf(definition)
  const stored = Array.isArray(versions) ? versions.filter(isJsonObject).filter(({ storage }) => storage) : []
  return {
    ...definition,
    metadata: { ...definition.metadata, finalizers: held },
    status: {
      acceptedNames: taken === undefined ? names : { kind: '', plural: '' },
      storedVersions: stored.map(({ name }) => name),
      conditions: conditionsOf(definition, taken, nowMicros),
    },
  }
}

/** Whether the API serves its objects. */
export function isEstablished(definition: KubeObject): boolean {
  return writtenConditions(definition).some(({ type, status }) => type === 'Established' && status === 'True')
}

function conditionsOf(
  definition: KubeObject,
  taken: string | undefined,
  nowMicros: number,
): readonly Condition[] {
  const written = writtenConditions(definition)
  const accepted =
    taken === undefined
      ? { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { status: 'False', reason: 'NameConflict', message: `${JSON.stringify(taken)} is already in use` }
  const established =
    taken === undefined
      ? { status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
      : { status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
  const wanted = [
    { type: 'NamesAccepted', ...accepted },
    { type: 'Established', ...established },
  ] as const
  return wanted.map(condition => {
    const before = written.find(({ type, status }) => type === condition.type && status === condition.status)
    const lastTransitionTime = before?.lastTransitionTime ?? kubeTime(nowMicros)
    return { ...condition, status: condition.status as Condition['status'], lastTransitionTime }
  })
}

/** A name of the definition that another resource of its group has. */
function takenName(definition: KubeObject, others: readonly ApiResource[]): string | undefined {
  const [own] = resourcesOf(definition)
  if (own === undefined) return undefined
  const { group, plural, singular, kind, shortNames } = own
  const rivals = others.filter(other => other.group === group && other.plural !== plural)
  const paths = new Set(rivals.flatMap(rival => [rival.plural, rival.singular, ...rival.shortNames]))
  const kinds = new Set(rivals.map(rival => rival.kind))
  return kinds.has(kind) ? kind : [plural, singular, ...shortNames].find(name => paths.has(name))
}

function writtenConditions(definition: KubeObject): readonly Condition[] {
  const status: { conditions?: unknown } = 'status' in definition ? Object(definition.status) : {}
  // Only withDefinitionStatus writes them.
  return Array.isArray(status.conditions) ? (status.conditions as Condition[]) : []
}

function specOf(definition: KubeObject): JsonObject {
  const spec = 'spec' in definition ? definition.spec : undefined
  return isJsonObject(spec) ? spec : {}
}
