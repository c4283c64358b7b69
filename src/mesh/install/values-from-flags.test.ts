import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../model/json.ts'
import { editDistance, nearestText } from '../../model/nearest-text.ts'
import { defaultInstallValues } from './install-values.ts'
import { UNUSED_KEYS, VALUE_KEYS } from './value-keys.ts'
import { valuesFromFlags, valuesFromSources } from './values-from-flags.ts'

const mesh = { meshName: 'osm', meshNamespace: 'osm-system' }
const problemsOf = (...flags: string[]) => {
  const outcome = valuesFromFlags(flags, mesh)
  return 'problems' in outcome ? outcome.problems : []
}
function valuesOf(...flags: string[]) {
  const outcome = valuesFromFlags(flags, mesh)
  if ('problems' in outcome) throw new Error(outcome.problems.join('\n'))
  return outcome
}

describe('valuesFromFlags', () => {
  it('gives the defaults of the chart without flags', () => {
    expect(valuesOf()).toEqual({ values: defaultInstallValues(mesh), warnings: [] })
  })

  it('reads the commands of the documentation', () => {
    const { values, warnings } = valuesOf('osm.deployJaeger=true,osm.tracing.enable=true')
    expect(values).toMatchObject({ deployJaeger: true, tracing: { enable: true, port: 9411, address: '' } })
    expect(warnings).toEqual([])
    const own = valuesOf(
      'osm.tracing.enable=true,osm.tracing.address=zipkin.example,osm.tracing.port=9000,osm.tracing.endpoint=/spans',
    )
    expect(own.values.tracing).toMatchObject({ address: 'zipkin.example', port: 9000, endpoint: '/spans' })
    expect(own.warnings).toEqual([])
  })

  it.each([
    ['0.1', '0.1'],
    ['1', '1'],
    ['0', '0'],
    ['1.0', '1.0'],
  ])('takes the sampled fraction %s, number or text', (written, meant) => {
    expect(valuesOf(`osm.tracing.sampledFraction=${written}`).values.tracing.sampledFraction).toBe(meant)
  })

  it('lets later flags win, and null go back to the defaults', () => {
    expect(valuesOf('osm.tracing.port=1', 'osm.tracing.port=2').values.tracing.port).toBe(2)
    expect(valuesOf('osm.tracing.port=1,osm.tracing.port=null').values.tracing.port).toBe(9411)
    expect(valuesOf('osm.tracing.port=1,osm.enableEgress=false,osm.tracing=null').values).toMatchObject({
      enableEgress: false,
      tracing: { port: 9411 },
    })
  })

  it.each([
    [
      'osm.tracing.enabled=true',
      'osm.tracing.enabled is no value of the mesh; did you mean osm.tracing.enable?',
    ],
    ['osm.deployjaeger=true', 'osm.deployjaeger is no value of the mesh; did you mean osm.deployJaeger?'],
    ['tracing.enable=true', 'tracing.enable is no value of the mesh; did you mean osm.tracing.enable?'],
    ['deployJaeger=true', 'deployJaeger is no value of the mesh; did you mean osm.deployJaeger?'],
    ['osm.tracing.enable=yes', 'osm.tracing.enable must be true or false, without quotes, but is "yes"'],
    [
      'osm.tracing.port=70000',
      'osm.tracing.port must be a whole number from 1 to 65535, without quotes, but is 70000',
    ],
    ['osm.deployJaeger={true}', 'osm.deployJaeger must be true or false, without quotes, but is [true]'],
    ["can't set this", 'invalid format for --set: key "can\'t set this" has no value'],
  ])('%s: %s', (flag, problem) => {
    expect(problemsOf(flag)).toEqual([problem])
  })

  it('says that a group is no value', () => {
    expect(problemsOf('osm.tracing=true')[0]).toMatch(
      /^osm\.tracing holds several values: set osm\.tracing\.enable, /,
    )
  })

  it('names all problems at once', () => {
    expect(problemsOf('osm.tracing.port=0,osm.nothing=1', 'x')).toHaveLength(3)
  })

  it('warns of what has no effect, and of halves of a whole', () => {
    expect(valuesOf('osm.deployGrafana=true,contour.enabled=true,osm.image.tag=1').warnings).toEqual(
      ['osm.deployGrafana', 'contour.enabled', 'osm.image.tag'].map(
        key => `${key} is a value of osm-edge that has no effect here`,
      ),
    )
    expect(valuesOf('osm.deployJaeger=true').warnings[0]).toContain('tracing is off')
    expect(valuesOf('osm.tracing.enable=true').warnings[0]).toContain('no Jaeger is deployed')
  })

  it('answers to any flag', () => {
    const known = fc.constantFrom(...VALUE_KEYS.keys(), ...UNUSED_KEYS)
    const flag = fc.tuple(known, fc.string()).map(([key, value]) => `${key}=${value}`)
    fc.assert(
      fc.property(fc.array(fc.oneof(flag, fc.string())), flags => {
        const outcome = valuesFromFlags(flags, mesh)
        expect('values' in outcome || outcome.problems.length > 0).toBe(true)
      }),
    )
  })
})

describe('valuesFromSources', () => {
  const file = (name: string, content: Json) => ({ name, content })

  it('lets later files win over earlier ones, and flags over all', () => {
    const outcome = valuesFromSources(
      {
        files: [
          file('a.yaml', { osm: { deployJaeger: true, tracing: { enable: true, port: 1, endpoint: '/a' } } }),
          file('b.yaml', { osm: { tracing: { port: 2, endpoint: '/b' } } }),
        ],
        flags: ['osm.tracing.port=3'],
      },
      mesh,
    )
    expect(outcome).toMatchObject({
      values: { deployJaeger: true, tracing: { enable: true, port: 3, endpoint: '/b' } },
      warnings: [],
    })
  })

  it('takes empty files, empty objects and null', () => {
    const files = [
      file('a.yaml', null),
      file('b.yaml', { osm: { enableEgress: false, tracing: { nodeSelector: {} } } }),
      file('c.yaml', { osm: { enableEgress: null } }),
    ]
    expect(valuesFromSources({ files, flags: [] }, mesh)).toMatchObject({
      values: { enableEgress: true },
      warnings: [],
    })
  })

  it('warns once of all that a file says in vain', () => {
    const content = { osm: { image: { tag: '1', registry: 'x' }, vault: { host: '' } } }
    expect(valuesFromSources({ files: [file('a.yaml', content)], flags: [] }, mesh)).toMatchObject({
      warnings: ['a.yaml: values of osm-edge that have no effect here: osm.image, osm.vault'],
    })
  })

  it('names the file and the nearest key of what is wrong', () => {
    const files = [
      file('a.yaml', { osm: { tracing: { enabled: true } } }),
      file('b.yaml', { tracing: { enable: true } }),
      file('c.yaml', ['x']),
      file('d.yaml', { osm: { tracing: { port: '9411' } } }),
    ]
    expect(valuesFromSources({ files, flags: [] }, mesh)).toEqual({
      problems: [
        'c.yaml: must hold an object, as "osm: {deployJaeger: true}"',
        'a.yaml: osm.tracing.enabled is no value of the mesh; did you mean osm.tracing.enable?',
        'b.yaml: tracing.enable is no value of the mesh; did you mean osm.tracing.enable?',
        'd.yaml: osm.tracing.port must be a whole number from 1 to 65535, without quotes, but is "9411"',
      ],
    })
  })

  it('answers to any file, and to keys that JavaScript knows', () => {
    const hostile = JSON.parse('{"__proto__":{"a":1},"osm":{"constructor":{"prototype":1}}}') as Json
    expect(valuesFromSources({ files: [file('a', hostile)], flags: [] }, mesh)).toHaveProperty('problems')
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false)
    fc.assert(
      fc.property(fc.jsonValue(), content => {
        // fast-check's JSON is ours, but for its mutability.
        const outcome = valuesFromSources({ files: [file('a', content as Json)], flags: [] }, mesh)
        expect('values' in outcome || outcome.problems.length > 0).toBe(true)
      }),
    )
  })
})

describe('editDistance', () => {
  it('is a distance', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        expect(editDistance(a, a)).toBe(0)
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(nearestText('prot', ['path', 'port'])).toBe('port')
    expect(nearestText('x', [])).toBeUndefined()
  })
})
