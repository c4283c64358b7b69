import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultMeshConfig } from '../../mesh-config/defaults.ts'
import { parseMeshConfig } from '../../mesh-config/parse.ts'
import type { JsonSchema } from './json-schema.ts'
import { meshConfigSchema } from './mesh-config-schema.ts'

const specSchema = meshConfigSchema.properties?.['spec'] ?? {}

/** Paths at which a value breaks the schema, by the rules of JSON Schema for the words that are used. */
function problemsOf(schema: JsonSchema, value: unknown, path = 'spec'): readonly string[] {
  const facts = [
    typeFits(schema.type, value),
    typeof value !== 'string' || (schema.enum?.includes(value) ?? true),
    typeof value !== 'number' || schema.minimum === undefined || value >= schema.minimum,
    typeof value !== 'number' || schema.maximum === undefined || value <= schema.maximum,
  ]
  const own = facts.every(Boolean) ? [] : [path]
  if (Array.isArray(value)) {
    return [...own, ...value.flatMap((item, at) => problemsOf(schema.items ?? {}, item, `${path}[${at}]`))]
  }
  if (typeof value !== 'object' || value === null) return own
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const inner = Object.entries(fields).flatMap(([name, field]) =>
    problemsOf(schema.properties?.[name] ?? schema.additionalProperties ?? {}, field, `${path}.${name}`),
  )
  return [...own, ...inner]
}

function typeFits(type: JsonSchema['type'], value: unknown): boolean {
  if (type === undefined) return true
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

/** What a structural schema may not do (kubernetes.io, "Specifying a structural schema"). */
function structuralProblems(schema: JsonSchema, path: string): readonly string[] {
  const untyped =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  return [
    ...(schema.type === undefined && !untyped ? [`${path} has no type`] : []),
    ...(schema.properties !== undefined && schema.additionalProperties !== undefined
      ? [`${path}: both`]
      : []),
    ...(schema.type === 'array' && schema.items === undefined ? [`${path} has no items`] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      structuralProblems(inner, `${path}.${name}`),
    ),
    ...(schema.items === undefined ? [] : structuralProblems(schema.items, `${path}[]`)),
    ...(schema.additionalProperties === undefined
      ? []
      : structuralProblems(schema.additionalProperties, `${path}.*`)),
  ]
}

const tracing = (fields: object) => ({ observability: { tracing: fields } })

describe('the schema of a MeshConfig', () => {
  it('is structural', () => {
    expect(structuralProblems(meshConfigSchema, '')).toEqual([])
  })

  it('has the defaults of the parser, but only for what osm-edge has', () => {
    const { sidecar, traffic, observability } = specSchema.properties ?? {}
    const defaultsOf = (schema: JsonSchema | undefined) =>
      Object.fromEntries(
        Object.entries(schema?.properties ?? {}).flatMap(([name, { default: value }]) =>
          value === undefined ? [] : [[name, value]],
        ),
      )
    const { enable, port, endpoint, sampledFraction } = defaultMeshConfig().observability.tracing
    const known = { enable, port, endpoint, sampledFraction }
    expect(defaultsOf(sidecar)).toEqual(defaultMeshConfig().sidecar)
    expect(defaultsOf(traffic)).toEqual(defaultMeshConfig().traffic)
    expect(defaultsOf(observability?.properties?.['tracing'])).toEqual(known)
  })

  it.each([
    [tracing({ port: 0 }), 'spec.observability.tracing.port'],
    [tracing({ port: 65_536 }), 'spec.observability.tracing.port'],
    [tracing({ enable: 'true' }), 'spec.observability.tracing.enable'],
    [tracing({ sampledFraction: 1.5 }), 'spec.observability.tracing.sampledFraction'],
    [tracing({ spanName: 'both' }), 'spec.observability.tracing.spanName'],
    [tracing({ queryStrings: 'hide' }), 'spec.observability.tracing.queryStrings'],
    [tracing({ responseHeaders: 'no' }), 'spec.observability.tracing.responseHeaders'],
    [tracing({ headerTags: 'x-tenant' }), 'spec.observability.tracing.headerTags'],
    [{ observability: { accessLog: { enable: 'yes' } } }, 'spec.observability.accessLog.enable'],
    [{ sidecar: { sidecarTimeout: 0 } }, 'spec.sidecar.sidecarTimeout'],
    [{ sidecar: { logLevel: 'loud' } }, 'spec.sidecar.logLevel'],
    [{ traffic: { enableEgress: 'string' } }, 'spec.traffic.enableEgress'],
  ])('refuses %j at %s', (spec, path) => {
    expect(problemsOf(specSchema, spec)).toEqual([path])
  })

  it.each([
    { address: 'http://jaeger' },
    { address: 'jaeger:9411' },
    { endpoint: 'api/v2/spans' },
    { sampledFraction: '1.5' },
    { sampledFraction: '10%' },
    { headerTags: ['cookie'] },
  ])('leaves it to the parser to say in words what is wrong with %j', fields => {
    expect(problemsOf(specSchema, tracing(fields))).toEqual([])
    expect(parseMeshConfig(tracing(fields))).toHaveProperty('problems')
  })

  it.each(['1', '1.0', '1.', '0', '0.1', '.5', '1e-3', '', 0, 1, 0.25])(
    'takes the sampled fraction %j, as the parser does',
    sampledFraction => {
      const spec = tracing({ sampledFraction })
      expect(problemsOf(specSchema, spec)).toEqual([])
      expect(parseMeshConfig(spec)).toHaveProperty('config')
    },
  )

  it('takes what osm-edge has and we do not', () => {
    const spec = {
      clusterSet: { properties: [{ name: 'a', value: 'b' }] },
      sidecar: {
        sidecarClass: 'pipy',
        sidecarDrivers: [{ sidecarName: 'pipy', sidecarImage: 'x', proxyServerPort: 6060 }],
        resources: { limits: { cpu: 1, memory: '64Mi' } },
        localDNSProxy: { enable: false },
      },
      repoServer: { ipaddr: '127.0.0.1', codebase: '' },
      traffic: { interceptionMode: 'iptables', outboundPortExclusionList: [3306] },
      certificate: { serviceCertValidityDuration: '24h', certKeyBitSize: 2048 },
      featureFlags: { enableRetryPolicy: false },
      pluginChains: { 'inbound-http': [{ plugin: 'modules/inbound-tracing-http', priority: 150 }] },
    }
    expect(problemsOf(specSchema, spec)).toEqual([])
  })

  it('is never stricter than the parser', () => {
    const text = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.webPath(), fc.string())
    const fraction = fc.oneof(fc.double({ noNaN: true, min: 0, max: 1.2 }), fc.string())
    const fields = fc.record(
      {
        enable: fc.boolean(),
        address: text,
        port: fc.integer({ min: 0, max: 65_600 }),
        endpoint: text,
        sampledFraction: fc.oneof(fraction, fraction.map(String)),
        spanName: fc.constantFrom('path', 'host', 'x'),
        responseHeaders: fc.oneof(fc.boolean(), fc.string()),
        headerTags: fc.array(fc.oneof(fc.string(), fc.integer())),
        queryStrings: fc.constantFrom('keep', 'redact', 'drop', 'x'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fields, fieldsOfTracing => {
        const spec = tracing(fieldsOfTracing)
        if ('config' in parseMeshConfig(spec)) expect(problemsOf(specSchema, spec)).toEqual([])
      }),
    )
  })
})
