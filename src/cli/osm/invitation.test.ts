import { expect, it } from 'vitest'
import { invitation } from './invitation.ts'

const options = {
  demo: {
    mesh: { kubeconfig: '/state/kubeconfig' },
    jaeger: { pageUrl: 'http://localhost:1', zipkinUrl: 'http://localhost:2' },
  },
  description: { tries: [{ what: 'Look', path: '/search' }] },
  stateDir: '/state',
}

it('says where the page is, also when something was missing in time', () => {
  const seen = invitation({ ...options, outcome: { status: 'seen', report: 'all' } })
  expect(seen).toContain('The page is at http://localhost:1\n')
  expect(seen).toContain('  Look\n      http://localhost:1/search\n')
  expect(seen).toContain('  export KUBECONFIG=/state/kubeconfig\n')
  expect(seen).not.toContain('all\n')
  const missing = invitation({ ...options, outcome: { status: 'missing', report: 'Missing: a trace' } })
  expect(missing).toBe(`Missing: a trace\n${seen}`)
})

it('says how to bring a collector where the demo has none', () => {
  const demo = { mesh: options.demo.mesh }
  const text = invitation({ ...options, demo, outcome: { status: 'seen', report: '' } })
  expect(text).toContain('without Jaeger')
  expect(text).toContain('osm tracing enable')
  expect(text).not.toContain('Try:')
})
