import { describe, expect, it } from 'vitest'
import { pathTemplate } from './path-template.ts'
import { createSpanNames } from './span-names.ts'

describe('the template of a path', () => {
  it.each([
    ['/', '/'],
    ['*', '*'],
    ['/books', '/books'],
    ['/books?id=7', '/books'],
    ['/books/42', '/books/{id}'],
    ['/books/42/pages/7/', '/books/{id}/pages/{id}/'],
    ['/v1/api/v2', '/v1/api/v2'],
    ['/users/6f1c2d3e-0a1b-4c2d-8e3f-1234567890ab', '/users/{id}'],
    ['/users/6F1C2D3E-0A1B-4C2D-8E3F-1234567890AB/x', '/users/{id}/x'],
    ['/commit/deadbeef1', '/commit/{id}'],
    ['/commit/2fd4e1c67a2d28fced849ee1bb76e7391b93eb12', '/commit/{id}'],
    ['/words/deadbeef/facade', '/words/deadbeef/facade'],
    ['/ulid/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/ulid/{id}'],
    ['/token/V1StGXR8_Z5jdHi6B-myT0', '/token/{id}'],
    ['/a-rather-long-name-of-a-resource', '/a-rather-long-name-of-a-resource'],
    [`/${'x'.repeat(65)}`, '/{id}'],
    ['/1/2/3/4/5/6/7/8/9/10/11/12/13/14', `${'/{id}'.repeat(11)}/…`],
  ])('%s is %s', (target, template) => {
    expect(pathTemplate(target)).toBe(template)
  })
})

describe('the names of spans', () => {
  it('are bounded: later ones are the method alone', () => {
    const names = createSpanNames(200)
    const nameOf = (target: string): string =>
      JSON.parse(names.nameOf({ method: 'GET', target, host: 'h' }, 'path')) as string
    const word = (count: number): string =>
      `/w${'abcdefghij'[count % 10]}${'klmnopqrst'[Math.floor(count / 10) % 10]}${'uvwxyz'[Math.floor(count / 100)]}`
    const all = new Set(Array.from({ length: 500 }, (_, count) => nameOf(word(count))))
    expect(all.size).toBe(201)
    expect(all.has('GET')).toBe(true)
    expect(nameOf(word(0))).toBe(`GET ${word(0)}`)
  })

  it('of connections are bounded apart from those of requests', () => {
    const names = createSpanNames(2)
    const relays = ['a:1', 'b:1', 'c:1', 'a:1', ''].map(place => JSON.parse(names.nameOfRelay(place)))
    expect(relays).toEqual(['TCP a:1', 'TCP b:1', 'TCP', 'TCP a:1', 'TCP'])
    expect(JSON.parse(names.nameOf({ method: 'GET', target: '/x', host: 'h' }, 'path'))).toBe('GET /x')
  })

  it('do not grow with made-up methods', () => {
    const names = createSpanNames()
    const nameOf = (method: string): string =>
      JSON.parse(names.nameOf({ method, target: '/x', host: 'h' }, 'path')) as string
    expect(nameOf('PATCH')).toBe('PATCH /x')
    expect(nameOf('BREW')).toBe('HTTP /x')
  })
})
