import type { ResponseCase } from '../response-case.ts'
import { FRAMING } from './framing.ts'
import { HEADS } from './heads.ts'

export const RESPONSE_TOPICS: Readonly<Record<string, readonly ResponseCase[]>> = {
  framing: FRAMING,
  heads: HEADS,
}
