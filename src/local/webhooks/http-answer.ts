import { isJsonObject, type Json } from '../../model/json.ts'

/** What client-go says to HTTP answers that carry no `Status` of their own. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  406: 'the server was unable to respond with a content type that the client supports',
  409: 'the server reported a conflict',
  415: 'the server was unable to respond with a content type that the client supports',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
}

const SHOWN_CHARACTERS = 2048

/** Undefined: the code is one of success (client-go: 200 to 206). */
export function httpProblem(status: number, body: string): string | undefined {
  if (status >= 200 && status <= 206) return undefined
  const said = body.slice(0, SHOWN_CHARACTERS).trim()
  const given = statusMessage(body)
  if (given !== undefined) return given
  if (status === 403) return said === '' ? 'unknown' : said
  const known = PROBLEMS[status]
  if (known !== undefined) return known
  if (status >= 500) {
    return `an error on the server (${JSON.stringify(said === '' ? 'unknown' : said)}) has prevented the request from succeeding`
  }
  return `the server responded with the status code ${status} but did not return more information`
}

function statusMessage(body: string): string | undefined {
  const status = parse(body)
  if (!isJsonObject(status) || status['kind'] !== 'Status') return undefined
  return typeof status['message'] === 'string' ? status['message'] : undefined
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
