import type { ConnectAnswer } from '../exchange/connect-answer.ts'
import { SILENT } from '../exchange/relay-route.ts'
import { ExchangeSpan } from '../tracing/exchange-span.ts'
import { NO_ERROR } from './error-code.ts'
import { fieldName, recurringField } from './hpack/field.ts'
import { replyText } from './local-reply.ts'
import { StreamTransport } from './stream-transport.ts'

const STATUS_200_BYTES = 64

/** A tunnel on a stream, and how its client is answered. */
export interface ConnectStream {
  readonly transport: StreamTransport
  readonly answer: ConnectAnswer
}

export function createConnectStream(): ConnectStream {
  const transport = new StreamTransport(SILENT)
  const { stream } = transport
  return {
    transport,
    answer: {
      accept() {
        const encoder = stream.open ? stream.connection?.beginFields(STATUS_200_BYTES) : undefined
        if (encoder === undefined) return
        encoder.write(recurringField(fieldName(':status'), '200'))
        stream.connection?.endFields(stream, false)
      },
      refuse(refusal) {
        if (!stream.open) return
        transport.owner = SILENT
        replyText(stream, refusal, { traced: new ExchangeSpan(false), headOnly: false })
        // The rest of what the client may want to say is for nobody.
        stream.connection?.reset(stream, NO_ERROR)
      },
    },
  }
}
