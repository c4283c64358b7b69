import { type JsonSchema, list, object, text, whole } from './json-schema.ts'
import { policyStatusSchema } from './policy-status-schema.ts'

const UNUSED = 'Accepted, not acted on.'

const count = (description: string, minimum: number): JsonSchema => whole({ description, minimum })
const unusedCount = (): JsonSchema => whole({ minimum: 0 })
const unusedRatio = (): JsonSchema => ({ type: 'number', minimum: 0 })

const circuitBreakingSchema: JsonSchema = object(
  {
    statTimeWindow: text(),
    minRequestAmount: unusedCount(),
    slowTimeThreshold: text(),
    slowAmountThreshold: unusedCount(),
    slowRatioThreshold: unusedRatio(),
    errorAmountThreshold: unusedCount(),
    errorRatioThreshold: unusedRatio(),
    degradedTimeWindow: text(),
    degradedStatusCode: whole(),
    degradedResponseContent: text(),
  },
  { description: `${UNUSED} Endpoints that fail are ejected without it.` },
)

const tcpSchema: JsonSchema = object({
  maxConnections: count('Connections that one sidecar may have to the host. Default 1024.', 1),
  connectTimeout: text({ description: 'How long connecting may take, as "250ms" or "5s". Default 5s.' }),
  circuitBreaking: circuitBreakingSchema,
})

const httpSchema: JsonSchema = object({
  maxRequests: count('Requests of one sidecar to the host that may run at a time. Default 1024.', 1),
  maxRequestsPerConnection: count('After so many a connection is closed. 0, the default: never.', 0),
  maxPendingRequests: count('Requests of one sidecar that may wait for a connection. Default 1024.', 0),
  maxRetries: count(
    'Retries of one sidecar that may run at a time. Default: a fifth of its requests, three at least.',
    0,
  ),
  requestTimeout: text({
    description:
      'The longest that a request may take, its retries together. Default: while it makes progress.',
  }),
  circuitBreaking: circuitBreakingSchema,
})

const headers: JsonSchema = list(object({ name: text(), value: text() }, { required: ['name', 'value'] }))
const unit: JsonSchema = text({ enum: ['second', 'minute', 'hour'] })

const httpLimitSchema: JsonSchema = object({
  requests: whole({ minimum: 1 }),
  unit,
  burst: whole(),
  responseStatusCode: whole({ minimum: 400, maximum: 599 }),
  responseHeadersToAdd: headers,
})

const localLimit = (limit: JsonSchema): JsonSchema => object({ local: limit }, { description: UNUSED })

/** osm-edge's, and `requestTimeout`. Durations are read by the control plane, which says in the status what is wrong. */
export const upstreamTrafficSettingSchema: JsonSchema = object({
  apiVersion: text(),
  kind: text(),
  metadata: { type: 'object' },
  spec: object(
    {
      host: text({
        description: 'A Service of this namespace: its name alone, or as "name.namespace.svc.cluster.local".',
      }),
      connectionSettings: object({ tcp: tcpSchema, http: httpSchema }),
      rateLimit: localLimit(
        object({
          tcp: object({ connections: whole({ minimum: 1 }), unit, burst: whole() }),
          http: httpLimitSchema,
        }),
      ),
      httpRoutes: list(object({ path: text(), rateLimit: localLimit(httpLimitSchema) }), {
        description: UNUSED,
      }),
      httpHeaders: list(object({ headers, rateLimit: localLimit(httpLimitSchema) }), { description: UNUSED }),
    },
    { required: ['host'] },
  ),
  status: policyStatusSchema,
})
