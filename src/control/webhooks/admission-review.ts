import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** What the API server wants to know, as far as webhooks here look at it (admission.k8s.io/v1 `AdmissionRequest`). */
export interface ReviewRequest {
  readonly uid: string
  readonly operation: string
  readonly kind: { readonly group: string; readonly kind: string }
  readonly name: string
  /** Empty for what is in no namespace. */
  readonly namespace: string
  /** Null when it is to be deleted. */
  readonly object: JsonObject | null
}

/** `object`: as it is to be instead; absent: as it came. */
export type Verdict =
  | { readonly allowed: true; readonly object?: JsonObject }
  | { readonly allowed: false; readonly status: Refusal }

/** What the API server answers then (meta/v1 `Status`); it puts the name of the webhook before the message. */
export interface Refusal {
  readonly code: number
  readonly reason: string
  readonly message: string
  readonly details?: JsonObject
}

export type ReviewOutcome = { readonly request: ReviewRequest } | { readonly problem: string }

const API_VERSION = 'admission.k8s.io/v1'

/** Reads the body of a call; `problem` is for the log of the API server. */
export function readReview(body: string): ReviewOutcome {
  let review: Json
  try {
    review = JSON.parse(body)
  } catch (error) {
    return { problem: `the body is no JSON: ${messageOf(error)}` }
  }
  if (!isJsonObject(review)) return { problem: 'the body is no AdmissionReview' }
  const { apiVersion, kind, request } = review
  if (apiVersion !== API_VERSION || kind !== 'AdmissionReview') {
    return {
      problem: `expected ${API_VERSION}, Kind=AdmissionReview, got ${apiVersion ?? ''}, Kind=${kind ?? ''}`,
    }
  }
  if (!isJsonObject(request)) return { problem: 'the AdmissionReview has no request' }
  return readRequest(request)
}

function readRequest(request: JsonObject): ReviewOutcome {
  const { uid, operation, kind, object } = request
  if (typeof uid !== 'string' || uid === '') return { problem: 'request.uid is missing' }
  if (typeof operation !== 'string') return { problem: 'request.operation is missing' }
  if (!isJsonObject(kind) || typeof kind['kind'] !== 'string') return { problem: 'request.kind is missing' }
  const group = textOf(kind['group'])
  return {
    request: {
      uid,
      operation,
      kind: { group, kind: kind['kind'] },
      name: textOf(request['name']),
      namespace: textOf(request['namespace']),
      object: isJsonObject(object) ? object : null,
    },
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The AdmissionReview to answer with. `patch` is JSON; absent: nothing is to be changed. */
export function reviewAnswer(uid: string, verdict: Verdict, patch?: string): object {
  const refusal = verdict.allowed ? {} : { status: { status: 'Failure', ...verdict.status } }
  const change =
    patch === undefined ? {} : { patchType: 'JSONPatch', patch: Buffer.from(patch).toString('base64') }
  return {
    apiVersion: API_VERSION,
    kind: 'AdmissionReview',
    response: { uid, allowed: verdict.allowed, ...refusal, ...change },
  }
}
