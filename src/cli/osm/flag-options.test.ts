import { Command, type Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { booleanOption, durationOption, repeatableOption, timeoutOption } from './flag-options.ts'

function timeoutOf(text: string): unknown {
  return new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(durationOption('--timeout <duration>', 'how long'))
    .parse(['--timeout', text], { from: 'user' })
    .opts()['timeout']
}

describe('a duration in a flag', () => {
  it.each([
    ['90s', 90_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['5m0s', 300_000],
    // Timers count whole milliseconds.
    ['0.5ms', 1],
    ['0.3333s', 334],
  ])('%s is %i ms', (text, millis) => {
    expect(timeoutOf(text)).toBe(millis)
  })

  it.each(['90', '0s', '-1s', '', 'soon', '25h1000000m'])('%j is refused', text => {
    expect(() => timeoutOf(text)).toThrow('number and a unit')
  })
})

function parsed(option: Option, ...args: readonly string[]): unknown {
  return new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(option)
    .parse(args, { from: 'user' })
    .opts()[option.attributeName()]
}

describe('other flags', () => {
  it.each([
    ['0', Number.POSITIVE_INFINITY],
    ['0s', Number.POSITIVE_INFINITY],
    ['5m', 300_000],
  ])('a timeout of %s is %d ms', (text, millis) => {
    expect(parsed(timeoutOption('--timeout <duration>', ''), '--timeout', text)).toBe(millis)
  })

  it('a boolean may be said alone, or with its value', () => {
    const option = () => booleanOption('--single', '', true)
    expect(parsed(option())).toBe(true)
    expect(parsed(option(), '--single')).toBe(true)
    expect(parsed(option(), '--single=false')).toBe(false)
    expect(parsed(option(), '--single=true')).toBe(true)
    expect(() => parsed(option(), '--single=maybe')).toThrow('It takes true or false')
  })

  it('a repeated flag keeps its values in order', () => {
    const option = () => repeatableOption('-s, --set <value>', '')
    expect(parsed(option())).toEqual([])
    expect(parsed(option(), '--set', 'b', '--set=a', '-s', 'c')).toEqual(['b', 'a', 'c'])
  })
})
