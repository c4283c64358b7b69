import { type ClusterSettings, RETRY_CONDITIONS, type RetrySettings } from '../model/sidecar-config.ts'
import { fieldsOf, type Place, type Reader, readList, readOneOf, readWhole } from './json-place.ts'

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647
const MOST = 4_294_967_295

export const readClusterSettings: Reader<ClusterSettings> = place => {
  const at = fieldsOf(place)
  const retry = at('retry')
  return {
    ...wholeField(at, 'connectMillis', MOST_MILLIS),
    ...wholeField(at, 'requestMillis', MOST_MILLIS),
    ...wholeField(at, 'maxConnections', MOST),
    ...wholeField(at, 'maxPendingRequests', MOST, 0),
    ...wholeField(at, 'maxRequests', MOST),
    ...wholeField(at, 'maxRequestsPerConnection', MOST),
    ...wholeField(at, 'maxRetries', MOST, 0),
    ...(retry.value === undefined ? {} : { retry: readRetry(retry) }),
  }
}

const readRetry: Reader<RetrySettings> = place => {
  const at = fieldsOf(place)
  return {
    on: readList(at('on'), condition => readOneOf(condition, RETRY_CONDITIONS)),
    times: readWhole(at('times'), MOST, 0),
    ...wholeField(at, 'perTryMillis', MOST_MILLIS),
    ...wholeField(at, 'backoffMillis', MOST_MILLIS),
  }
}

type Field<Name extends string> = { readonly [name in Name]?: number }

function wholeField<Name extends string>(
  at: (name: string) => Place,
  name: Name,
  most: number,
  least = 1,
): Field<Name> {
  const place = at(name)
  if (place.value === undefined) return {}
  return { [name]: readWhole(place, most, least) } as Field<Name>
}
