import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rig } from '../testing/rig.ts'
import { startCorpusRig } from './corpus-rig.ts'
import { type RecordingApp, startRecordingApp } from './recording-app.ts'
import { runRequestCase } from './request-run.ts'
import { REQUEST_TOPICS } from './requests/all.ts'

let app: RecordingApp
let rig: Rig

beforeAll(async () => {
  app = await startRecordingApp()
  rig = await startCorpusRig(app.port, ['[2001:db8::1]:80', '192.0.2.7:80'])
})

afterAll(async () => {
  await rig.stop()
  await app.close()
})

describe.each(['outbound', 'inbound'] as const)('a request that comes in %s', direction => {
  for (const [topic, cases] of Object.entries(REQUEST_TOPICS)) {
    const taken = cases.filter(each => each.only === undefined || each.only === direction)
    it.each(taken)(`${topic}: $name`, async each => {
      const { meanings: _, ...seen } = await runRequestCase(rig[direction], app, each, each)
      const { arrives, answers, alive } = each
      expect(seen).toEqual({ arrives, answers, alive })
      expect(app.bad).toEqual([])
    })
  }
})
