import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rig } from '../testing/rig.ts'
import { converse, startTalkingApp, type TalkingApp } from './conversation-run.ts'
import { CONVERSATION_TOPICS } from './conversations/all.ts'
import { startCorpusRig } from './corpus-rig.ts'

let app: TalkingApp
let rig: Rig

beforeAll(async () => {
  app = await startTalkingApp()
  rig = await startCorpusRig(app.port)
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
