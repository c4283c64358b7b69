import { messageOf } from '../model/errors.ts'
import { ConfigFields } from './kubeconfig-fields.ts'

export interface ExecCredential {
  readonly token: string | undefined
  /** PEM; both or none. */
  readonly cert: string | undefined
  readonly key: string | undefined
  /** Milliseconds since the epoch; infinite where the plugin names no end. */
  readonly expiresMillis: number
}

/** What a credential plugin printed. Throws `KISEKI_BAD_KUBECONFIG` that names the plugin's place. */
export function parseExecCredential(exec: ConfigFields, apiVersion: string, text: string): ExecCredential {
  const answer = new ConfigFields(exec.file, `${exec.place}.command (what it printed)`, parseJson(exec, text))
  const kind = answer.text('kind')
  if (kind !== 'ExecCredential') throw answer.refuse('kind', `must be ExecCredential, not "${kind ?? ''}"`)
  const answered = answer.text('apiVersion') ?? ''
  if (answered !== apiVersion) {
    throw exec.refuse(
      'command',
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${answered}`,
    )
  }
  const status = answer.fields('status')
  if (status === undefined) throw exec.refuse('command', "exec plugin didn't return a status field")
  const token = status.text('token')
  const cert = status.text('clientCertificateData')
  const key = status.text('clientKeyData')
  if ((cert === undefined) !== (key === undefined)) {
    throw exec.refuse('command', 'exec plugin returned only certificate or key, not both')
  }
  if (token === undefined && cert === undefined) {
    throw exec.refuse('command', "exec plugin didn't return a token or cert/key pair")
  }
  return { token, cert, key, expiresMillis: expiryOf(status) }
}

function expiryOf(status: ConfigFields): number {
  const text = status.text('expirationTimestamp')
  if (text === undefined) return Number.POSITIVE_INFINITY
  const millis = Date.parse(text)
  if (Number.isNaN(millis)) throw status.refuse('expirationTimestamp', `"${text}" is no time`)
  return millis
}

function parseJson(exec: ConfigFields, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw exec.refuse('command', `what it printed is no JSON: ${messageOf(error)}`, error)
  }
}
