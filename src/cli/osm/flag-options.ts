import { InvalidArgumentError, Option } from 'commander'
import { duration } from '../../app/backend/flag-values.ts'

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647

/** Milliseconds, whole and at least one. */
export function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(text => {
    const millis = Math.ceil((duration.parse(text) ?? 0) / 1000)
    if (millis < 1 || millis > MOST_MILLIS)
      throw new InvalidArgumentError('It takes a number and a unit: 500ms, 90s, 2m, 1m30s; 24 days at most.')
    return millis
  })
}

export function portOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; 0 takes a free one`).argParser(text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value > 65535)
      throw new InvalidArgumentError('It takes a number from 0 to 65535.')
    return value
  })
}
