import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Assignment, parseSetFlag, printSetPath, type SetValue } from './set-flag.ts'

const one = (value: SetValue): readonly Assignment[] => [{ path: ['a'], value }]

describe('parseSetFlag', () => {
  it.each<[string, SetValue]>([
    ['a=true', true],
    ['a=FALSE', false],
    ['a=null', null],
    ['a=0', 0],
    ['a=9411', 9411],
    ['a=-5', -5],
    ['a=0.5', '0.5'],
    ['a=1.0', '1.0'],
    ['a=007', '007'],
    ['a=9007199254740993', '9007199254740993'],
    ['a=', ''],
    ['a=b=c', 'b=c'],
    ['a=one two', 'one two'],
    ['a=one\\,two', 'one,two'],
    ['a=one\\\\', 'one\\'],
    ['a=\\{x\\}', '{x}'],
    ['a={x,1,null}', ['x', 1, null]],
    ['a={x\\,y}', ['x,y']],
    ['a={}', ['']],
    ['a=日本', '日本'],
  ])('%s', (flag, value) => {
    expect(parseSetFlag(flag)).toEqual({ assignments: one(value) })
  })

  it.each<[string, readonly Assignment[]]>([
    ['', []],
    ['a=1,', one(1)],
    [
      'osm.deployJaeger=true,osm.tracing.enable=true',
      [
        { path: ['osm', 'deployJaeger'], value: true },
        { path: ['osm', 'tracing', 'enable'], value: true },
      ],
    ],
    ['a.b[1].c=x', [{ path: ['a', 'b', 1, 'c'], value: 'x' }]],
    ['a[0][2]=x', [{ path: ['a', 0, 2], value: 'x' }]],
    ['a\\.b=x', [{ path: ['a.b'], value: 'x' }]],
    [
      'a={x},b=y',
      [
        { path: ['a'], value: ['x'] },
        { path: ['b'], value: 'y' },
      ],
    ],
  ])('%s', (flag, assignments) => {
    expect(parseSetFlag(flag)).toEqual({ assignments })
  })

  it.each([
    ["can't set this", 'key "can\'t set this" has no value'],
    ['a,b=1', 'key "a" has no value (cannot end with ,)'],
    ['a=1,,b=2', 'key "" has no value (cannot end with ,)'],
    ['a.b', 'key "b" has no value'],
    ['a.=b', 'key "a=" has an empty part'],
    ['a={x', "list must terminate with '}'"],
    ['a[-1]=x', 'negative -1 index not allowed'],
    ['a[70000]=x', 'index of 70000 is greater than maximum supported index of 65536'],
    ['a[x]=x', 'error parsing index: "x" is no whole number'],
    ['a[0=x', 'error parsing index: "[0=x" has no ]'],
    ['a[0]b=x', 'unexpected data at end of array index: "b"'],
    ['a[0]', 'key "a[0]" has no value'],
  ])('%s is malformed', (flag, problem) => {
    expect(parseSetFlag(flag)).toEqual({ problem })
  })

  it('reads what was printed, whatever the names and texts are', () => {
    const name = fc.string({ minLength: 1 })
    const path = fc
      .tuple(name, fc.array(fc.oneof(name, fc.nat({ max: 65_536 })), { maxLength: 4 }))
      .map(([first, rest]) => [first, ...rest])
    // The first letter keeps it from being another type.
    const text = fc.string().map(rest => `v${rest}`)
    const assignments = fc.array(fc.record({ path, value: fc.oneof(text, fc.array(text, { minLength: 1 })) }))
    const printText = (value: string) => value.replace(/[\\,{}]/g, special => `\\${special}`)
    fc.assert(
      fc.property(assignments, written => {
        const flag = written.map(({ path, value }) => {
          const right = typeof value === 'string' ? printText(value) : `{${value.map(printText).join(',')}}`
          return `${printSetPath(path)}=${right}`
        })
        expect(parseSetFlag(flag.join(','))).toEqual({ assignments: written })
      }),
    )
  })

  it('reads or refuses anything, and integers as integers', () => {
    fc.assert(fc.property(fc.string(), flag => void parseSetFlag(flag)))
    fc.assert(
      fc.property(fc.maxSafeInteger(), integer => {
        expect(parseSetFlag(`a=${integer}`)).toEqual({ assignments: one(integer) })
      }),
    )
  })
})
