import { messageOf } from '../model/errors.ts'
import type { SpanSink } from '../model/span-sink.ts'
import type { DecodeOutcome } from './decode-outcome.ts'
import { checkSpans } from './zipkin-json-check.ts'
import { SpanPusher } from './zipkin-span-pusher.ts'

const NOTHING: DecodeOutcome = { status: 'decoded', spans: 0, discarded: new Map() }
const NO_LIST: DecodeOutcome = { status: 'malformed', message: 'Expected a JSON_V2 encoded list\n' }
const FIRST_FORMAT: DecodeOutcome = {
  status: 'malformed',
  message: 'Expected a JSON_V2 encoded list, but received: JSON_V1\n',
}

/**
 * Reads Zipkin's v2 JSON list of spans into the sink. All or nothing: the whole list is checked before the sink
 * hears of the first span. Names, tags and their order stay as they were sent (integer-like tag keys come
 * first, as `JSON.parse` has it). An empty text is an empty list.
 *
 * Stricter than Zipkin 3.5 in what its lenient reader lets pass by the way: control characters inside of strings, text
 * behind the list, a span id of few zeros. Kinder in that `binaryAnnotations` inside of a value does not make JSON_V1.
 *
 * A refusal is worded as Zipkin's server words what it answers with 400, but for the line and column, which it knows
 * and we do not; what does not parse at all is explained behind its words. The first two below end in a newline, as
 * there.
 *
 * Discarded: `time-out-of-range`, a time beyond 2^53 − 1 µs, which Zipkin takes and no double says exactly.
 */
export function decodeZipkinJson(text: string, sink: SpanSink): DecodeOutcome {
  const first = firstCharacter(text)
  if (first === '') return NOTHING
  if (first !== '[') return NO_LIST
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch (thrown) {
    return malformed('Malformed', messageOf(thrown))
  }
  if (!Array.isArray(list)) return NO_LIST
  const check = checkSpans(list)
  if (check.status === 'v1') return FIRST_FORMAT
  if (check.status === 'bad') return malformed(check.problem)
  const pusher = new SpanPusher(sink)
  for (const span of check.spans) pusher.push(span)
  return { status: 'decoded', spans: pusher.pushed, discarded: pusher.discarded }
}

function malformed(problem: string, detail?: string): DecodeOutcome {
  const message = `${problem} reading List<Span> from json`
  return { status: 'malformed', message: detail === undefined ? message : `${message}: ${detail}` }
}

/** The first character that is no white space of JSON. */
function firstCharacter(text: string): string {
  let at = 0
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return text.charAt(at)
}
