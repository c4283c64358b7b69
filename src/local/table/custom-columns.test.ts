import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { customColumns } from './custom-columns.ts'
import { parseJsonPath } from './json-path.ts'
import { tableOf } from './table.ts'
import { ago, NOW, named } from './table-world.contract.ts'

describe('columns of custom resources', () => {
  const object = named('w', {
    spec: { size: 3, share: 0.5, open: true, tags: ['a', 'b'], 'example.test/x': 'y', nothing: null },
    status: {
      conditions: [
        { type: 'Other', status: 'False' },
        { type: 'Ready', status: 'True', at: ago(60) },
      ],
    },
  })

  it.each<[string, string, unknown]>([
    ['integer', '.spec.size', 3],
    ['integer', '.spec.share', 0],
    ['integer', '.spec.open', null],
    ['number', '.spec.share', 0.5],
    ['boolean', '.spec.open', true],
    ['string', '.spec.size', '3'],
    ['string', '.spec.open', 'true'],
    ['string', '.spec.tags', '["a","b"]'],
    ['string', '.spec.tags[0]', 'a'],
    ['string', '.spec.tags[-1]', 'b'],
    ['string', '.spec.tags[5]', null],
    ['string', '.spec.tags[*]', 'a'],
    ['string', '.spec.missing.deep', null],
    ['string', '.spec.nothing', '<no value>'],
    ['string', '.spec.example\\.test/x', 'y'],
    ['string', ".spec['example.test/x']", 'y'],
    ['string', '.status.conditions[?(@.type=="Ready")].status', 'True'],
    ['string', ".status.conditions[?(@.type == 'Missing')].status", null],
    ['string', '.status.conditions[?(@.at)].type', 'Ready'],
    ['string', '..type', 'Other'],
    ['date', '.status.conditions[?(@.type=="Ready")].at', '60s'],
    ['date', '.spec.tags[0]', '<invalid>'],
    ['date', '.metadata.creationTimestamp', '27m'],
  ])('%s %s gives %j', (type, jsonPath, expected) => {
    const columns = customColumns([{ name: 'X', type, jsonPath }])
    const table = tableOf({ objects: [object], columns, now: NOW, includeObject: 'None' })
    expect(table['rows']).toEqual([{ cells: ['w', expected], object: null }])
  })

  it('come with what their definition says of them', () => {
    const size = { name: 'Size', type: 'integer', format: 'int32', jsonPath: '.spec.size', priority: 1 }
    const { columnDefinitions } = tableOf({
      objects: [],
      columns: customColumns([size, { name: 'Broken', type: 'string', jsonPath: '.a[' }]),
      now: NOW,
      includeObject: 'None',
    }) as { readonly columnDefinitions: readonly JsonObject[] }
    expect(columnDefinitions.slice(1)).toEqual([
      {
        name: 'Size',
        type: 'integer',
        format: 'int32',
        description: 'Custom resource definition column (in JSONPath format): .spec.size',
        priority: 1,
      },
    ])
  })

  it.each(['spec.a', '.a[', '.a[?(@.b', '.a[?(b==1)]', '.a..', '.a[x]'])('refuse the path %s', path => {
    expect(parseJsonPath(path)).toBeUndefined()
  })

  it('take __proto__ for a field like any other', () => {
    expect(parseJsonPath('.__proto__.toString')?.({})).toBeUndefined()
    expect(parseJsonPath('.constructor')?.({})).toBeUndefined()
  })
})
