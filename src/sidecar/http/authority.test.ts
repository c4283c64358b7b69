import { describe, expect, it } from 'vitest'
import { authorityKey, isAuthority, splitAuthority } from './authority.ts'

describe('an authority', () => {
  it.each(['a', 'a.b:1', 'A-b_c.d:65535', '127.0.0.1', '[::1]', '[fe80::1]:80', 'a:', 'a.b.'])(
    'may be %s',
    text => {
      expect(isAuthority(text)).toBe(true)
    },
  )

  it.each([
    '',
    ':80',
    'a b',
    'a/b',
    'a@b',
    'a:b',
    'a:1:2',
    'a:65536',
    'a:-1',
    'a,b',
    '::1',
    '[]',
    '[::1',
    'a]',
    'a\xe4',
    'a?b',
    'a#',
  ])('may not be %j', text => {
    expect(isAuthority(text)).toBe(false)
  })

  it.each([
    ['Books.Shop', 'books.shop:80'],
    ['books.shop:080', 'books.shop:80'],
    ['books.shop.:14001', 'books.shop:14001'],
    ['[::1]', '[::1]:80'],
    ['a:', 'a:80'],
  ])('%s is looked up as %s', (text, key) => {
    expect(authorityKey(text)).toBe(key)
  })

  it('is taken apart for connecting', () => {
    expect(splitAuthority('[::1]:81')).toEqual({ host: '::1', port: 81 })
    expect(splitAuthority('a.b:80')).toEqual({ host: 'a.b', port: 80 })
  })
})
