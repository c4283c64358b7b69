import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proxyLineText, readProxyLine } from './proxy-line.ts'

const port = fc.integer({ min: 0, max: 65_535 })

describe('a PROXY line', () => {
  it('says what was written, whatever is behind it, and is incomplete until its end', () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.ipV4(),
        port,
        port,
        (sourceAddress, destinationAddress, sourcePort, destinationPort) => {
          const text = proxyLineText({ sourceAddress, destinationAddress, sourcePort, destinationPort })
          expect(readProxyLine(Buffer.from(`${text}GET / HTTP/1.1\r\n`))).toEqual({
            status: 'found',
            length: text.length,
            line: {
              source: { address: sourceAddress, port: sourcePort },
              destination: { address: destinationAddress, port: destinationPort },
            },
          })
          for (let length = 1; length < text.length; length++) {
            expect(readProxyLine(Buffer.from(text.slice(0, length))).status).toBe('incomplete')
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('may be of IPv6, or know nothing', () => {
    const ends = { sourceAddress: '::1', destinationAddress: 'fe80::2', sourcePort: 1, destinationPort: 2 }
    expect(readProxyLine(Buffer.from(proxyLineText(ends)))).toMatchObject({
      line: { destination: { address: 'fe80::2', port: 2 } },
    })
    expect(readProxyLine(Buffer.from('PROXY UNKNOWN whatever\r\n'))).toMatchObject({
      status: 'found',
      line: { destination: undefined },
    })
  })

  it.each(['GET / HTTP/1.1\r\n', 'PROXY / HTTP/1.1\r\n', 'POST', '\x16\x03', ''])('is not %j', text => {
    expect(readProxyLine(Buffer.from(text)).status).toBe(text === '' ? 'incomplete' : 'absent')
  })
})
