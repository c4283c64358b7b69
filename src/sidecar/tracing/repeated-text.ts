import { copyOf } from '../http/copied-text.ts'
import { jsonOfLatin1 } from './latin1-text.ts'

/** Texts of spans that are mostly the same as before, as JSON; what they were made of is Latin-1. */
export type RepeatedText = (latin1: string) => string

/** Remembers the last one only: clients of one sidecar are few. */
export function repeatedText(): RepeatedText {
  let last = ''
  let json = '""'
  return latin1 => {
    if (latin1 === last) return json
    json = jsonOfLatin1(latin1)
    last = copyOf(latin1)
    return json
  }
}

const MOST_REMEMBERED = 500
const LONGEST_REMEMBERED = 100

interface Url {
  readonly host: string
  readonly json: string
}

export type UrlText = (host: string, target: string) => string

/** URLs of requests. Most ask for what others asked for just before. */
export function repeatedUrl(): UrlText {
  const urls = new Map<string, Url>()
  return (host, target) => {
    const before = urls.get(target)
    if (before !== undefined && before.host === host) return before.json
    const json = jsonOfLatin1(`http://${host}${target === '*' ? '' : target}`)
    if (target.length > LONGEST_REMEMBERED) return json
    if (urls.size >= MOST_REMEMBERED) urls.clear()
    urls.set(copyOf(target), { host: copyOf(host), json })
    return json
  }
}
