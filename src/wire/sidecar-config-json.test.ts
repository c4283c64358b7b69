import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KisekiError } from '../model/errors.ts'
import { type ConfigAnswer, type SidecarConfig, toRevision } from '../model/sidecar-config.ts'
import {
  encodeConfigAnswer,
  encodeSidecarConfig,
  parseConfigAnswer,
  parseSidecarConfig,
} from './sidecar-config-json.ts'

const CONFIG: SidecarConfig = {
  revision: toRevision('00c0ffee00c0ffee'),
  identity: {
    mesh: 'm',
    namespace: 'shop',
    pod: 'cart-1',
    podUid: 'u-1',
    workload: 'cart',
    serviceAccount: 'cart',
    address: '127.64.0.2',
  },
  inbound: {
    ports: {
      '8080': {
        protocol: 'http',
        target: { address: '127.0.0.1', port: 40123 },
        cluster: 'shop/cart|8080|local',
      },
    },
  },
  outbound: {
    hosts: { 'stock.shop:80': 'shop/stock|8080' },
    clusters: {
      'shop/stock|8080': {
        protocol: 'http',
        endpoints: [
          { address: '127.64.0.3', port: 8080, weight: 100, via: { address: '127.64.0.3', port: 15003 } },
        ],
      },
    },
    egress: true,
  },
  tracing: {
    address: 'jaeger.mesh',
    port: 9411,
    endpoint: '/api/v2/spans',
    sampledFraction: 0.5,
    spanName: 'path',
    responseHeaders: true,
    headerTags: ['x-tenant'],
    queryStrings: 'redact',
    resolved: [],
  },
  timeoutMillis: 60_000,
}

const port = fc.integer({ min: 1, max: 65_535 })
const text = fc.string({ minLength: 1, unit: 'binary' })
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain())
const socket = fc.record({ address, port })
const endpoint = fc.record(
  { address, port, weight: fc.integer({ min: 1 }), via: socket },
  { requiredKeys: ['address', 'port', 'weight'] },
)
const protocol = fc.constantFrom('http' as const, 'tcp' as const)
const count = fc.integer({ min: 1, max: 10_000 })
const retry = fc.record(
  {
    on: fc.subarray(['5xx' as const, 'gateway-error' as const, 'connect-failure' as const, 'reset' as const]),
    times: fc.nat(10),
    perTryMillis: count,
    backoffMillis: count,
  },
  { requiredKeys: ['on', 'times'] },
)
const settings = fc.record(
  {
    connectMillis: count,
    requestMillis: count,
    maxConnections: count,
    maxPendingRequests: count,
    maxRequests: count,
    maxRequestsPerConnection: count,
    maxRetries: count,
    retry,
  },
  { requiredKeys: [] },
)
const cluster = fc.record(
  { protocol, endpoints: fc.array(endpoint, { maxLength: 3 }), settings },
  { requiredKeys: ['protocol', 'endpoints'] },
)
const outbound = fc.dictionary(text, cluster).chain(clusters => {
  const names = Object.keys(clusters)
  const hosts = names.length === 0 ? fc.constant({}) : fc.dictionary(text, fc.constantFrom(...names))
  return fc.record({ hosts, clusters: fc.constant(clusters), egress: fc.boolean() })
})
const configs: fc.Arbitrary<SidecarConfig> = fc.record(
  {
    revision: text.map(toRevision),
    identity: fc.record({
      mesh: text,
      namespace: text,
      pod: text,
      podUid: text,
      workload: text,
      serviceAccount: text,
      address: text,
    }),
    inbound: fc.record({
      ports: fc.dictionary(port.map(String), fc.record({ protocol, target: socket, cluster: text })),
    }),
    outbound,
    tracing: fc.record({
      address,
      port,
      endpoint: fc.webPath().map(path => `/${path}`),
      sampledFraction: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
      spanName: fc.constantFrom('path' as const, 'host' as const),
      responseHeaders: fc.boolean(),
      headerTags: fc.array(fc.string({ minLength: 1 })),
      queryStrings: fc.constantFrom('keep' as const, 'redact' as const, 'drop' as const),
      resolved: fc.array(socket, { maxLength: 3 }),
    }),
    timeoutMillis: fc.integer({ min: 1, max: 2_147_483_647 }),
  },
  { requiredKeys: ['revision', 'identity', 'inbound', 'outbound', 'timeoutMillis'] },
)

/** The message of the refusal. */
function refusal(changes: object): string {
  try {
    parseSidecarConfig(JSON.stringify({ ...CONFIG, ...changes }))
    return 'taken'
  } catch (error) {
    if (!(error instanceof KisekiError)) throw error
    expect(error.code).toBe('KISEKI_BAD_CONFIG')
    expect(error.remedy).toContain('same release')
    return error.message
  }
}

describe('a SidecarConfig as JSON', () => {
  it('is one line, and comes back as it was', () => {
    fc.assert(
      fc.property(configs, config => {
        const line = encodeSidecarConfig(config)
        expect(line).not.toMatch(/[\r\n]/)
        expect(parseSidecarConfig(line)).toEqual(config)
      }),
    )
  })

  it('keeps out what it does not know', () => {
    expect(parseSidecarConfig(JSON.stringify({ ...CONFIG, later: 1 }))).toEqual(CONFIG)
  })

  it('is without tracing when tracing is off', () => {
    const { tracing: _, ...off } = CONFIG
    expect(parseSidecarConfig(encodeSidecarConfig(off))).not.toHaveProperty('tracing')
  })

  it('is refused with the path of the mistake', () => {
    const inbound = {
      ports: { '8080': { protocol: 'udp', target: { address: 'a', port: 1 }, cluster: 'c' } },
    }
    expect(refusal({ inbound })).toBe(
      'SidecarConfig: $.inbound.ports["8080"].protocol must be one of http, tcp, but is "udp"',
    )
    expect(refusal({ tracing: { ...CONFIG.tracing, resolved: [{ address: 'a', port: 0 }] } })).toBe(
      'SidecarConfig: $.tracing.resolved[0].port must be a whole number from 1 to 65535, but is 0',
    )
    expect(refusal({ outbound: { ...CONFIG.outbound, clusters: {} } })).toContain(
      '$.outbound.hosts["stock.shop:80"] must be the name of a cluster that is there',
    )
    expect(refusal({ timeoutMillis: 2_147_483_648 })).toContain('$.timeoutMillis must be a whole number')
    expect(refusal({ tracing: { ...CONFIG.tracing, endpoint: '/a b' } })).toContain('$.tracing.endpoint')
    expect(refusal({ tracing: null })).toContain('$.tracing must be an object, but is null')
    expect(refusal({ identity: undefined })).toContain('$.identity must be an object, but is absent')
  })

  it('is refused when it is broken off', () => {
    expect(() => parseSidecarConfig('{"revision":')).toThrow('SidecarConfig: is no JSON')
  })

  it('is read or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), anything => {
        expect(() => parseSidecarConfig(anything)).toThrow(KisekiError)
      }),
    )
  })
})

describe('an answer to a SidecarConfig', () => {
  const answers: fc.Arbitrary<ConfigAnswer> = fc.oneof(
    fc.record({ status: fc.constant('applied' as const), revision: text.map(toRevision) }),
    fc.record({ status: fc.constant('refused' as const), revision: text.map(toRevision), reason: text }),
  )

  it('comes back as it was', () => {
    fc.assert(
      fc.property(answers, answer => {
        expect(parseConfigAnswer(encodeConfigAnswer(answer))).toEqual(answer)
      }),
    )
  })

  it.each([
    ['{}', '$.revision'],
    ['{"revision":"1"}', '$.status must be one of applied, refused, but is absent'],
    ['{"revision":"1","status":"refused"}', '$.reason'],
    ['[]', '$ must be an object'],
    ['nonsense', 'is no JSON'],
  ])('%s is refused', (answer, why) => {
    expect(() => parseConfigAnswer(answer)).toThrow(why)
  })
})
