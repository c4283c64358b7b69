import { type Micros, ZERO_MICROS } from '../../model/micros.ts'
import type { RelayFacts } from './relay-text.ts'

/** The span of one connection whose bytes are passed on unread. */
export class RelaySpan implements RelayFacts {
  recording = false
  startedAt: Micros = ZERO_MICROS

  /** Empty while tracing is off. */
  traceId = ''
  spanId = ''
  parentId: string | undefined
  debug = false
  name = ''
  start: Micros = ZERO_MICROS
  duration: Micros = ZERO_MICROS
  sentBytes = 0
  receivedBytes = 0
  protocol = ''
  authority = ''
  serverName = ''
  cluster = ''
  peer = ''
  remoteService = ''
  remoteAddress = ''
  remotePort = 0
  error = ''
}
