import type { ExpressiveLabelSelector } from '../../kube/label-selector.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

export interface WebhookRule {
  readonly operations: readonly string[]
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly resources: readonly string[]
  readonly scope: 'Cluster' | 'Namespaced' | '*'
}

/** Where a webhook listens. `nowhere`: its configuration names neither a Service nor a URL. */
export type WebhookTarget =
  | {
      readonly kind: 'service'
      readonly namespace: string
      readonly name: string
      readonly path: string
      readonly port: number
    }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'nowhere' }

/** One entry of a webhook configuration (admissionregistration.k8s.io/v1), with the defaults filled in. */
export interface Webhook {
  /** Not that of any other webhook: configuration, place, name. */
  readonly id: string
  readonly name: string
  readonly target: WebhookTarget
  /** Base64 of PEM. Empty: the authorities that the machine trusts. */
  readonly caBundle: string
  readonly rules: readonly WebhookRule[]
  readonly failurePolicy: 'Fail' | 'Ignore'
  readonly namespaceSelector: ExpressiveLabelSelector
  readonly objectSelector: ExpressiveLabelSelector
  /** None, NoneOnDryRun, Some or Unknown. */
  readonly sideEffects: string | undefined
  readonly timeoutSeconds: number
  readonly admissionReviewVersions: readonly string[]
  readonly reinvocationPolicy: 'Never' | 'IfNeeded'
  readonly hasMatchConditions: boolean
}

const DEFAULT_TIMEOUT_SECONDS = 10
const MOST_TIMEOUT_SECONDS = 30
const DEFAULT_PORT = 443

/**
 * The webhooks of configurations in the order of calls: by name of the configuration, then as listed there.
 * What is written wrongly counts as not written; a webhook that is not understood fails when it is called.
 */
export function readWebhooks(configurations: readonly unknown[]): readonly Webhook[] {
  return configurations
    .filter(isJsonObject)
    .map(configuration => ({ name: configurationName(configuration), configuration }))
    .sort((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)))
    .flatMap(({ name, configuration }) =>
      objects(configuration['webhooks']).map((webhook, index) => readWebhook(webhook, `${name}/${index}`)),
    )
}

function configurationName(configuration: JsonObject): string {
  return text(object(configuration['metadata'])['name'])
}

function readWebhook(written: JsonObject, place: string): Webhook {
  const { timeoutSeconds, sideEffects, admissionReviewVersions, matchConditions } = written
  const clientConfig = object(written['clientConfig'])
  const name = text(written['name'])
  return {
    id: `${place}/${name}`,
    name,
    target: readTarget(clientConfig),
    caBundle: text(clientConfig['caBundle']),
    rules: objects(written['rules']).map(readRule),
    failurePolicy: written['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
    namespaceSelector: readSelector(written['namespaceSelector']),
    objectSelector: readSelector(written['objectSelector']),
    sideEffects: typeof sideEffects === 'string' ? sideEffects : undefined,
    timeoutSeconds: Math.min(
      Math.max(number(timeoutSeconds) ?? DEFAULT_TIMEOUT_SECONDS, 1),
      MOST_TIMEOUT_SECONDS,
    ),
    admissionReviewVersions: texts(admissionReviewVersions),
    reinvocationPolicy: written['reinvocationPolicy'] === 'IfNeeded' ? 'IfNeeded' : 'Never',
    hasMatchConditions: objects(matchConditions).length > 0,
  }
}

function readTarget(clientConfig: JsonObject): WebhookTarget {
  const { url, service } = clientConfig
  if (isJsonObject(service)) {
    return {
      kind: 'service',
      namespace: text(service['namespace']),
      name: text(service['name']),
      path: text(service['path']),
      port: number(service['port']) ?? DEFAULT_PORT,
    }
  }
  return typeof url === 'string' && url !== '' ? { kind: 'url', url } : { kind: 'nowhere' }
}

function readRule(written: JsonObject): WebhookRule {
  const { scope } = written
  return {
    operations: texts(written['operations']),
    apiGroups: texts(written['apiGroups']),
    apiVersions: texts(written['apiVersions']),
    resources: texts(written['resources']),
    scope: scope === 'Cluster' || scope === 'Namespaced' ? scope : '*',
  }
}

/** Absent is the empty selector: everything. */
function readSelector(written: Json | undefined): ExpressiveLabelSelector {
  const { matchLabels, matchExpressions } = object(written)
  return {
    matchLabels: Object.fromEntries(
      Object.entries(object(matchLabels)).map(([key, value]) => [key, text(value)]),
    ),
    matchExpressions: objects(matchExpressions).map(expression => ({
      key: text(expression['key']),
      operator: text(expression['operator']),
      values: texts(expression['values']),
    })),
  }
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const number = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
