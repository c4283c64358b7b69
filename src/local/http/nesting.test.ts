import { describe, expect, it } from 'vitest'
import type { Json } from '../../model/json.ts'
import { checkNesting } from './nesting.ts'

const nested = (depth: number): Json => {
  let value: Json = 'core'
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value }
  return value
}

describe('the nesting of bodies', () => {
  it('has a bound, which no stack of ours has to hold', () => {
    expect(() => checkNesting(nested(500))).not.toThrow()
    expect(() => checkNesting(nested(501))).toThrow('json: exceeded max depth')
    expect(() => checkNesting(nested(1_000_000))).toThrow('json: exceeded max depth')
  })

  it('says nothing of what is wide', () => {
    expect(() => checkNesting(Array.from({ length: 300_000 }, () => ({ a: [1] })))).not.toThrow()
  })
})
