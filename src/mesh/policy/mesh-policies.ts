import type { PolicyObject, Service } from '../../model/kubernetes.ts'
import type { ClusterSettings, RetrySettings } from '../../model/sidecar-config.ts'
import { wideNames } from '../compile/host-names.ts'
import { byText } from '../compile/text-order.ts'
import type { ConfigProblem } from '../mesh-config/section.ts'
import { parseRetry } from './retry.ts'
import { parseUpstreamTrafficSetting } from './upstream-traffic-setting.ts'

export interface PolicyObjects {
  readonly services: readonly Service[]
  readonly upstreamTrafficSettings: readonly PolicyObject[]
  readonly retries: readonly PolicyObject[]
}

/** What became of one object. */
export interface PolicyVerdict {
  readonly object: PolicyObject
  /** Why it has no effect; undefined: it has. */
  readonly problem: string | undefined
}

/** What was written about the failures of services. Names are `<namespace>/<name>`. */
export interface MeshPolicies {
  /** For requests of the account to the service; undefined: nothing was written. */
  settingsOf(service: string, account: string): ClusterSettings | undefined
  /** Whether something was written for this account alone. */
  isSpecial(account: string): boolean
  readonly verdicts: readonly PolicyVerdict[]
}

/** Of several objects about the same, the one whose name comes first is in force. */
export function compilePolicies(objects: PolicyObjects): MeshPolicies {
  const settings = new Map<string, ClusterSettings>()
  const retries = new Map<string, RetrySettings>()
  const accounts = new Set<string>()
  const verdicts: PolicyVerdict[] = []

  for (const object of inOrder(objects.upstreamTrafficSettings)) {
    verdicts.push({ object, problem: takeSetting(object, objects.services, settings) })
  }
  for (const object of inOrder(objects.retries)) {
    verdicts.push({ object, problem: takeRetry(object, retries, accounts) })
  }
  return {
    verdicts,
    isSpecial: account => accounts.has(account),
    settingsOf(service, account) {
      const retry = retries.get(`${account} ${service}`)
      const setting = settings.get(service)
      return retry === undefined ? setting : { ...setting, retry }
    },
  }
}

function takeSetting(
  { spec, metadata }: PolicyObject,
  services: readonly Service[],
  settings: Map<string, ClusterSettings>,
): string | undefined {
  const outcome = parseUpstreamTrafficSetting(spec)
  if ('problems' in outcome) return textOf(outcome.problems)
  const namespace = metadata.namespace ?? 'default'
  const { host } = outcome.setting
  // A namespace says how its own services are treated, not those of others.
  const service = services.find(
    each =>
      (each.metadata.namespace ?? 'default') === namespace && isCalled(each.metadata.name, namespace, host),
  )
  if (service === undefined) return `spec.host: no Service of namespace ${namespace} is called "${host}"`
  const name = `${namespace}/${service.metadata.name}`
  if (settings.has(name)) return `spec.host: another UpstreamTrafficSetting is in force for ${name}`
  settings.set(name, outcome.setting.settings)
  return undefined
}

function isCalled(service: string, namespace: string, host: string): boolean {
  const wanted = host.toLowerCase()
  return wanted === service.toLowerCase() || wideNames(service, namespace).includes(wanted)
}

function takeRetry(
  { spec, metadata }: PolicyObject,
  retries: Map<string, RetrySettings>,
  accounts: Set<string>,
): string | undefined {
  const outcome = parseRetry(spec)
  if ('problems' in outcome) return textOf(outcome.problems)
  const { source, destinations, settings } = outcome.retry
  const namespace = metadata.namespace ?? 'default'
  if (!source.startsWith(`${namespace}/`)) return `spec.source.namespace: must be ${namespace}, its own`
  const taken = destinations.find(destination => retries.has(`${source} ${destination}`))
  if (taken !== undefined) return `spec.destinations: another Retry is in force from ${source} to ${taken}`
  for (const destination of destinations) retries.set(`${source} ${destination}`, settings)
  accounts.add(source)
  return undefined
}

function inOrder(objects: readonly PolicyObject[]): readonly PolicyObject[] {
  const keyOf = ({ metadata }: PolicyObject): string => `${metadata.namespace ?? 'default'}/${metadata.name}`
  return [...objects].sort((a, b) => byText(keyOf(a), keyOf(b)))
}

function textOf(problems: readonly ConfigProblem[]): string {
  return problems.map(({ path, message }) => `${path} ${message}`).join('; ')
}
