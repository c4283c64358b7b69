import { describe, expect, it } from 'vitest'
import { humanAge } from './human-age.ts'

describe('an age', () => {
  it.each([
    [-5, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [125, '2m5s'],
    [27 * 60 + 5, '27m'],
    [179 * 60, '179m'],
    [(3 * 60 + 25) * 60, '3h25m'],
    [4 * 3600, '4h'],
    [47 * 3600, '47h'],
    [53 * 3600, '2d5h'],
    [5 * 86400, '5d'],
    [8 * 86400 + 3600, '8d'],
    [400 * 86400, '400d'],
    [(2 * 365 + 3) * 86400, '2y3d'],
    [9 * 365 * 86400, '9y'],
  ])('of %d s is %s', (seconds, text) => {
    expect(humanAge(seconds * 1000)).toBe(text)
  })
})
