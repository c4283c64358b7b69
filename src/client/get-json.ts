import { type ErrorCode, KisekiError, messageOf } from '../model/errors.ts'

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>

export interface GetJson {
  readonly url: URL
  readonly fetch: Fetch
  readonly signal: AbortSignal | undefined
}

/** What is not found on a query service is mostly a trace. */
export const NOT_FOUND_REMEDY =
  'It may not have arrived yet, or be gone already. See also that the ID is whole.'

/** The `data` of the envelope that answers. Rejects as `QueryServiceClient` promises. */
export async function getJson(get: GetJson): Promise<unknown> {
  const { status, text } = await exchange(get)
  const body = parse(text)
  const refused = serverMessage(body)
  if (status < 200 || status > 299) {
    const message = refused ?? (text.trim().slice(0, 300) || `HTTP status ${status}`)
    throw new KisekiError(codeOf(status), message, status === 404 ? { remedy: NOT_FOUND_REMEDY } : {})
  }
  if (!isObject(body) || !('data' in body)) {
    throw new KisekiError('KISEKI_QUERY_FAILED', `what ${get.url.origin} answers is not of a query service`)
  }
  if (refused !== undefined && isEmpty(body['data'])) throw new KisekiError('KISEKI_QUERY_FAILED', refused)
  return body['data']
}

async function exchange(get: GetJson): Promise<{ status: number; text: string }> {
  try {
    const init: RequestInit = { headers: { accept: 'application/json' } }
    if (get.signal !== undefined) init.signal = get.signal
    const response = await get.fetch(get.url, init)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (get.signal?.aborted) throw error
    throw new KisekiError('KISEKI_UNREACHABLE', `no answer from ${get.url.origin}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function codeOf(status: number): ErrorCode {
  if (status === 404) return 'KISEKI_NOT_FOUND'
  return status >= 400 && status < 500 ? 'KISEKI_QUERY_REFUSED' : 'KISEKI_QUERY_FAILED'
}

/** Errors come as JSON too, whatever their Content-Type says. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function serverMessage(body: unknown): string | undefined {
  if (!isObject(body) || !Array.isArray(body['errors'])) return undefined
  const messages = body['errors'].flatMap((error: unknown) =>
    isObject(error) && typeof error['msg'] === 'string' ? [error['msg']] : [],
  )
  return messages.length > 0 ? messages.join('; ') : undefined
}

function isEmpty(data: unknown): boolean {
  return data === null || (Array.isArray(data) && data.length === 0)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
