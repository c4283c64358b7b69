import { KisekiError, messageOf } from '../model/errors.ts'
import type { ReadTextFile } from './config-files.ts'
import type { CredentialOptions, KubeCredentials } from './kube-endpoint.ts'

/** A source of credentials that may change while the program runs. */
export type CredentialSource = (options?: CredentialOptions) => Promise<KubeCredentials>

export interface TokenFile {
  readonly path: string
  readonly readFile: ReadTextFile
  readonly nowMillis: () => number
  /** Where the file was named, for errors. */
  readonly source: string
  /** Taken as long as the file was never read. */
  readonly firstToken?: string
}

/** Tokens of service accounts are replaced in their file about each hour; client-go looks once a minute. */
const REREAD_MILLIS = 10_000

/** The token of a file that is replaced now and then. One that cannot be read for a while leaves the last one. */
export function tokenFileCredentials(file: TokenFile): CredentialSource {
  let token = file.firstToken
  let readAt = Number.NEGATIVE_INFINITY

  return async (options = {}) => {
    if (options.renew === true || file.nowMillis() - readAt >= REREAD_MILLIS) {
      try {
        token = tokenOf(await file.readFile(file.path)) ?? token
        readAt = file.nowMillis()
      } catch (error) {
        if (token === undefined) throw unreadable(file, messageOf(error), error)
      }
    }
    if (token === undefined) throw unreadable(file, 'it is empty')
    return bearer(token)
  }
}

export function bearer(token: string): KubeCredentials {
  return { headers: { authorization: `Bearer ${token}` } }
}

/** RFC 7617 */
export function basic(username: string, password: string): KubeCredentials {
  return { headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` } }
}

function tokenOf(text: string): string | undefined {
  const token = text.trim()
  return token === '' ? undefined : token
}

function unreadable(file: TokenFile, problem: string, cause?: unknown): KisekiError {
  const message = `${file.source}: cannot read the token in ${file.path}: ${problem}`
  return new KisekiError('KISEKI_BAD_KUBECONFIG', message, { cause })
}
