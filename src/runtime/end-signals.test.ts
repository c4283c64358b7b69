import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { onEndSignals } from './end-signals.ts'

function listening() {
  const source = new EventEmitter()
  const said: string[] = []
  let now = 1000
  onEndSignals({
    signals: ['SIGINT', 'SIGTERM'],
    asked: signal => said.push(`asked ${signal}`),
    again: signal => said.push(`again ${signal}`),
    source,
    monotonicMillis: () => now,
  })
  return {
    said,
    send(signal: string, afterMillis = 0) {
      now += afterMillis
      source.emit(signal)
    },
  }
}

describe('signals that ask to end', () => {
  it('are one when the terminal and the launcher pass on the same', () => {
    const { said, send } = listening()
    send('SIGINT')
    send('SIGINT', 3)
    send('SIGTERM', 100)
    expect(said).toEqual(['asked SIGINT'])
  })

  it('are urgent when a person sends another one', () => {
    const { said, send } = listening()
    send('SIGINT')
    send('SIGINT', 700)
    expect(said).toEqual(['asked SIGINT', 'again SIGINT'])
  })
})
