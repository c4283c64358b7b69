import type { ClusterSettings } from '../../model/sidecar-config.ts'
import { type Check, type ConfigProblem, readSection, type Section } from '../mesh-config/section.ts'
import { checkCount, checkDuration, checkName } from './checks.ts'

export interface UpstreamTrafficSetting {
  /** Name of a Service of the same namespace, alone or with all that may follow it. */
  readonly host: string
  readonly settings: ClusterSettings
}

/** What an `UpstreamTrafficSetting` of policy.openservicemesh.io says, as far as it is acted on. */
export function parseUpstreamTrafficSetting(
  spec: unknown,
): { readonly setting: UpstreamTrafficSetting } | { readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const section = readSection(spec, 'spec', problems)
  const host = section.field('host', '', checkName)
  const connections = section.section('connectionSettings')
  const tcp = connections.section('tcp')
  const http = connections.section('http')
  const perConnection = http.field('maxRequestsPerConnection', 0, checkCount(0))
  const settings: ClusterSettings = {
    ...optional('connectMillis', tcp, 'connectTimeout', checkDuration),
    ...optional('requestMillis', http, 'requestTimeout', checkDuration),
    ...optional('maxConnections', tcp, 'maxConnections', checkCount(1)),
    ...optional('maxPendingRequests', http, 'maxPendingRequests', checkCount(0)),
    ...optional('maxRequests', http, 'maxRequests', checkCount(1)),
    ...(perConnection === 0 ? {} : { maxRequestsPerConnection: perConnection }),
    ...optional('maxRetries', http, 'maxRetries', checkCount(0)),
  }
  if (host === '' && problems.length === 0) problems.push({ path: 'spec.host', message: 'must be there' })
  return problems.length > 0 ? { problems } : { setting: { host, settings } }
}

type Fields<Name extends string> = { readonly [name in Name]?: number }

function optional<Name extends string>(
  name: Name,
  section: Section,
  field: string,
  check: Check<number>,
): Fields<Name> {
  const value = section.field<number | undefined>(field, undefined, check)
  return value === undefined ? {} : ({ [name]: value } as Fields<Name>)
}
