import { expect, it } from 'vitest'
import { type ConfigAnswer, toRevision } from '../../model/sidecar-config.ts'
import { createLogger } from '../../runtime/logger.ts'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startControlPlane } from '../testing/fake-control-plane.ts'
import { startConfigFeed } from './config-feed.ts'

const closing = closedAfterEach()
const POD = { address: '127.0.0.1', uid: 'uid', name: 'p', namespace: 'n' }
const logger = createLogger({ component: 'test', write: () => undefined })

/** A feed whose applying and loading end when the test says so. */
async function heldFeed() {
  const control = closing(await startControlPlane())
  const applied: string[] = []
  const saved: string[] = []
  const began = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<ConfigAnswer>()
  const asked = Promise.withResolvers<void>()
  const loaded = Promise.withResolvers<string | undefined>()
  closing(
    startConfigFeed({
      settings: { controlPlaneUrl: control.url, pod: POD },
      logger,
      random: Math.random,
      lastGood: {
        load() {
          asked.resolve()
          return loaded.promise
        },
        save: text => void saved.push(text),
        settled: async () => undefined,
      },
      apply(text) {
        applied.push(text)
        began.resolve()
        return answered.promise
      },
    }),
  )
  return { control, applied, saved, began, answered, asked, loaded }
}

it('does not lead back to what was kept while something newer is being applied', async () => {
  const { control, applied, saved, began, answered, asked, loaded } = await heldFeed()
  await asked.promise
  control.send('newer')
  await began.promise
  const answer = control.nextAnswer()
  loaded.resolve('kept')
  // All that waits for the text goes on before the answer is there.
  await new Promise(resolve => setImmediate(resolve))
  answered.resolve({ status: 'applied', revision: toRevision('2') })
  await answer
  expect(applied).toEqual(['newer'])
  expect(saved).toEqual(['newer'])
})

it('uses what was kept where that of the control plane is refused', async () => {
  const { control, applied, saved, began, answered, asked, loaded } = await heldFeed()
  await asked.promise
  control.send('bad')
  await began.promise
  const answer = control.nextAnswer()
  loaded.resolve('kept')
  answered.resolve({ status: 'refused', revision: toRevision('2'), reason: 'bad' })
  await answer
  expect(applied).toEqual(['bad', 'kept'])
  expect(saved).toEqual([])
})
