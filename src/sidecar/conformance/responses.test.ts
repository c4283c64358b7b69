import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import { runResponseCase } from './response-run.ts'
import { RESPONSE_TOPICS } from './responses/all.ts'
import { type ScriptedApp, startScriptedApp } from './scripted-app.ts'

/** Longer than any test waits: no end is owed to a timeout. */
const UNHEARD_MILLIS = 60_000

let app: ScriptedApp
let rig: Rig

beforeAll(async () => {
  app = await startScriptedApp()
  rig = await startRig({
    ...booksOn(app.port),
    inbound: { '9001': { appPort: app.port } },
    tracing: false,
    timeoutMillis: UNHEARD_MILLIS,
  })
})

afterAll(async () => {
  await rig.stop()
  await app.close()
})

describe.each(['outbound', 'inbound'] as const)('a response to a request that came in %s', direction => {
  for (const [topic, cases] of Object.entries(RESPONSE_TOPICS)) {
    it.each(cases)(`${topic}: $name`, async each => {
      const { meanings: _, ...seen } = await runResponseCase(rig[direction], app, each, each)
      const { client, reused } = each
      expect(seen).toEqual({ seen: String(each.seen), client, reused, next: 'its own' })
    })
  }
})
