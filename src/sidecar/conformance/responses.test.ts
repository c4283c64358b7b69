import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rig } from '../testing/rig.ts'
import { startCorpusRig } from './corpus-rig.ts'
import { runResponseCase } from './response-run.ts'
import { RESPONSE_TOPICS } from './responses/all.ts'
import { type ScriptedApp, startScriptedApp } from './scripted-app.ts'

let app: ScriptedApp
let rig: Rig

beforeAll(async () => {
  app = await startScriptedApp()
  rig = await startCorpusRig(app.port)
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
