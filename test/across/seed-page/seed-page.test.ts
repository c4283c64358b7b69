import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { bringYourOwnSteps } from './bring-your-own-steps.ts'
import { installSteps } from './install-steps.ts'
import { objectSteps } from './object-steps.ts'
import type { Step } from './story.ts'
import { MISSING, openWorld, type World } from './world.ts'

// docs/seed-page.md says what each of these does.
describe('the page on tracing, typed with an unmodified kubectl', () => {
  if (MISSING !== undefined) {
    it.skip(MISSING)
    return
  }

  let world: World
  let failed: string | undefined

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(async () => {
    await world?.stop()
    await world?.remove()
  })
  beforeEach(({ skip }) => skip(failed !== undefined, `after "${failed}" has failed`))

  const step: Step = (title, done) =>
    it(title, async () => {
      onTestFailed(() => {
        failed ??= title
      })
      await done(world)
    })

  describe('installing, with a Jaeger of the mesh', () => installSteps(step))
  describe("the demo, with a Jaeger of one's own", () => bringYourOwnSteps(step))
  describe('objects and their processes', () => objectSteps(step))

  step('nothing is left behind', async () => {
    await world.stop()
    expect(await world.processes()).toEqual([])
  })
})
