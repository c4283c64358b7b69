import { describe, expect, it } from 'vitest'
import { shownTargetBy } from './shown-target.ts'

describe('what is shown of a target', () => {
  it.each([
    ['/a', '/a', '/a'],
    ['/a?b=1&c=2', '/a?b=REDACTED&c=REDACTED', '/a'],
    ['/a?token', '/a?token', '/a'],
    ['/a?b=1=2&c=&d', '/a?b=REDACTED&c=&d', '/a'],
    ['/a=b?c=d?e=f', '/a=b?c=REDACTED', '/a=b'],
    ['/?', '/?', '/'],
    ['*', '*', '*'],
  ])('%s', (target, redacted, dropped) => {
    expect(shownTargetBy('keep')(target)).toBe(target)
    expect(shownTargetBy('redact')(target)).toBe(redacted)
    expect(shownTargetBy('drop')(target)).toBe(dropped)
  })
})
