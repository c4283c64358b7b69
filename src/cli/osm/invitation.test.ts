import { expect, it } from 'vitest'
import { invitation } from './invitation.ts'

const options = {
  demo: { pageUrl: 'http://localhost:1', zipkinUrl: 'http://localhost:2' },
  description: { tries: [{ what: 'Look', path: '/search' }] },
  stateDir: '/state',
}

it('says where the page is, also when something was missing in time', () => {
  const seen = invitation({ ...options, outcome: { status: 'seen', report: 'all' } })
  expect(seen).toContain('The page is at http://localhost:1\n')
  expect(seen).toContain('  Look\n      http://localhost:1/search\n')
  expect(seen).not.toContain('all\n')
  const missing = invitation({ ...options, outcome: { status: 'missing', report: 'Missing: a trace' } })
  expect(missing).toBe(`Missing: a trace\n${seen}`)
})
