import { type HttpRequest, type HttpResponse, json, type Route, text } from '../../runtime/http-exchange.ts'
import { type HttpServer, type ListenAddress, startHttpServer } from '../../runtime/http-server.ts'
import type { Logger } from '../../runtime/logger.ts'
import { type ReviewRequest, readReview, reviewAnswer, type Verdict } from './admission-review.ts'
import { patchBetween } from './object-patch.ts'

/** Judges an object. What it throws is answered with 500: the failure policy of the webhook decides then. */
export type Reviewer = (request: ReviewRequest) => Verdict | Promise<Verdict>

export interface WebhookServerOptions {
  readonly listen: ListenAddress
  /** PEM. The certificate must have the name of the Service, `<service>.<namespace>.svc`. */
  readonly tls: { readonly key: string; readonly cert: string }
  /** By path. */
  readonly reviewers: Readonly<Record<string, Reviewer>>
  readonly logger: Logger
}

const HEALTH_PATH = '/healthz'
/** An object of 3 MB, the one before, and what is around them. */
const REVIEW_LIMIT_BYTES = 7 * 1024 * 1024

/** Serves admission webhooks (admission.k8s.io/v1) over HTTPS, and `GET /healthz`. */
export function startWebhookServer(options: WebhookServerOptions): Promise<HttpServer> {
  const reviews = Object.entries(options.reviewers).map(
    ([path, reviewer]): Route => ({
      method: 'POST',
      path,
      handle: request => answerReview(request, reviewer),
    }),
  )
  const health: Route = { method: 'GET', path: HEALTH_PATH, handle: () => text(200, 'Health OK') }
  const { listen, tls, logger } = options
  return startHttpServer({ listen, tls, logger, routes: [...reviews, health] })
}

async function answerReview(request: HttpRequest, reviewer: Reviewer): Promise<HttpResponse> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json(;|$)/.test(type)) {
    return text(415, `Invalid content type ${type}; Server expects application/json\n`)
  }
  const body = await request.body(REVIEW_LIMIT_BYTES)
  if (body.status === 'too-large') return text(413, `a review has at most ${body.limit} bytes\n`)
  if (body.status !== 'read') return text(400, `the review could not be read: ${body.status}\n`)
  const review = readReview(new TextDecoder().decode(body.bytes))
  if ('problem' in review) return text(400, `${review.problem}\n`)
  const { uid, object } = review.request
  const verdict = await reviewer(review.request)
  const wanted = verdict.allowed ? verdict.object : undefined
  const patch = wanted === undefined || object === null ? undefined : patchBetween(object, wanted)
  return json(reviewAnswer(uid, verdict, patch))
}
