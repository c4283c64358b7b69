import { KubeFailure } from '../../kube/kube-failure.ts'
import { type ExpressiveLabelSelector, matchesLabelSelector } from '../../kube/label-selector.ts'
import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { AdmissionRequest } from './admission-request.ts'
import type { Webhook, WebhookRule } from './webhook.ts'
import { internalError } from './webhook-failures.ts'

export type Labels = Readonly<Record<string, string>>

export interface MatchScope {
  /** Undefined: there is no such namespace. */
  readonly namespaceLabels: (namespace: string) => Labels | undefined
}

/** Webhooks are never asked about what configures webhooks, lest one that is broken could not be removed. */
export function isExempt({ kind }: AdmissionRequest): boolean {
  return kind.group === 'admissionregistration.k8s.io'
}

/**
 * Whether a webhook wants to see the request: by its rules, then its selectors. Throws `NotFound` when the
 * namespace is missing, `NotImplemented` where only a CEL expression could tell.
 */
export function isCalled(webhook: Webhook, request: AdmissionRequest, scope: MatchScope): boolean {
  if (!webhook.rules.some(rule => matchesRule(rule, request))) return false
  if (!matchesNamespace(webhook.namespaceSelector, request, scope)) return false
  if (!matchesObject(webhook.objectSelector, request)) return false
  if (!webhook.hasMatchConditions) return true
  throw new KubeFailure(
    'NotImplemented',
    `admission webhook ${JSON.stringify(webhook.name)} has matchConditions, which this server does not evaluate`,
    { remedy: 'Remove the matchConditions of the webhook; its rules and selectors are honoured.' },
  )
}

function matchesRule(rule: WebhookRule, request: AdmissionRequest): boolean {
  const { group, version } = request.resource
  return (
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, group) &&
    includes(rule.apiVersions, version) &&
    rule.resources.some(resource => matchesResource(resource, request)) &&
    matchesScope(rule.scope, request)
  )
}

function includes(listed: readonly string[], value: string): boolean {
  return listed.includes('*') || listed.includes(value)
}

// `pods`, `pods/status`, `pods/*` (with the pods themselves), `*` (all but subresources), `*/scale`.
function matchesResource(written: string, { resource, subresource = '' }: AdmissionRequest): boolean {
  const [wanted = '', wantedSub = ''] = written.split('/', 2)
  return (wanted === '*' || wanted === resource.resource) && (wantedSub === '*' || wantedSub === subresource)
}

function matchesScope(scope: WebhookRule['scope'], request: AdmissionRequest): boolean {
  if (scope === '*') return true
  const inNamespace = request.namespace !== '' && !isNamespace(request)
  return inNamespace === (scope === 'Namespaced')
}

function isNamespace({ resource }: AdmissionRequest): boolean {
  return resource.group === '' && resource.resource === 'namespaces'
}

/** What is in no namespace is never left out. */
function matchesNamespace(
  selector: ExpressiveLabelSelector,
  request: AdmissionRequest,
  scope: MatchScope,
): boolean {
  if (request.namespace === '' && !isNamespace(request)) return true
  return isEmpty(selector) || matches(selector, labelsOfNamespace(request, scope))
}

/** Of a Namespace that is being written: those that it shall have. */
function labelsOfNamespace(request: AdmissionRequest, scope: MatchScope): Labels {
  const { operation, subresource = '' } = request
  const isWritten = operation === 'CREATE' || operation === 'UPDATE'
  if (isNamespace(request) && subresource === '' && isWritten) return labelsOf(request.object)
  const name = request.namespace === '' ? request.name : request.namespace
  const labels = scope.namespaceLabels(name)
  if (labels !== undefined) return labels
  throw new KubeFailure('NotFound', `namespaces ${JSON.stringify(name)} not found`, {
    details: { name, kind: 'namespaces' },
  })
}

/** Either the new or the old object. */
function matchesObject(selector: ExpressiveLabelSelector, { object, oldObject }: AdmissionRequest): boolean {
  if (isEmpty(selector)) return true
  return [object, oldObject].some(each => each !== null && matches(selector, labelsOf(each)))
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: ExpressiveLabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
}

function matches(selector: ExpressiveLabelSelector, labels: Labels): boolean {
  try {
    return matchesLabelSelector(selector, labels)
  } catch (error) {
    throw internalError(messageOf(error), error)
  }
}

function labelsOf(object: JsonObject | null): Labels {
  const metadata = object?.['metadata']
  const labels = isJsonObject(metadata) ? metadata['labels'] : undefined
  if (!isJsonObject(labels)) return {}
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
}
