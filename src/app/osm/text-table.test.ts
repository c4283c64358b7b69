import { expect, it } from 'vitest'
import { textTable } from './text-table.ts'

it('lines columns up as Go does, the last one without blanks behind it', () => {
  expect(
    textTable([
      ['MESH NAME', 'MESH NAMESPACE', 'A', 'VERSION'],
      ['osm', 'osm-system', '', '1'],
      ['軌跡', 'n', 'x'],
    ]),
  ).toBe(
    [
      'MESH NAME   MESH NAMESPACE   A     VERSION\n',
      'osm         osm-system             1\n',
      '軌跡          n                x\n',
    ].join(''),
  )
  expect(textTable([])).toBe('')
})
