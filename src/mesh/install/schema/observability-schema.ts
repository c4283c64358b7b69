import { defaultMeshConfig } from '../../mesh-config/defaults.ts'
import { boolean, type JsonSchema, list, object, port, text, whole } from './json-schema.ts'

const { tracing } = defaultMeshConfig().observability

/**
 * Text or a number, which a schema cannot say and stay structural. No field here has a pattern: the API looks at the schema
 * first, and would say "should match '^(/[!-~]*)?$'" where the webhook says what the value is to be. Where no webhook
 * answers, the control plane refuses the value in the status.
 */
function fraction(description: string, facts: Pick<JsonSchema, 'default'> = {}): JsonSchema {
  return {
    description,
    ...facts,
    minimum: 0,
    maximum: 1,
    'x-kubernetes-preserve-unknown-fields': true,
  }
}

const tracingSchema: JsonSchema = object(
  {
    enable: boolean({ description: 'Whether sidecars record and send spans.', default: tracing.enable }),
    address: text({
      description:
        'Host name or IP address of the collector, without scheme, port and path. Empty: the Jaeger of the mesh.',
    }),
    port: port({ description: 'Port of the collector, 1 to 65535.', default: tracing.port }),
    endpoint: text({
      description: 'Path that spans are posted to as Zipkin v2 JSON; it begins with "/".',
      default: tracing.endpoint,
    }),
    sampledFraction: fraction('Share of the traces that is recorded: a decimal from "0" to "1.0".', {
      default: tracing.sampledFraction,
    }),
    spanName: text({
      description: 'How spans are named: "path" (GET /books/{id}; the default) or "host" (the Host header).',
      enum: ['path', 'host'],
    }),
    responseHeaders: boolean({
      description:
        'Whether responses carry traceresponse and x-request-id, where the app sends none (default: true).',
    }),
    headerTags: list(text(), {
      description:
        'Request headers whose values become tags http.request.header.<name>; at most 16, no secrets.',
    }),
    queryStrings: text({
      description:
        'Query strings in spans and access logs: "keep" (the default), "redact" (keys without values) or "drop".',
      enum: ['keep', 'redact', 'drop'],
    }),
  },
  { description: 'Where spans go. A change is applied by every running sidecar.' },
)

const remoteLoggingSchema: JsonSchema = object(
  {
    enable: boolean(),
    level: whole({ minimum: 0, maximum: 2 }),
    address: text(),
    port: port(),
    endpoint: text(),
    authorization: text(),
    sampledFraction: fraction('Share of the requests that is logged.'),
  },
  { description: 'Accepted, not acted on.' },
)

export const observabilitySchema: JsonSchema = object({
  osmLogLevel: text({ description: 'Accepted, not acted on.' }),
  enableDebugServer: boolean({ description: 'Accepted, not acted on.' }),
  tracing: tracingSchema,
  accessLog: object(
    {
      enable: boolean({
        description: 'Whether sidecars write a line of JSON about each exchange to their standard output.',
      }),
    },
    { description: 'What kubectl logs POD -c sidecar shows. A change is applied by every running sidecar.' },
  ),
  remoteLogging: remoteLoggingSchema,
})
