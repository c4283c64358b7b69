import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { durationOption } from './flag-options.ts'

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
