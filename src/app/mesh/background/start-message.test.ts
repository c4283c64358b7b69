import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseStartMessage } from './start-message.ts'

it('reads what the background process says, and nothing else', () => {
  expect(parseStartMessage({ status: 'step', step: 'x', more: 1 })).toEqual({ status: 'step', step: 'x' })
  expect(parseStartMessage({ status: 'ready', apiUrl: 'https://x' })).toEqual({
    status: 'ready',
    apiUrl: 'https://x',
  })
  expect(parseStartMessage({ status: 'ready' })).toBeUndefined()
  fc.assert(fc.property(fc.anything(), value => parseStartMessage(value) === undefined))
})
