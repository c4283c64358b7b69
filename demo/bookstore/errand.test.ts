import { describe, expect, it } from 'vitest'
import { errandsOf, serviceUrl } from './errand.ts'

describe('errands', () => {
  it('go to the bookstore by its full name', () => {
    const errands = errandsOf({}, 200)
    expect(errands.map(errand => errand.url(() => 0))).toEqual([
      'http://bookstore.bookstore.svc.cluster.local:14001/books-bought',
      'http://bookstore.bookstore.svc.cluster.local:14001/buy-a-book/new',
    ])
    expect(errands.map(errand => errand.headers)).toEqual([
      { 'client-app': 'bookbuyer', 'user-agent': 'Go-http-client/1.1' },
      {},
    ])
    expect(errands.map(errand => errand.buys)).toEqual([false, true])
  })

  it('go where the environment says', () => {
    const env = { BOOKSTORE_SVC: 'bookstore-v2', BOOKSTORE_NAMESPACE: 'shop' }
    expect(errandsOf(env, 403).map(errand => [errand.name, errand.expectedStatus])).toEqual([
      [`${serviceUrl('bookstore-v2', 'shop')}/books-bought`, 403],
      [`${serviceUrl('bookstore-v2', 'shop')}/buy-a-book/new`, 403],
    ])
  })

  it('leave the mesh with ENABLE_EGRESS, and expect 200 there whatever the mesh answers', () => {
    const [, , plain, secure] = errandsOf({ ENABLE_EGRESS: 'true' }, 0)
    expect(plain?.url(() => 0)).toBe('http://edition.cnn.com')
    expect(secure?.url(() => 0.99)).toBe('https://github.com')
    expect([plain?.expectedStatus, secure?.expectedStatus]).toEqual([200, 200])
  })
})
