import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MessageHead } from './message-head.ts'

function request(text: string, takesTrace = true): MessageHead {
  const head = new MessageHead()
  expect(head.readRequest(text, takesTrace)).toBeUndefined()
  return head
}

describe('the head of a request', () => {
  it('goes on as it came where nothing in it concerns this connection', () => {
    const text = 'GET /a?b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nX-Odd:value \r\n'
    const head = request(text)
    expect(head).toMatchObject({
      kept: text,
      startLine: '',
      untouched: true,
      host: 'x',
      method: 'GET',
      target: '/a?b',
    })
  })

  it('loses what concerns this connection, whatever its case, and keeps the rest byte for byte', () => {
    const head = request(
      'GET / HTTP/1.1\r\nKEEP-alive: 5\r\nHost: x\r\nConnection: X-Mine , close\r\nx-mine: 1\r\nX-Ours:  2\t\r\nTE: trailers\r\n',
    )
    expect(head.kept).toBe('GET / HTTP/1.1\r\nHost: x\r\nX-Ours:  2\t\r\n')
    expect(head).toMatchObject({ close: true, persistent: false, takesTrailers: true, untouched: false })
  })

  it('gives its trace headers away only where others will stand in their place', () => {
    const text =
      'GET / HTTP/1.1\r\nhost: x\r\nX-B3-TraceId: 1\r\nB3: 0\r\ntraceparent: a\r\ntraceparent: b\r\ntracestate: c\r\ntracestate: d\r\n'
    const taken = request(text, true)
    expect(taken.kept).toBe('GET / HTTP/1.1\r\nhost: x\r\n')
    expect(taken.trace).toMatchObject({ b3TraceId: '1', b3: '0', traceparent: 'a,b', tracestate: 'c,d' })
    expect(request(text, false).kept).toBe(text)
  })

  it('forgets the one before', () => {
    const head = request(
      'POST http://h:1/p HTTP/1.1\r\nhost: y\r\ncontent-length: 3\r\nx-request-id: r\r\nb3: 1\r\nexpect: 100-continue\r\nconnection: close\r\n',
    )
    expect(head).toMatchObject({
      contentLength: 3,
      requestId: 'r',
      expectsContinue: true,
      authority: 'h:1',
      host: 'h:1',
    })
    expect(head.readRequest('GET / HTTP/1.1\r\nhost: z\r\n', true)).toBeUndefined()
    const fresh = request('GET / HTTP/1.1\r\nhost: z\r\n')
    expect(head).toEqual(fresh)
  })

  it('keeps every ordinary header and its order', () => {
    const name = fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_|~-]{1,12}$/)
    const value = fc.stringMatching(/^[!-~\x80-\xff]([\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), fields => {
        const lines = fields.filter(([key]) => !key.startsWith('x-b3') && key !== 'x-request-id')
        const text = `GET / HTTP/1.1\r\nhost: a\r\n${lines.map(([key, held]) => `${key}: ${held}\r\n`).join('')}`
        expect(request(text).kept).toBe(text)
      }),
    )
  })

  it('never takes what has a control character in it', () => {
    const control = fc.constantFrom(
      ...Array.from({ length: 32 }, (_, code) => code).filter(code => code !== 9),
      127,
    )
    const text = 'GET /path HTTP/1.1\r\nhost: a\r\nx-some: value\r\nx-other: value\r\n'
    fc.assert(
      fc.property(control, fc.integer({ min: 1, max: text.length - 2 }), (code, at) => {
        const spoiled = text.slice(0, at) + String.fromCharCode(code) + text.slice(at)
        // A whole line end in the right place makes another header, not a broken one.
        fc.pre(!/\r\r\n|\r\n\n/.test(spoiled) || code !== 13)
        expect(new MessageHead().readRequest(spoiled, true)).toBeDefined()
      }),
    )
  })

  it('never fails in another way, whatever comes', () => {
    const piece = fc.constantFrom(
      'GET ',
      '/',
      ' HTTP/1.1',
      '\r\n',
      'host',
      ':',
      ' ',
      'a',
      '\0',
      'connection',
      'upgrade',
      ',',
      '\t',
      '[',
      ']',
      '%',
      '\xff',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const head = new MessageHead()
        const fault = head.readRequest(`${pieces.join('')}\r\n`, true)
        if (fault === undefined) expect(head.kept === '' || head.kept.endsWith('\r\n')).toBe(true)
      }),
    )
  })
})

describe('the head of a response', () => {
  it('is made HTTP/1.1, and says whether its connection lives on', () => {
    const head = new MessageHead()
    expect(head.readResponse('HTTP/1.0 200 Fine\r\nX-A: b\r\n')).toBeUndefined()
    expect(head).toMatchObject({
      startLine: 'HTTP/1.1 200 Fine\r\n',
      kept: 'X-A: b\r\n',
      status: 200,
      persistent: false,
    })
    expect(head.readResponse('HTTP/1.1 204 \r\nKeep-Alive: max=3, timeout=7\r\n')).toBeUndefined()
    expect(head).toMatchObject({
      startLine: '',
      kept: 'HTTP/1.1 204 \r\n',
      keepAliveSeconds: 7,
      persistent: true,
    })
    expect(
      head.readResponse('HTTP/1.1 404\r\nX-Request-Id: a\r\nTraceResponse: t\r\nHost: b\r\n'),
    ).toBeUndefined()
    expect(head).toMatchObject({
      kept: 'HTTP/1.1 404\r\nX-Request-Id: a\r\nTraceResponse: t\r\nHost: b\r\n',
      untouched: true,
      requestId: 'a',
      traceResponse: 't',
      host: '',
    })
  })
})
