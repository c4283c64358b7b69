import type { Conversation } from '../conversation.ts'
import { CONTINUE } from './continue.ts'
import { HALVES } from './halves.ts'
import { PARTS } from './parts.ts'
import { REFUSALS } from './refusals.ts'
import { TUNNELS } from './tunnels.ts'
import { UPGRADES } from './upgrades.ts'

export const CONVERSATION_TOPICS: Readonly<Record<string, readonly Conversation[]>> = {
  '100-continue': CONTINUE,
  'part by part': PARTS,
  'change of protocol': UPGRADES,
  tunnels: TUNNELS,
  refusals: REFUSALS,
  'ends and breaks': HALVES,
}
