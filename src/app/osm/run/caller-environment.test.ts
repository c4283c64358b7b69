import { expect, it } from 'vitest'
import { callerEnvironment } from './caller-environment.ts'

const CALLER = { PATH: '/bin', LC_ALL: 'C', SECRET: 's', HTTP_PROXY: 'http://proxy', npm_x: '1' }

it('takes what a program needs, and neither secrets nor proxies', () => {
  expect(callerEnvironment(CALLER, [])).toEqual({ environment: { PATH: '/bin', LC_ALL: 'C' } })
})

it('sets what is asked for, and passes on what is named', () => {
  expect(callerEnvironment(CALLER, ['A=b=c', 'EMPTY=', 'SECRET', 'PATH=/x', 'TEXT=1\n2'])).toEqual({
    environment: { PATH: '/x', LC_ALL: 'C', A: 'b=c', EMPTY: '', SECRET: 's', TEXT: '1\n2' },
  })
})

it('keeps names that objects have of themselves as plain names', () => {
  const outcome = callerEnvironment({}, ['__proto__=x'])
  expect('environment' in outcome && Object.entries(outcome.environment)).toEqual([['__proto__', 'x']])
})

it.each(['=b', '1A=b', 'A B=c', ''])('refuses %j', setting => {
  expect(callerEnvironment(CALLER, [setting])).toMatchObject({
    problem: expect.stringContaining('--env takes'),
  })
})

it('refuses to pass on what is not there', () => {
  expect(callerEnvironment(CALLER, ['NONE'])).toEqual({
    problem: '--env NONE: this shell has no such variable',
  })
})
