import { describe, expect, it } from 'vitest'
import { TextPool, textBytes } from './text-pool.ts'

const bytesOf = (pool: TextPool, text: string): number => {
  const before = pool.newBytes
  expect(pool.share(text)).toBe(text)
  return pool.newBytes - before
}

describe('the pool of texts', () => {
  it('counts a text once, as long as it is asked for', () => {
    const pool = new TextPool(4)
    expect(bytesOf(pool, 'GET /item/{id}')).toBe(textBytes('GET /item/{id}'))
    for (let i = 0; i < 100; i++) {
      bytesOf(pool, `https://shop.example/item/${i}`)
      if (i % 2 === 0) expect(bytesOf(pool, 'GET /item/{id}')).toBe(0)
    }
  })

  it('forgets what nobody asked for, so that it is bounded', () => {
    const pool = new TextPool(4)
    bytesOf(pool, 'asked for once')
    for (let i = 0; i < 10; i++) bytesOf(pool, `another text ${i}`)
    expect(bytesOf(pool, 'asked for once')).toBe(textBytes('asked for once'))
  })

  it('leaves short texts to the engine', () => {
    expect(bytesOf(new TextPool(4), '200')).toBe(0)
  })

  it('counts long texts each time', () => {
    const pool = new TextPool(4)
    const long = 'x'.repeat(129)
    expect(bytesOf(pool, long)).toBe(textBytes(long))
    expect(bytesOf(pool, long)).toBe(textBytes(long))
  })

  it('counts two bytes a character where one does not do', () => {
    expect(textBytes('12345678')).toBe(24)
    expect(textBytes('軌跡軌跡')).toBe(24)
    expect(textBytes('é')).toBe(24)
  })
})
