import { describe, expect, it } from 'vitest'
import { printSettings, readSettings } from './settings.ts'

const read = (content: string | undefined, env = {}) =>
  readSettings({
    env,
    home: '/home/me',
    readFile: path => (path === '/home/me/.osm/config.yaml' ? content : 'x: 1'),
  })

describe('the environment file', () => {
  it('may be absent, empty or partial', () => {
    const defaults = { kind: 'self-hosted', distribution: '', namespace: 'osm-system' }
    for (const content of [undefined, '', 'install: {}', 'install:']) expect(read(content)).toEqual(defaults)
    expect(read('install: {kind: managed, namespace: n}')).toMatchObject({ kind: 'managed', namespace: 'n' })
    expect(read('install: {kind: managed}', { OSM_CONFIG: '/other' })).toEqual(defaults)
  })

  it.each(['install: {kind: rented}', 'install: 7', '- a', 'install: {namespace: 1}', '{'])(
    '%s is refused',
    content => {
      expect(() => read(content)).toThrow(/^Error parsing environment configuration: /)
    },
  )

  it('is printed as YAML', () => {
    expect(printSettings(read('install: {distribution: d}'))).toBe(
      '---\ninstall:\n  kind: self-hosted\n  distribution: d\n  namespace: osm-system\n',
    )
  })
})
