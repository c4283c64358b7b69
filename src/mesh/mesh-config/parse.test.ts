import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultMeshConfig } from './defaults.ts'
import { parseMeshConfig } from './parse.ts'
import { tracingAddress } from './tracing-address.ts'

const tracing = (fields: object) => parseMeshConfig({ observability: { tracing: fields } })

function problemOf(fields: object): string {
  const outcome = tracing(fields)
  if ('config' in outcome) return 'none'
  return outcome.problems.map(problem => `${problem.path}: ${problem.message}`).join('\n')
}

function tracingOf(fields: object) {
  const outcome = tracing(fields)
  if ('problems' in outcome) throw new Error(JSON.stringify(outcome.problems))
  return outcome.config.observability.tracing
}

describe('parseMeshConfig', () => {
  it('fills what is left out with the defaults of osm-edge', () => {
    for (const spec of [undefined, null, {}, { observability: {} }, { observability: { tracing: null } }]) {
      expect(parseMeshConfig(spec)).toEqual({ config: defaultMeshConfig() })
    }
    expect(tracingOf({ enable: true })).toMatchObject({
      enable: true,
      port: 9411,
      endpoint: '/api/v2/spans',
      sampledFraction: '1.0',
    })
  })

  it('takes empty texts for defaults, as osm-edge does', () => {
    expect(tracingOf({ address: '', endpoint: '', sampledFraction: '' })).toEqual(
      defaultMeshConfig().observability.tracing,
    )
  })

  it('passes fields that it does not know', () => {
    expect(
      parseMeshConfig({
        certificate: { certKeyBitSize: 2048 },
        sidecar: { tlsMinProtocolVersion: 'TLSv1_2' },
      }),
    ).toEqual({ config: defaultMeshConfig() })
  })

  it.each([
    ['1.0', '1.0'],
    ['0', '0'],
    [1, '1'],
    [0, '0'],
    [0.25, '0.25'],
    ['.5', '.5'],
    ['1e-3', '1e-3'],
    [1e-7, '1e-7'],
  ])('takes the sampled fraction %j', (written, meant) => {
    expect(tracingOf({ sampledFraction: written }).sampledFraction).toBe(meant)
  })

  it.each(['NaN', Number.NaN, '1.5', 1.5, -0.1, '-0.1', '10%', '0x1', 'Infinity', true, ' 1'])(
    'refuses the sampled fraction %j, and says what it takes',
    written => {
      expect(problemOf({ sampledFraction: written })).toMatch(
        /^spec\.observability\.tracing\.sampledFraction: must be a decimal from "0" .* to "1\.0" .*, but is /,
      )
    },
  )

  it.each([0, 65_536, -1, 9411.5, '9411', true])('refuses the port %j', written => {
    expect(problemOf({ port: written })).toMatch(/^spec\.observability\.tracing\.port: must be .* 1 to 65535/)
  })

  it.each(['api/v2/spans', '/api v2', '/a\r\nhost: b', 7])('refuses the endpoint %j', written => {
    expect(problemOf({ endpoint: written })).toMatch(
      /tracing\.endpoint: must be a path that begins with "\/"/,
    )
  })

  it.each(['http://jaeger', 'jaeger:9411', 'jaeger/api', 'a b', '-a', 1])(
    'refuses the address %j',
    written => {
      expect(problemOf({ address: written })).toMatch(
        /tracing\.address: must be a host name or an IP address alone/,
      )
    },
  )

  it.each(['jaeger', 'jaeger.osm-system.svc.cluster.local', 'jaeger.tracing.', '10.0.0.1', '::1', 'my_host'])(
    'takes the address %j',
    written => {
      expect(tracingOf({ address: written }).address).toBe(written)
    },
  )

  it('takes names of headers in any case, each once', () => {
    expect(tracingOf({ headerTags: ['X-Tenant', 'x-tenant', 'x-b'] }).headerTags).toEqual(['x-tenant', 'x-b'])
  })

  it.each([
    ['x-tenant', 'must be a list of header names'],
    [['x tenant'], 'must hold names of headers alone'],
    [['x-tenant:'], 'must hold names of headers alone'],
    [[''], 'must hold names of headers alone'],
    [[7], 'must hold names of headers alone'],
    [['x'.repeat(65)], 'must hold names of headers alone'],
    [['Authorization'], 'must not name authorization, which holds a secret: leave it out'],
    [['x-tenant', 'cookie'], 'must not name cookie'],
    [Array.from({ length: 17 }, (_, at) => `x-${at}`), 'must hold at most 16 names'],
  ])('refuses the header tags %j', (written, problem) => {
    expect(problemOf({ headerTags: written })).toContain(`spec.observability.tracing.headerTags: ${problem}`)
  })

  it('refuses what it does not know of query strings and response headers', () => {
    expect(tracingOf({ queryStrings: 'redact' }).queryStrings).toBe('redact')
    expect(problemOf({ queryStrings: 'hide' })).toMatch(/tracing\.queryStrings: must be "keep", "redact"/)
    expect(problemOf({ responseHeaders: 'no' })).toMatch(/tracing\.responseHeaders: must be true or false/)
    expect(parseMeshConfig({ observability: { accessLog: { enable: 1 } } })).toMatchObject({
      problems: [{ path: 'spec.observability.accessLog.enable' }],
    })
  })

  it('names every field that is wrong, each with its path', () => {
    const outcome = parseMeshConfig({
      sidecar: { sidecarTimeout: 0, logLevel: 'loud' },
      traffic: { enableEgress: 'true' },
      observability: { tracing: [] },
    })
    expect('problems' in outcome && outcome.problems.map(problem => problem.path)).toEqual([
      'spec.sidecar.sidecarTimeout',
      'spec.sidecar.logLevel',
      'spec.traffic.enableEgress',
      'spec.observability.tracing',
    ])
  })

  it('refuses a timeout that no timer holds', () => {
    expect(parseMeshConfig({ sidecar: { sidecarTimeout: 2_147_483 } })).toHaveProperty('config')
    expect(parseMeshConfig({ sidecar: { sidecarTimeout: 2_147_484 } })).toHaveProperty('problems')
  })

  it('reads what it gave back as the same, and never throws', () => {
    const anything = fc.record(
      {
        observability: fc.record({ tracing: fc.oneof(fc.jsonValue(), tracingFields) }),
        traffic: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anything, spec => {
        const outcome = parseMeshConfig(spec)
        if ('config' in outcome) expect(parseMeshConfig(outcome.config)).toEqual(outcome)
        else for (const problem of outcome.problems) expect(problem.path).toMatch(/^spec\./)
      }),
    )
  })
})

const tracingFields = fc.record(
  {
    enable: fc.boolean(),
    port: fc.integer({ min: 0, max: 65_600 }),
    endpoint: fc.oneof(fc.webPath(), fc.string()),
    address: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
    sampledFraction: fc.oneof(fc.double({ min: 0, max: 1.1 }), fc.double({ min: 0, max: 1 }).map(String)),
  },
  { requiredKeys: [] },
)

describe('tracingAddress', () => {
  it('is the Jaeger of the mesh unless another is written', () => {
    expect(tracingAddress({ address: '' }, 'mesh')).toBe('jaeger.mesh.svc.cluster.local')
    expect(tracingAddress({ address: '10.0.0.1' }, 'mesh')).toBe('10.0.0.1')
  })
})
