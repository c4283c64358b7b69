import { describe, expect, it } from 'vitest'
import { isTraceState } from './tracestate.ts'

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, at) => `bar${at + 1}=${at + 1}`).join(',')

describe('tracestate', () => {
  it.each([
    'foo=1',
    'foo=1,bar=2',
    'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
    'foo=1 \t , \t bar=2, \t baz=3',
    '\t foo=1 \t',
    'foo=1,',
    'foo=1,,bar=2',
    ',foo=1',
    'foo= 1',
    'foo=a b',
    'foo@=1,bar=2',
    'foo@@bar=1',
    '0tenant@system=1',
    'abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/= !"#$%&\'()*+-./0123456789:;<>?@[]^_`{|}~',
    numbered(32),
    `${'z'.repeat(256)}=1`,
    `foo=${'v'.repeat(256)}`,
  ])('may be passed on: %j', value => {
    expect(isTraceState(value)).toBe(true)
  })

  it.each([
    '',
    ' ',
    ',',
    'foo',
    'foo =1',
    'FOO=1',
    'foo.bar=1',
    '@foo=1,bar=2',
    '=1',
    'foo=bar=baz',
    'foo=,bar=3',
    'foo= ,bar=3',
    'foo=a\tb',
    'foo=a\u0000',
    'foo=é',
    numbered(33),
    `${'z'.repeat(257)}=1`,
    `foo=${'v'.repeat(257)}`,
  ])('is dropped: %j', value => {
    expect(isTraceState(value)).toBe(false)
  })
})
