import type { IncomingHttpHeaders } from 'node:http'
import type { SpanBatch } from '../storage/span-store.ts'

/** Who sends, unlike for every start of every sender. */
const SENDER_HEADER = 'x-kiseki-sender'
/** Which of the sender's batches it is, counted from 0. A repeated batch has the number of the first attempt. */
const SEQUENCE_HEADER = 'x-kiseki-sequence'

const LONGEST_ID = 256
const WHOLE_NUMBER = /^[0-9]{1,15}$/

/** Undefined where the sender says nothing, or nothing that can be used: its batches are then never repeated ones. */
export function batchSender(headers: IncomingHttpHeaders): SpanBatch['sender'] | undefined {
  const id = headers[SENDER_HEADER]
  const sequence = headers[SEQUENCE_HEADER]
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return undefined
  if (typeof sequence !== 'string' || !WHOLE_NUMBER.test(sequence)) return undefined
  return { id, sequence: Number(sequence) }
}
