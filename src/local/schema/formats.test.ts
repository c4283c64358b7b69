import { describe, expect, it } from 'vitest'
import { formatCheck } from './formats.ts'
import { compilePattern } from './regular-expression.ts'

describe('formats', () => {
  it.each([
    ['ipv4', ['10.0.0.1', '010.000.000.001'], ['10.0.0', '256.0.0.1', '::1']],
    ['ipv6', ['::1', 'fe80::1', '::ffff:1.2.3.4'], ['10.0.0.1', 'fe80::1%eth0', '']],
    ['cidr', ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.0', '10.0.0.0/33', '::/129']],
    [
      'mac',
      ['01:23:45:67:89:ab', '01-23-45-67-89-ab', '0123.4567.89ab'],
      ['01:23:45:67:89', '01:23-45:67:89:ab'],
    ],
    ['uuid', ['c0fe5a8b-6b6f-4f65-b6c9-3b0d1f0b5a0e', 'C0FE5A8B6B6F4F65B6C93B0D1F0B5A0E'], ['c0fe5a8b']],
    ['uuid4', ['c0fe5a8b-6b6f-4f65-b6c9-3b0d1f0b5a0e'], ['c0fe5a8b-6b6f-1f65-b6c9-3b0d1f0b5a0e']],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-13-01', '24-01-01']],
    [
      'date-time',
      ['2024-02-29T23:59:59Z', '2024-01-01t00:00:00.5+02:00'],
      ['2024-01-01', '2024-01-01T24:00:00Z'],
    ],
    ['duration', ['1h30m', '-1.5s', '0', '300ms', '3 days', '22 ns'], ['', 'soon', '1', '5 lightyears']],
    ['email', ['a@b', 'Some One <a@b.test>'], ['a', 'a@', '@b', 'a b@c']],
    ['hostname', ['localhost', 'shop.example.test', '3com'], ['-a.test', 'a..b', 'a.b.1']],
    ['uri', ['http://a.test/b?c', '/path', 'urn:a:b'], ['a b', 'path', 'http://a.test/%zz']],
    ['byte', ['aGVsbG8=', 'YQ=='], ['', 'a', 'aGVsbG8']],
    ['hexcolor', ['#fff', 'a0b1c2'], ['#ff', 'red']],
    ['rgbcolor', ['rgb(0, 128,255)'], ['rgb(0,0,256)', 'rgb(00,0,0)']],
    ['isbn', ['0321751043', '978-0321751041'], ['0321751044', '12']],
    ['creditcard', ['4111 1111 1111 1111', '378282246310005'], ['4111111111111112', '1']],
    ['k8s-short-name', ['a-1'], ['A', '-a', 'a.b']],
  ] as const)('%s takes %j and not %j', (format, good, bad) => {
    const check = formatCheck(format)
    expect(good.filter(text => check?.(text) !== true)).toEqual([])
    expect(bad.filter(text => check?.(text) !== false)).toEqual([])
  })

  it('are ignored when they are unknown', () => {
    expect(formatCheck('sha256')).toBeUndefined()
  })
})

describe('patterns', () => {
  it.each([
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', ['a-1'], ['-a', 'a\n']],
    [String.raw`^[\w\-\.\/]+$`, ['a-b./c'], ['a b']],
    ['(?i)^(debug|info)$', ['DEBUG'], ['warn']],
    [String.raw`^\d{1,3}\.\d+$`, ['12.5'], ['1234.5']],
    [String.raw`^(?P<major>\d+)x$`, ['1x'], ['x']],
    ['^[[:alpha:]_]+$', ['ab_'], ['a1']],
    [String.raw`\Aab\z`, ['ab'], ['abc', 'xab']],
    [String.raw`^\pL+$`, ['äb'], ['a1']],
    [String.raw`^\Qa.b\E$`, ['a.b'], ['axb']],
    ['^.$', ['\u2028'], ['\n']],
    [String.raw`^\s$`, [' '], ['\u00a0']],
    ['^a{,2}$', ['a{,2}'], ['aa']],
    ['^[]a]$', [']'], ['b']],
    ['^/?[^/]+/$', ['a/'], ['a']],
    [String.raw`^\x{1F642}\x41\101$`, ['🙂AA'], ['🙂']],
  ] as const)('%s takes %j and not %j', (source, good, bad) => {
    const pattern = compilePattern(source)
    const matches = (text: string): boolean => pattern.ok && pattern.expression.test(text)
    expect(pattern).toMatchObject({ ok: true })
    expect(good.filter(text => !matches(text))).toEqual([])
    expect(bad.filter(matches)).toEqual([])
  })

  it.each(['a(?=b)', 'a(?!b)', '(?<=a)b', '(?<!a)b', String.raw`(a)\1`, '[a', '(', 'a**', String.raw`\y`])(
    'refuses %s, as RE2 does',
    source => {
      expect(compilePattern(source).ok).toBe(false)
    },
  )
})
