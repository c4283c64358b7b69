import { FLAGS, variableName } from './flags.ts'

/** Flags of Jaeger v1 that have no effect here; a name that ends in a dot stands for all below it. */
const IGNORED: readonly string[] = [
  'admin.http.',
  'collector.enable-span-size-metrics',
  'collector.grpc-server.',
  'collector.grpc.',
  'collector.http-server.',
  'collector.http.',
  'collector.num-workers',
  'collector.otlp.',
  'collector.queue-size',
  'collector.queue-size-memory',
  'collector.tags',
  'collector.zipkin.keep-alive',
  'collector.zipkin.tls.',
  'downsampling.',
  'http-server.host-port',
  'metrics-backend',
  'metrics-http-route',
  'multi-tenancy.',
  'processor.',
  'prometheus.',
  'query.additional-headers',
  'query.bearer-token-propagation',
  'query.enable-tracing',
  'query.grpc-server.',
  'query.grpc.',
  'query.http.',
  'query.log-static-assets-access',
  'query.max-trace-size',
  'query.static-files',
  'query.ui-config',
  'reporter.',
  'sampling.',
]

/** To go on without these would leave open what the user wants closed. */
const PROTECTS = /(\.tls|^multi-tenancy)\.enabled$/
const VARIABLES: readonly string[] = IGNORED.map(variableName)
const HEEDED: ReadonlySet<string> = new Set(
  Object.values(FLAGS).flatMap(({ name, aliases = [] }) => [name, ...aliases].map(variableName)),
)

export function isIgnored(flag: string): boolean {
  return IGNORED.some(name => (name.endsWith('.') ? flag.startsWith(name) : flag === name))
}

/** Whether ignoring the flag with that value would be unsafe. */
export function isProtection(flag: string, value: string): boolean {
  return PROTECTS.test(flag) && value !== 'false' && value !== '0'
}

/** The variables that stand for ignored flags and are set. */
export function ignoredVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const isNamed = (key: string): boolean =>
    VARIABLES.some(name => (name.endsWith('_') ? key.startsWith(name) : key === name))
  return Object.keys(env).filter(key => (env[key] ?? '') !== '' && !HEEDED.has(key) && isNamed(key))
}

/** `COLLECTOR_ZIPKIN_TLS_ENABLED` and the like. */
export function isProtectionVariable(key: string, value: string): boolean {
  return /(_TLS|^MULTI_TENANCY)_ENABLED$/.test(key) && value !== 'false' && value !== '0'
}
