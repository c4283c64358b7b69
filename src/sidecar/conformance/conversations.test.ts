import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import { converse, startTalkingApp, type TalkingApp } from './conversation-run.ts'
import { CONVERSATION_TOPICS } from './conversations/all.ts'

/** Longer than any test waits: no end is owed to a timeout. */
const UNHEARD_MILLIS = 60_000

let app: TalkingApp
let rig: Rig

beforeAll(async () => {
  app = await startTalkingApp()
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

describe.each(['outbound', 'inbound'] as const)('a conversation that begins %s', direction => {
  for (const [topic, conversations] of Object.entries(CONVERSATION_TOPICS)) {
    const taken = conversations.filter(each => each.only === undefined || each.only === direction)
    it.each(taken)(`${topic}: $name`, async each => {
      expect(await converse(rig[direction], app, each)).toBe('')
    })
  }
})
