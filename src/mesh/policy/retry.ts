import type { RetrySettings } from '../../model/sidecar-config.ts'
import { type Check, type ConfigProblem, readSection } from '../mesh-config/section.ts'
import { checkCount, checkDuration, checkName, checkRetryOn } from './checks.ts'

export interface Retry {
  /** `<namespace>/<name>` of a ServiceAccount. */
  readonly source: string
  /** The same of Services. */
  readonly destinations: readonly string[]
  readonly settings: RetrySettings
}

/** What a `Retry` of policy.openservicemesh.io says. */
export function parseRetry(
  spec: unknown,
): { readonly retry: Retry } | { readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const section = readSection(spec, 'spec', problems)
  const source = readReference(
    section.field('source', {}, checkAny),
    'ServiceAccount',
    'spec.source',
    problems,
  )
  const written = section.field<readonly unknown[]>('destinations', [], checkList)
  const destinations = written.map((each, at) =>
    readReference(each, 'Service', `spec.destinations[${at}]`, problems),
  )
  const policy = section.section('retryPolicy')
  const perTryMillis = policy.field<number | undefined>('perTryTimeout', undefined, checkDuration)
  const backoffMillis = policy.field<number | undefined>('retryBackoffBaseInterval', undefined, checkDuration)
  const settings: RetrySettings = {
    on: policy.field('retryOn', ['connect-failure'], checkRetryOn),
    times: policy.field('numRetries', 1, checkCount(0)),
    ...(perTryMillis === undefined ? {} : { perTryMillis }),
    ...(backoffMillis === undefined ? {} : { backoffMillis }),
  }
  return problems.length > 0 ? { problems } : { retry: { source, destinations, settings } }
}

const checkAny: Check<unknown> = value => ({ value })
const checkList: Check<readonly unknown[]> = value =>
  Array.isArray(value) ? { value } : { problem: 'must be a list' }

function readReference(value: unknown, kind: string, path: string, problems: ConfigProblem[]): string {
  const section = readSection(value, path, problems)
  const checkKind: Check<string> = written =>
    written === kind ? { value: kind } : { problem: `must be ${kind}` }
  section.field('kind', kind, checkKind)
  const name = section.field('name', '', checkName)
  const namespace = section.field('namespace', '', checkName)
  if (name === '') problems.push({ path: `${path}.name`, message: 'must be there' })
  if (namespace === '') problems.push({ path: `${path}.namespace`, message: 'must be there' })
  return `${namespace}/${name}`
}
