import { describe, expect, it } from 'vitest'
import { mountedPaths } from './mounted-paths.ts'

const real = (text: string, ...mountPaths: readonly string[]) =>
  mountedPaths(
    mountPaths.map(mountPath => ({ name: 'v', mountPath })),
    { root: '/tmp/pod/root/app', podFolder: '/tmp/pod' },
  )(text)

describe('a mount path in what a manifest says', () => {
  it.each([
    ['/etc/app', '/tmp/pod/root/app/etc/app'],
    ['/etc/app/config.yaml', '/tmp/pod/root/app/etc/app/config.yaml'],
    ['--config=/etc/app/x', '--config=/tmp/pod/root/app/etc/app/x'],
    ['cat "/etc/app/x" /etc/app|wc', 'cat "/tmp/pod/root/app/etc/app/x" /tmp/pod/root/app/etc/app|wc'],
    ['/bin:/etc/app:/sbin', '/bin:/tmp/pod/root/app/etc/app:/sbin'],
    ['/etc/apples', '/etc/apples'],
    ['/opt/etc/app', '/opt/etc/app'],
    ['http://host/etc/app', 'http://host/etc/app'],
  ])('%s is %s', (text, expected) => {
    expect(real(text, '/etc/app/')).toBe(expected)
  })

  it('is the innermost', () => {
    expect(real('/data/in/x /data/x', '/data', '/data/in')).toBe(
      '/tmp/pod/root/app/data/in/x /tmp/pod/root/app/data/x',
    )
  })

  it('is not put in twice, also where the real folder begins with it', () => {
    const once = real('/tmp/x', '/tmp')
    expect(once).toBe('/tmp/pod/root/app/tmp/x')
    expect(real(once, '/tmp')).toBe(once)
  })

  it('does not lead out of the root, and is not the root', () => {
    expect(real('/x', '/../../x')).toBe('/tmp/pod/root/app/x')
    expect(real('/x /', '/')).toBe('/x /')
  })
})
