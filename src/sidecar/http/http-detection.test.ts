import { describe, expect, it } from 'vitest'
import { beginsWithMethod, detectHttp } from './http-detection.ts'

describe('the first bytes of a client', () => {
  it.each([
    ['GET / HTTP/1.1\r\n', 'http'],
    ['PURGE /x HTTP/1.0\n', 'http'],
    ['get / HTTP/1.1\r\n', 'http'],
    ['GET / HTTP/2.0\r\n', 'http'],
    ['GET key\r\n', 'other'],
    ['G', 'unsure'],
    ['GET /long', 'unsure'],
    ['HELLO', 'unsure'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http'],
    ['EHLO me\r\n', 'other'],
    ['PING\r\n', 'other'],
    ['hello', 'other'],
    ['\x16\x03\x01', 'other'],
    ['\r\n', 'other'],
    [' ', 'other'],
    ['A'.repeat(33), 'other'],
    [`GET /${'x'.repeat(60_000)}`, 'unsure'],
    [`GET /${'x'.repeat(70_000)}`, 'http'],
    [`LIKE /${'x'.repeat(70_000)}`, 'other'],
  ])('%j: %s', (text, detected) => {
    expect(detectHttp(Buffer.from(text, 'latin1'))).toBe(detected)
  })

  it.each([
    ['P', true],
    ['GET', true],
    ['GET /', true],
    ['PING', false],
    ['EHLO me', false],
    ['GETS /', false],
  ])('look like a request, or do not: %j', (text, looks) => {
    expect(beginsWithMethod(Buffer.from(text))).toBe(looks)
  })
})
