import { describe, expect, it } from 'vitest'
import type { KisekiError } from '../../model/errors.ts'
import { FLAGS, variableName } from './flags.ts'
import { type ReadSettings, readSettings } from './read-settings.ts'

type Env = Readonly<Record<string, string>>

const read = (args: readonly string[] = [], env: Env = {}): ReadSettings =>
  readSettings({ arguments: args, env, heapLimitBytes: 4 * 2 ** 30 })

function refusal(args: readonly string[], env: Env = {}): { code: string; message: string } {
  try {
    read(args, env)
  } catch (error) {
    const { code, message } = error as KisekiError
    return { code, message }
  }
  throw new Error('It was taken.')
}

describe('the settings of the backend', () => {
  it('have defaults that stay on this machine', () => {
    expect(read()).toEqual({
      settings: {
        zipkin: { host: '127.0.0.1', port: 9411 },
        otlp: true,
        otlpGrpc: { host: '127.0.0.1', port: 4317 },
        otlpHttp: { host: '127.0.0.1', port: 4318 },
        otlpCorsOrigins: ['*'],
        otlpCorsHeaders: ['content-type'],
        corsOrigins: ['*'],
        corsHeaders: ['content-type'],
        query: { host: '127.0.0.1', port: 16686 },
        basePath: '',
        maxClockSkew: 0,
        admin: { host: '127.0.0.1', port: 14269 },
        storage: 'memory',
        maxTraces: 0,
        maxBytes: 256 * 2 ** 20,
        logLevel: 'info',
      },
      warnings: [],
    })
  })

  it('keep less by default where the heap is small', () => {
    const { settings } = readSettings({ arguments: [], env: {}, heapLimitBytes: 256 * 2 ** 20 })
    expect(settings.maxBytes).toBe(102 * 2 ** 20)
  })

  it('refuse to promise more than the heap can hold', () => {
    expect(read(['--memory.max-bytes=3GiB']).settings.maxBytes).toBe(3 * 2 ** 30)
    expect(refusal(['--memory.max-bytes=3.1GiB']).message).toContain('do not fit into a heap of 4096 MiB')
  })

  it('listen by default where the image says', () => {
    const { settings } = read([], { JAEGER_LISTEN_HOST: '0.0.0.0' })
    expect(settings.query).toEqual({ host: '0.0.0.0', port: 16686 })
    expect(read([], { JAEGER_LISTEN_HOST: '::1' }).settings.admin).toEqual({ host: '::1', port: 14269 })
  })

  it('take flags in both forms, with one dash or two, the last one of several', () => {
    const args = [
      '--memory.max-traces=5',
      '-log-level',
      'WARN',
      '--query.base-path=/a',
      '--query.base-path',
      '/b/',
    ]
    expect(read(args).settings).toMatchObject({ maxTraces: 5, logLevel: 'warn', basePath: '/b' })
  })

  it.each([
    ['9411', { host: undefined, port: 9411 }],
    [':9411', { host: undefined, port: 9411 }],
    ['shop.local:0', { host: 'shop.local', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['', 'off'],
  ])('read the address %j as Jaeger does', (text, expected) => {
    expect(read([`--collector.zipkin.host-port=${text}`]).settings.zipkin).toEqual(expected)
  })

  it.each([
    ['1000', 1000],
    ['64MiB', 64 * 2 ** 20],
    ['1.5GB', 1.5e9],
    ['2 KiB', 2048],
  ])('read the size %j', (text, expected) => {
    expect(read([`--memory.max-bytes=${text}`]).settings.maxBytes).toBe(expected)
  })

  it('take variables, but flags before them', () => {
    const env = { MEMORY_MAX_TRACES: '7', QUERY_MAX_CLOCK_SKEW_ADJUSTMENT: '1m', QUERY_BASE_PATH: '' }
    expect(read([], env).settings).toMatchObject({ maxTraces: 7, maxClockSkew: 60_000_000, basePath: '' })
    expect(read(['--memory.max-traces=8'], env).settings.maxTraces).toBe(8)
    expect(read([], { COLLECTOR_ZIPKIN_HTTP_PORT: '9999' }).settings.zipkin).toMatchObject({ port: 9999 })
  })

  it('read the flag of OTLP with a value and without, as Go does', () => {
    expect(read(['--collector.otlp.enabled=false']).settings.otlp).toBe(false)
    expect(read(['--collector.otlp.enabled', '--log-level=warn']).settings).toMatchObject({
      otlp: true,
      logLevel: 'warn',
    })
    expect(read([], { COLLECTOR_OTLP_ENABLED: 'false' }).settings.otlp).toBe(false)
    expect(read(['--collector.otlp.grpc.host-port=:0']).settings.otlpGrpc).toEqual({
      host: undefined,
      port: 0,
    })
    expect(refusal(['--collector.otlp.enabled=maybe']).message).toContain('true or false')
  })

  it('refuse unknown flags, and name the nearest', () => {
    expect(refusal(['--collector.zipkin.hostport=1'])).toEqual({
      code: 'KISEKI_UNKNOWN_FLAG',
      message: 'unknown flag --collector.zipkin.hostport; is it --collector.zipkin.host-port?',
    })
    expect(refusal(['--zzz'])).toEqual({ code: 'KISEKI_UNKNOWN_FLAG', message: 'unknown flag --zzz' })
    expect(refusal(['stray'])).toMatchObject({ code: 'KISEKI_UNKNOWN_FLAG' })
  })

  it.each([
    [['--query.http-server.host-port=x'], '--query.http-server.host-port=x'],
    [['--query.http-server.host-port=1:99999'], '--query.http-server.host-port=1:99999'],
    [['--memory.max-bytes=many'], '--memory.max-bytes=many'],
    [['--memory.max-bytes=0'], '--memory.max-bytes=0'],
    [['--memory.max-traces=-1'], '--memory.max-traces=-1'],
    [['--log-level=loud'], 'debug, info, warn or error'],
    [['--query.base-path=jaeger'], '--query.base-path=jaeger'],
    [['--query.max-clock-skew-adjustment=5'], 'a duration'],
    [['--log-level'], '--log-level needs a value'],
  ])('refuse %j and say what is wrong', (args, part) => {
    const { code, message } = refusal(args)
    expect(code).toBe('KISEKI_BAD_FLAG')
    expect(message).toContain(part)
  })

  it('know only the memory engine, and say so', () => {
    expect(read([], { SPAN_STORAGE_TYPE: 'memory' }).settings.storage).toBe('memory')
    expect(refusal([], { SPAN_STORAGE_TYPE: 'cassandra' }).message).toBe(
      'SPAN_STORAGE_TYPE=cassandra cannot be used: it takes memory',
    )
  })

  it('warn of flags and variables of Jaeger that do nothing here, and go on', () => {
    const args = [
      '--collector.enable-span-size-metrics',
      '--sampling.strategies-file',
      '/etc/x.json',
      '--log-level=error',
    ]
    const { settings, warnings } = read(args, { COLLECTOR_NUM_WORKERS: '5', METRICS_BACKEND: '' })
    expect(settings.logLevel).toBe('error')
    expect(warnings).toEqual([
      '--collector.enable-span-size-metrics is of Jaeger and has no effect here',
      '--sampling.strategies-file is of Jaeger and has no effect here',
      'COLLECTOR_NUM_WORKERS is of Jaeger and has no effect here',
    ])
  })

  it('do not warn of what has an effect', () => {
    const env = Object.fromEntries(
      Object.values(FLAGS).map(flag => [
        variableName(flag.name),
        flag.fallback({ listenHost: '', heapLimitBytes: 2 ** 30 }),
      ]),
    )
    expect(read([], env).warnings).toEqual([])
  })

  it('refuse to leave open what was to be protected', () => {
    expect(refusal(['--query.http.tls.enabled']).code).toBe('KISEKI_BAD_FLAG')
    expect(refusal(['--multi-tenancy.enabled=true']).code).toBe('KISEKI_BAD_FLAG')
    expect(refusal([], { COLLECTOR_ZIPKIN_TLS_ENABLED: 'true' }).code).toBe('KISEKI_BAD_FLAG')
    expect(read(['--query.http.tls.enabled=false']).warnings).toHaveLength(1)
  })
})
