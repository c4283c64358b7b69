import { describe, expect, it } from 'vitest'
import { customColumns } from './custom-columns.ts'
import { tableOf } from './table.ts'
import { ago, NOW, named } from './table-world.contract.ts'

describe('tables', () => {
  it('have the form of meta.k8s.io/v1', () => {
    const table = tableOf({
      objects: [named('a')],
      columns: customColumns([]),
      now: NOW,
      includeObject: 'Metadata',
      resourceVersion: '7',
    })
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Age', type: 'date', format: '', priority: 0 },
      ],
      rows: [
        {
          cells: ['a', '27m'],
          object: {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { name: 'a', creationTimestamp: ago(27 * 60) },
          },
        },
      ],
    })
  })

  it('hold as much of the objects as was asked for', () => {
    const object = named('a', { spec: { b: 1 } })
    const options = { objects: [object], columns: [], now: NOW, withColumnDefinitions: false }
    expect(tableOf({ ...options, includeObject: 'Object' })['rows']).toEqual([{ cells: [], object }])
    expect(tableOf({ ...options, includeObject: 'None' })['rows']).toEqual([{ cells: [], object: null }])
    expect(tableOf({ ...options, includeObject: 'None' })['columnDefinitions']).toBeNull()
  })

  it('say which pods have ended', () => {
    const pod = { ...named('a', { status: { phase: 'Succeeded' } }), kind: 'Pod' }
    const table = tableOf({ objects: [pod], columns: [], now: NOW, includeObject: 'None' })
    expect(table['rows']).toMatchObject([
      { conditions: [{ type: 'Completed', status: 'True', reason: 'Succeeded' }] },
    ])
  })
})
