import type { Transport } from '../net/transport.ts'
import type { ResponsePart } from '../routing/upstream-connection.ts'
import { responseText } from './head-text.ts'
import { writeHead } from './write-head.ts'

/** Writes the head of a response and what came of its body with it. `lines`: header lines that it lacks. */
export function writeResponse(
  transport: Transport,
  part: ResponsePart,
  lines: string,
  close: boolean,
): boolean {
  const { head, bytes, headFrom, bodyFrom, bodyTo } = part
  // What goes on as it came is passed on as it lies there.
  if (head.untouched && !close && lines === '') return transport.write(bytes.subarray(headFrom, bodyTo))
  return writeHead(transport, responseText(head, lines, close), bytes.subarray(bodyFrom, bodyTo))
}
