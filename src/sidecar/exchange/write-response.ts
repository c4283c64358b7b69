import type { Transport } from '../net/transport.ts'
import type { ResponsePart } from '../routing/upstream-connection.ts'
import { responseText } from './head-text.ts'
import { MOST_COPIED, writeHead } from './write-head.ts'

/**
 * Writes the head of a response and what came of its body with it. `lines`: header lines that it lacks. A head that goes
 * on as it came is passed on as it lies there, with those lines put in before its empty line.
 */
export function writeResponse(
  transport: Transport,
  part: ResponsePart,
  lines: string,
  close: boolean,
): boolean {
  const { head, bytes, headFrom, bodyFrom, bodyTo } = part
  if (!head.untouched || close) {
    return writeHead(transport, responseText(head, lines, close), bytes.subarray(bodyFrom, bodyTo))
  }
  if (lines === '') return transport.write(bytes.subarray(headFrom, bodyTo))
  return spliceHead(transport, part, lines)
}

const EMPTY_LINE = 2

function spliceHead(transport: Transport, part: ResponsePart, lines: string): boolean {
  const { bytes, headFrom, bodyFrom, bodyTo } = part
  const cut = bodyFrom - EMPTY_LINE
  const together = bodyTo - bodyFrom <= MOST_COPIED
  const to = together ? bodyTo : bodyFrom
  const spliced = Buffer.allocUnsafe(to - headFrom + lines.length)
  bytes.copy(spliced, 0, headFrom, cut)
  spliced.write(lines, cut - headFrom, 'latin1')
  bytes.copy(spliced, cut - headFrom + lines.length, cut, to)
  const flows = transport.write(spliced)
  return together ? flows : transport.write(bytes.subarray(bodyFrom, bodyTo))
}
