import { type JsonSchema, list, object, text, whole } from './json-schema.ts'
import { policyStatusSchema } from './policy-status-schema.ts'

const REFERENCE = ['kind', 'name', 'namespace']

const reference = (kind: string): JsonSchema =>
  object({ kind: text({ enum: [kind] }), name: text(), namespace: text() }, { required: REFERENCE })

/** osm-edge's. Durations and conditions are read by the control plane, which says in the status what is wrong. */
export const retrySchema: JsonSchema = object({
  apiVersion: text(),
  kind: text(),
  metadata: { type: 'object' },
  spec: object(
    {
      source: reference('ServiceAccount'),
      destinations: list(reference('Service')),
      retryPolicy: object(
        {
          retryOn: text({
            description:
              'When a request is sent again, between commas: 5xx, gateway-error, connect-failure, refused-stream, ' +
              'reset, retriable-4xx.',
          }),
          perTryTimeout: text({ description: 'How long an attempt may take to its response, as "250ms".' }),
          numRetries: whole({ description: 'Attempts beyond the first.', minimum: 0 }),
          retryBackoffBaseInterval: text({
            description: 'The longest pause before the first retry; it doubles, up to ten times as long.',
          }),
        },
        { required: ['retryOn', 'perTryTimeout', 'numRetries', 'retryBackoffBaseInterval'] },
      ),
    },
    { required: ['source', 'destinations', 'retryPolicy'] },
  ),
  status: policyStatusSchema,
})
