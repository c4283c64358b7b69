import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KubeFailure } from './kube-failure.ts'
import {
  type LabelRequirement,
  matchesLabelSelector,
  matchesRequirements,
  parseLabelSelector,
  printLabelSelector,
} from './label-selector.ts'

const labels = { app: 'cart', tier: 'web', weight: '10', empty: '', in: 'notin' }
const selects = (text: string) => matchesRequirements(labels, parseLabelSelector(text))

function failureOf(text: string): unknown {
  try {
    return parseLabelSelector(text)
  } catch (error) {
    return error instanceof KubeFailure ? `${error.status} ${error.message}` : error
  }
}

describe('a label selector as text', () => {
  it.each([
    '',
    ' ',
    'app',
    'app=cart',
    'app == cart',
    'app!=shop,tier=web',
    'none!=x',
    'app in (shop, cart)',
    'app notin (shop)',
    'none notin (a)',
    '!none',
    ' ! none ',
    'weight>9,weight<11',
    'empty=',
    'empty in ()',
    'empty in (,a)',
    'in=notin',
    'in in (in,notin)',
    'empty,app=cart',
  ])('selects by %j', text => {
    expect(selects(text)).toBe(true)
  })

  it.each([
    'none',
    '!app',
    'app=shop',
    'app!=cart',
    'app in (shop)',
    'app notin (cart,shop)',
    'weight>10',
    'app>1',
    'none=',
    'toString',
    'app=cart,tier=db',
  ])('does not select by %j', text => {
    expect(selects(text)).toBe(false)
  })

  it.each([
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a=(b)', "unable to parse requirement: found '(', expected: identifier"],
    [
      'a>b',
      `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      'a=b@c',
      `unable to parse requirement: values[0][a]: Invalid value: "b@c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
    [
      '-a=b',
      `unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
    ['/a', 'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty'],
    [
      `a=${'b'.repeat(64)}`,
      `unable to parse requirement: values[0][a]: Invalid value: "${'b'.repeat(64)}": must be no more than 63 bytes`,
    ],
  ])('refuses %j', (text, message) => {
    expect(failureOf(text)).toBe(`400 ${message}`)
  })

  it('is read again as it was printed', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,8}[A-Za-z0-9])?$/)
    const key = fc.oneof(
      word,
      word.map(name => `example.com/${name}`),
      fc.constantFrom('in', 'notin'),
    )
    const value = fc.oneof(word, fc.constantFrom('', 'in', 'notin'))
    const one = value.map(only => [only])
    const some = fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map(values => values.sort())
    const requirement = fc.oneof(
      fc.record({ key, operator: fc.constantFrom('=', '==', '!='), values: one }),
      fc.record({ key, operator: fc.constantFrom('in', 'notin'), values: some }),
      fc.record({ key, operator: fc.constantFrom('exists', '!'), values: fc.constant([]) }),
      fc.record({
        key,
        operator: fc.constantFrom('gt', 'lt'),
        values: fc.nat().map(bound => [String(bound)]),
      }),
    ) as fc.Arbitrary<LabelRequirement>
    const all = fc.uniqueArray(requirement, { selector: each => each.key, maxLength: 5 })
    fc.assert(
      fc.property(all, requirements => {
        const sorted = requirements.sort((left, right) => (left.key < right.key ? -1 : 1))
        expect(parseLabelSelector(printLabelSelector(sorted))).toEqual(sorted)
      }),
    )
  })

  it('never fails but with a failure that says why', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'in', 'notin', ' ', '(', ')', ',', '=', '!', '<', '/', '@'),
    })
    fc.assert(
      fc.property(text, written => {
        const outcome = failureOf(written)
        expect(Array.isArray(outcome) || typeof outcome === 'string').toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a label selector of an object', () => {
  it('wants all that it names', () => {
    expect(matchesLabelSelector({}, labels)).toBe(true)
    expect(matchesLabelSelector({}, undefined)).toBe(true)
    expect(matchesLabelSelector({ matchLabels: { app: 'cart' } }, labels)).toBe(true)
    expect(matchesLabelSelector({ matchLabels: { app: 'cart', tier: 'db' } }, labels)).toBe(false)
    expect(matchesLabelSelector({ matchLabels: { app: 'cart' } }, undefined)).toBe(false)
  })

  it('knows four operators', () => {
    const by = (operator: string, key: string, values?: readonly string[]) =>
      matchesLabelSelector({ matchExpressions: [{ key, operator, ...(values && { values }) }] }, labels)
    expect(by('In', 'app', ['cart', 'shop'])).toBe(true)
    expect(by('NotIn', 'app', ['cart', 'shop'])).toBe(false)
    expect(by('NotIn', 'none', ['cart'])).toBe(true)
    expect(by('Exists', 'app')).toBe(true)
    expect(by('DoesNotExist', 'app')).toBe(false)
    expect(() => by('Gt', 'weight', ['1'])).toThrow('"Gt" is not a valid label selector operator')
    expect(() => by('constructor', 'weight')).toThrow('is not a valid label selector operator')
    expect(() => by('In', 'app')).toThrow("values set can't be empty")
  })

  it('selects nothing where there is none', () => {
    expect(matchesLabelSelector(undefined, labels)).toBe(false)
  })
})
