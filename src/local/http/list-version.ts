import { KubeFailure } from '../../kube/kube-failure.ts'
import { invalidObject } from '../store/store-errors.ts'

const MATCHES = ['Exact', 'NotOlderThan']

/**
 * The version that a list or a watch names; undefined: any. Throws `BadRequest` where it is none
 * (kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
export function namedVersion(query: URLSearchParams): string | undefined {
  const text = query.get('resourceVersion') ?? ''
  if (text === '' || text === '0') return undefined
  if (/^\d{1,15}$/.test(text)) return text
  const problem = `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`
  throw new KubeFailure('BadRequest', `invalid resource version: resourceVersion: ${problem}`)
}

/** Whether a list can be had at the version that its query names: only the present state is kept. */
export function checkListVersion(query: URLSearchParams, present: string): void {
  const named = namedVersion(query)
  const match = query.get('resourceVersionMatch') ?? ''
  if (match !== '' && !MATCHES.includes(match))
    throw refused(
      'resourceVersionMatch',
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan"`,
    )
  if (match !== '' && !query.get('resourceVersion'))
    throw refused(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    )
  if (query.get('continue'))
    throw new KubeFailure('BadRequest', 'invalid continue token: continue key is not valid: none was given')
  if (named === undefined) return
  if (Number(named) > Number(present)) throw tooLarge(named, present)
  if (match === 'Exact' && named !== present)
    throw new KubeFailure('Expired', 'The resourceVersion for the provided list is too old.')
}

/** Clients that come from another run ask again a while later, and then from the start. */
function tooLarge(named: string, present: string): KubeFailure {
  return new KubeFailure('Timeout', `Timeout: Too large resource version: ${named}, current: ${present}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  })
}

function refused(field: string, message: string): KubeFailure {
  const reasons: readonly (readonly [string, string])[] = [
    ['Unsupported', 'FieldValueNotSupported'],
    ['Forbidden', 'FieldValueForbidden'],
  ]
  const [, reason = 'FieldValueInvalid'] = reasons.find(([start]) => message.startsWith(start)) ?? []
  return invalidObject({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [{ field, message, reason }])
}

/** A whole number of the query, 0 where it is absent. Throws `BadRequest`. */
export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? ''
  if (/^\d{0,15}$/.test(text)) return Number(text)
  throw new KubeFailure('BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}
