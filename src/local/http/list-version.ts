import { KubeFailure } from '../../kube/kube-failure.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import { invalidObject } from '../store/store-errors.ts'

const MATCHES = ['Exact', 'NotOlderThan']

/**
 * The version that a list or a watch names; undefined: any. Throws `Invalid` where it is none
 * (kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
export function namedVersion(resource: ApiResource, query: URLSearchParams): string | undefined {
  const text = query.get('resourceVersion') ?? ''
  if (text === '' || text === '0') return undefined
  if (/^\d{1,15}$/.test(text)) return text
  throw refused(
    resource,
    'resourceVersion',
    `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  )
}

/** Whether a list can be had at the version that its query names: only the present state is kept. */
export function checkListVersion(resource: ApiResource, query: URLSearchParams, present: string): void {
  const named = namedVersion(resource, query)
  const match = query.get('resourceVersionMatch') ?? ''
  if (match !== '' && !MATCHES.includes(match))
    throw refused(
      resource,
      'resourceVersionMatch',
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan"`,
    )
  if (match !== '' && !query.get('resourceVersion'))
    throw refused(
      resource,
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    )
  if (query.get('continue')) throw new KubeFailure('BadRequest', 'continue key is not valid: none was given')
  if (named === undefined) return
  if (Number(named) > Number(present)) throw tooLarge(named, present)
  if (match === 'Exact' && named !== present)
    throw new KubeFailure('Expired', 'The resourceVersion for the provided list is too old.')
}

/** Clients that come from another run ask again a while later, and then from the start. */
function tooLarge(named: string, present: string): KubeFailure {
  return new KubeFailure('Timeout', `Too large resource version: ${named}, current: ${present}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  })
}

function refused({ group, plural }: ApiResource, field: string, message: string): KubeFailure {
  const reasons: readonly (readonly [string, string])[] = [
    ['Unsupported', 'FieldValueNotSupported'],
    ['Forbidden', 'FieldValueForbidden'],
  ]
  const [, reason = 'FieldValueInvalid'] = reasons.find(([start]) => message.startsWith(start)) ?? []
  return invalidObject({ group, kind: plural }, '', [{ field, message, reason }])
}
