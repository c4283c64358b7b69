import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import { valueAt } from './value-at.ts'

interface Term {
  readonly path: readonly string[]
  readonly equals: boolean
  readonly value: string
}

/** Beside `metadata.name` and `metadata.namespace`, as kube-apiserver has them. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  services: ['spec.clusterIP', 'spec.type'],
  replicasets: ['status.replicas'],
  nodes: ['spec.unschedulable'],
}

/**
 * `metadata.name=a,status.phase!=Running`: whether an object fits. A backslash takes the next character as it is.
 * Throws `BadRequest` (kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors).
 */
export function parseFieldSelector(resource: ApiResource, text: string): (object: KubeObject) => boolean {
  const terms = splitTerms(text).map(term => parseTerm(resource, term))
  return object => terms.every(({ path, equals, value }) => (textAt(object, path) === value) === equals)
}

/** At commas that no backslash precedes. */
function splitTerms(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^,\\])+/gs) ?? []).filter(term => term.trim() !== '')
}

function parseTerm(resource: ApiResource, term: string): Term {
  const found = /^((?:\\.|[^=!\\])*)(==|!=|=)(.*)$/s.exec(term)
  const [, field = '', operator = '', value = ''] = found ?? []
  if (found === null)
    throw new KubeFailure('BadRequest', `invalid selector: '${term}'; can't understand '${term}'`)
  const name = field.trim()
  if (!isSelectable(resource, name)) throw new KubeFailure('BadRequest', unsupportedField(resource, name))
  return { path: name.split('.'), equals: operator !== '!=', value: value.replace(/\\(.)/gs, '$1') }
}

/** In the words of kube-apiserver, which has others for kinds that select by nothing of their own. */
function unsupportedField({ plural, custom }: ApiResource, name: string): string {
  if (custom === undefined && SELECTABLE[plural] !== undefined) return `field label not supported: ${name}`
  return `"${name}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

function isSelectable({ plural, custom }: ApiResource, field: string): boolean {
  if (field === 'metadata.name' || field === 'metadata.namespace') return true
  return custom === undefined && (SELECTABLE[plural]?.includes(field) ?? false)
}

function textAt(object: KubeObject, path: readonly string[]): string {
  const value = valueAt(object, path)
  // The source of an event is an object, and means its component.
  if (isJsonObject(value) && path.join('.') === 'source') return textAt(object, ['source', 'component'])
  return value === undefined || value === null ? '' : String(value)
}
