import type { FailureCause, FailureDetails } from '../../kube/kube-failure.ts'
import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { REVIEW_API_VERSION } from './admission-request.ts'
import type { DenialStatus } from './webhook-failures.ts'

export interface AdmissionAnswer {
  readonly allowed: boolean
  readonly status: DenialStatus
  readonly warnings: readonly string[]
  /** Empty where nothing is to be changed. */
  readonly patch: string
  readonly patchType: string
}

/** `unreadable`: it is no AdmissionReview. `invalid`: it is one that must not be. */
export class AnswerError extends Error {
  readonly kind: 'unreadable' | 'invalid'

  constructor(kind: 'unreadable' | 'invalid', message: string) {
    super(message)
    this.name = 'AnswerError'
    this.kind = kind
  }
}

/**
 * Reads the AdmissionReview of version v1 that a webhook answered to the request `uid`.
 * Throws `AnswerError` in the words of the kube-apiserver.
 */
export function readAnswer(
  body: string,
  expected: { readonly uid: string; readonly mutating: boolean },
): AdmissionAnswer {
  const review = readReview(body)
  const response = review['response'] ?? null
  if (response === null) throw new AnswerError('invalid', 'webhook response was absent')
  if (!isJsonObject(response)) throw wrongType('response', 'AdmissionResponse', response)
  const uid = optional(response, 'uid', 'string') ?? ''
  if (uid !== expected.uid) {
    throw new AnswerError('invalid', `expected response.uid=${quote(expected.uid)}, got ${quote(uid)}`)
  }
  checkVersion(review)
  return {
    allowed: optional(response, 'allowed', 'boolean') ?? false,
    status: readStatus(response['status'] ?? null),
    warnings: readWarnings(response['warnings'] ?? null),
    ...readPatch(response, expected.mutating),
  }
}

function readReview(body: string): JsonObject {
  const review = parse(body)
  if (!isJsonObject(review)) {
    throw new AnswerError('unreadable', `couldn't get version/kind; json parse error: it is no object`)
  }
  if (typeof review['kind'] !== 'string' || review['kind'] === '') {
    throw new AnswerError('unreadable', `Object 'Kind' is missing in '${beginningOf(body)}'`)
  }
  return review
}

function parse(body: string): Json {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new AnswerError('unreadable', `couldn't get version/kind; json parse error: ${messageOf(error)}`)
  }
}

function checkVersion({ apiVersion, kind }: JsonObject): void {
  if (apiVersion === REVIEW_API_VERSION && kind === 'AdmissionReview') return
  const expected = `${REVIEW_API_VERSION}, Kind=AdmissionReview`
  throw new AnswerError(
    'invalid',
    `expected webhook response of ${expected}, got ${apiVersion ?? ''}, Kind=${kind ?? ''}`,
  )
}

function readPatch(
  response: JsonObject,
  mutating: boolean,
): { readonly patch: string; readonly patchType: string } {
  const patch = optional(response, 'patch', 'string') ?? ''
  const patchType = optional(response, 'patchType', 'string')
  if (!mutating) {
    if (patch !== '') throw new AnswerError('invalid', 'validating webhook may not return response.patch')
    if (patchType !== undefined) {
      throw new AnswerError('invalid', 'validating webhook may not return response.patchType')
    }
  }
  if (patch !== '' && patchType === undefined) {
    throw new AnswerError('invalid', 'webhook returned response.patch but not response.patchType')
  }
  if (patch === '' && patchType !== undefined) {
    throw new AnswerError('invalid', 'webhook returned response.patchType but not response.patch')
  }
  if (patchType === '') {
    throw new AnswerError('invalid', 'webhook returned invalid response.patchType of ""')
  }
  return { patch: patch === '' ? '' : decodeBase64(patch), patchType: patchType ?? '' }
}

function decodeBase64(patch: string): string {
  // Node would skip what does not belong there.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(patch) || patch.length % 4 !== 0) {
    throw new AnswerError('unreadable', 'illegal base64 data in response.patch')
  }
  return Buffer.from(patch, 'base64').toString('utf8')
}

function readStatus(status: Json): DenialStatus {
  if (status === null) return { code: 0, reason: '', message: '', details: {} }
  if (!isJsonObject(status)) throw wrongType('response.status', 'Status', status)
  return {
    code: optional(status, 'code', 'number') ?? 0,
    reason: optional(status, 'reason', 'string') ?? '',
    message: optional(status, 'message', 'string') ?? '',
    details: readDetails(status['details'] ?? null),
  }
}

function readDetails(written: Json): FailureDetails {
  if (!isJsonObject(written)) return {}
  const { causes } = written
  return {
    ...onlyTexts(written, ['name', 'group', 'kind', 'uid']),
    ...(Array.isArray(causes) && { causes: causes.filter(isJsonObject).map(readCause) }),
  }
}

function readCause(written: JsonObject): FailureCause {
  return { reason: '', message: '', ...onlyTexts(written, ['reason', 'message', 'field']) }
}

function onlyTexts(object: JsonObject, fields: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap(field => {
      const value = object[field]
      return typeof value === 'string' && value !== '' ? [[field, value]] : []
    }),
  )
}

function readWarnings(warnings: Json): readonly string[] {
  if (warnings === null) return []
  if (!Array.isArray(warnings)) throw wrongType('response.warnings', '[]string', warnings)
  const stray = warnings.find(warning => typeof warning !== 'string')
  if (stray !== undefined) throw wrongType('response.warnings', 'string', stray)
  return warnings
}

interface Scalars {
  readonly string: string
  readonly boolean: boolean
  readonly number: number
}

/** Null counts as absent, as in Go. */
function optional<T extends keyof Scalars>(
  object: JsonObject,
  field: string,
  type: T,
): Scalars[T] | undefined {
  const value = object[field] ?? null
  if (value === null) return undefined
  if (typeof value !== type) throw wrongType(field, type, value)
  // The compiler does not follow a `typeof` that is compared with a variable.
  return value as unknown as Scalars[T]
}

function wrongType(field: string, type: string, value: Json): AnswerError {
  const found = Array.isArray(value) ? 'array' : typeof value
  return new AnswerError('unreadable', `json: cannot unmarshal ${found} into field ${field} of type ${type}`)
}

const SHOWN_CHARACTERS = 200

function beginningOf(body: string): string {
  return body.length > SHOWN_CHARACTERS ? `${body.slice(0, SHOWN_CHARACTERS)}…` : body
}

const quote = (text: string): string => JSON.stringify(text)
