import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import { type RecordingApp, startRecordingApp } from './recording-app.ts'
import { runRequestCase } from './request-run.ts'
import { REQUEST_TOPICS } from './requests/all.ts'

/** Longer than any test waits: no end is owed to a timeout. */
const UNHEARD_MILLIS = 60_000

let app: RecordingApp
let rig: Rig

beforeAll(async () => {
  app = await startRecordingApp()
  const books = booksOn(app.port)
  const hosts = { ...books.hosts }
  for (const host of ['[2001:db8::1]:80', '192.0.2.7:80']) hosts[host] = 'shop/books|80'
  rig = await startRig({
    ...books,
    hosts,
    inbound: { '9001': { appPort: app.port } },
    tracing: false,
    timeoutMillis: UNHEARD_MILLIS,
  })
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
