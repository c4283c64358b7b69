import { expect, it } from 'vitest'
import { createMetrics } from '../../runtime/metrics.ts'
import { adminRoutes } from './admin-routes.ts'

const routes = adminRoutes({
  metrics: createMetrics(),
  state: () => 'LIVE',
  tables: () => undefined,
  listeners: () => [],
  configDump: () => ({}),
  report: () => {
    throw new Error('asked for a report')
  },
  quit: () => {
    throw new Error('asked to end')
  },
})

it.each(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::7', ''])('does not end because %s asks for it', async from => {
  const quit = routes.find(route => route.path === '/quitquitquit')
  const answer = await quit?.handle({
    method: 'POST',
    params: {},
    path: '/quitquitquit',
    query: new URLSearchParams(),
    headers: {},
    clientAddress: from,
    signal: AbortSignal.any([]),
    body: async () => ({ status: 'aborted' }),
  })
  expect(answer?.status).toBe(403)
})
