import type { ObjectName } from '../../kube/client.ts'
import type { KubePods } from '../../kube/pods.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'

const TIMEOUT_MILLIS = 5000

export interface PodPlace {
  readonly port: number
  readonly path: string
}

/** What a pod answers, as text. Throws where it does not answer, or not with 2xx. */
export async function getText(pods: KubePods, pod: ObjectName, { port, path }: PodPlace): Promise<string> {
  const { status, body } = await pods.podRequest(pod, port, {
    method: 'GET',
    path,
    timeoutMillis: TIMEOUT_MILLIS,
  })
  if (status < 200 || status > 299)
    throw new KisekiError('KISEKI_API_FAILED', `pod ${pod.name} answered ${status} on ${port}${path}`)
  return new TextDecoder().decode(body)
}

export async function getJson(pods: KubePods, pod: ObjectName, place: PodPlace): Promise<Json> {
  const content = await getText(pods, pod, place)
  try {
    // JSON.parse gives nothing else.
    return JSON.parse(content) as Json
  } catch (error) {
    throw new KisekiError(
      'KISEKI_API_FAILED',
      `pod ${pod.name} answered no JSON on ${place.port}${place.path}: ${messageOf(error)}`,
      { cause: error },
    )
  }
}
