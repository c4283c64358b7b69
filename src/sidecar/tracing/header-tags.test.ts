import { describe, expect, it } from 'vitest'
import { createHeaderTags } from './header-tags.ts'

const HEAD =
  'GET /x-tenant: HTTP/1.1\r\nhost: a\r\nX-Tenant:  acme \r\nx-tenant-id: no\r\nx-plan:\tgold\r\nX-TENANT: two\r\nx-q: "\\\r\n'

function tagsOf(names: readonly string[], lines = HEAD): unknown {
  return JSON.parse(`{"first":""${createHeaderTags(names)?.(lines) ?? ''}}`)
}

describe('header tags', () => {
  it('hold the values of the named headers, whatever their case, in the order of the names', () => {
    expect(createHeaderTags(['x-plan', 'x-tenant', 'x-absent'])?.(HEAD)).toBe(
      ',"http.request.header.x-plan":"gold","http.request.header.x-tenant":"acme, two"',
    )
  })

  it('are JSON whatever the value, and a name is no pattern', () => {
    expect(tagsOf(['x-q'])).toMatchObject({ 'http.request.header.x-q': '"\\' })
    expect(tagsOf(['x.plan', 'x*'])).toEqual({ first: '' })
  })

  it('are bounded, and no character is cut in two', () => {
    const name = 'http.request.header.x-long'
    const of = (value: string): string => {
      const latin1 = Buffer.from(value).toString('latin1')
      return (tagsOf(['x-long'], `x-long: ${latin1}\r\n`) as Record<string, string>)[name] ?? ''
    }
    expect(of('a'.repeat(5000))).toBe('a'.repeat(256))
    expect(of(`a${'é'.repeat(200)}`)).toBe(`a${'é'.repeat(127)}`)
    const many = 'x-long: v\r\n'.repeat(100)
    expect((tagsOf(['x-long'], many) as Record<string, string>)[name]).toBe(Array(8).fill('v').join(', '))
  })

  it('are not looked for where none is wanted', () => {
    expect(createHeaderTags([])).toBeUndefined()
  })
})
