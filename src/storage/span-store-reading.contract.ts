import { expect } from 'vitest'
import type { Micros } from '../model/micros.ts'
import { type ContractTest, EVER, NOW, write, zipkinSpan } from './span-store-fixture.contract.ts'

/** What there is: services, operations, and who calls whom. */
export function readingContract(test: ContractTest): void {
  test('knows nothing at first', async store => {
    expect(await store.services()).toEqual([])
    expect(await store.operations('shop')).toEqual([])
    expect(await store.dependencies(EVER)).toEqual([])
  })

  test('lists each service once, sorted, without the empty name', async store => {
    const services = ['stock', 'Shop', 'shop', '銀行', 'shop', '']
    await write(
      store,
      services.map((service, i) => zipkinSpan({ trace: i, id: i + 1, service })),
    )
    await write(store, [{ ...zipkinSpan({ trace: 9 }), localEndpoint: undefined }])
    expect(await store.services()).toEqual(['Shop', 'shop', 'stock', '銀行'])
  })

  test('lists each operation of a service once, by name, then kind', async store => {
    await write(store, [
      zipkinSpan({ id: 1, name: 'put', kind: 'SERVER' }),
      zipkinSpan({ id: 2, name: 'get', kind: 'SERVER' }),
      zipkinSpan({ id: 3, name: 'get', kind: 'CLIENT' }),
      zipkinSpan({ id: 4, name: 'get', kind: 'SERVER' }),
      zipkinSpan({ id: 5, name: 'get' }),
      zipkinSpan({ id: 6, name: 'pay', service: 'bank' }),
    ])
    expect(await store.operations('shop')).toEqual([
      { name: 'get', kind: 'client' },
      { name: 'get', kind: 'server' },
      { name: 'get', kind: 'unspecified' },
      { name: 'put', kind: 'server' },
    ])
    expect(await store.operations('bank')).toEqual([{ name: 'pay', kind: 'unspecified' }])
    expect(await store.operations('nobody')).toEqual([])
  })

  dependenciesContract(test)
}

function dependenciesContract(test: ContractTest): void {
  const call = (trace: number, child: string, start: number, failed: boolean) => [
    zipkinSpan({ trace, id: 1, kind: 'SERVER', start }),
    zipkinSpan({ trace, id: 2, parent: 1, kind: 'CLIENT', start: start + 1 }),
    zipkinSpan({
      trace,
      id: 3,
      parent: 2,
      kind: 'SERVER',
      service: child,
      start: start + 2,
      ...(failed ? { tags: { error: 'true' } } : {}),
    }),
  ]
  const byChild = (left: { child: string }, right: { child: string }) => (left.child < right.child ? -1 : 1)

  test('counts calls and failed calls over all traces', async store => {
    for (let trace = 1; trace <= 5; trace++) await write(store, call(trace, 'stock', NOW, trace > 3))
    await write(store, call(6, 'bank', NOW, false))
    expect([...(await store.dependencies(EVER))].sort(byChild)).toEqual([
      { parent: 'shop', child: 'bank', callCount: 1, errorCount: 0 },
      { parent: 'shop', child: 'stock', callCount: 5, errorCount: 2 },
    ])
  })

  test('counts a call whose halves share an id, and came in different batches', async store => {
    await write(store, [zipkinSpan({ id: 1, kind: 'SERVER', service: 'stock', shared: true })])
    await write(store, [zipkinSpan({ id: 1, kind: 'CLIENT' })])
    expect(await store.dependencies(EVER)).toEqual([
      { parent: 'shop', child: 'stock', callCount: 1, errorCount: 0 },
    ])
  })

  test('counts the whole of each trace that has a span starting in the range', async store => {
    await write(store, call(1, 'stock', NOW, false))
    const calls = async (from: number, to: number) => {
      const links = await store.dependencies({ from: from as Micros, to: to as Micros })
      return links.reduce((sum, link) => sum + link.callCount, 0)
    }
    expect(await calls(NOW - 10, NOW)).toBe(1)
    expect(await calls(NOW + 2, NOW + 10)).toBe(1)
    expect(await calls(NOW + 1, NOW + 1)).toBe(1)
    expect(await calls(NOW - 10, NOW - 1)).toBe(0)
    expect(await calls(NOW + 3, NOW + 10)).toBe(0)
    await write(store, [zipkinSpan({ trace: 1, id: 9, start: NOW + 100 })])
    expect(await calls(NOW + 50, NOW + 60)).toBe(0)
  })

  test('follows late spans', async store => {
    const [root, client, server] = call(1, 'stock', NOW, false)
    await write(store, [root, client])
    expect(await store.dependencies(EVER)).toEqual([])
    await write(store, [server])
    expect(await store.dependencies(EVER)).toHaveLength(1)
  })
}
