import { describe, expect, it } from 'vitest'
import { applyObject } from '../kube/apply.ts'
import { resourceOf } from '../kube/resource-registry.ts'
import { CONFIG_MAPS, DEPLOYMENTS, SERVICE_ACCOUNTS, SERVICES } from '../kube/resources.ts'
import type { ConfigMap, Service } from '../model/kubernetes.ts'
import { createLocalKubernetes } from './kubernetes.ts'

const kubernetes = () => createLocalKubernetes({ now: () => 0 })

function configMap(data: Record<string, string>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data }
}

describe('applying an object', () => {
  it('creates it, leaves it alone, or merges it', async () => {
    const { client } = kubernetes()
    const apply = async (data: Record<string, string>) =>
      (await applyObject(client, CONFIG_MAPS, configMap(data))).outcome
    expect(await apply({ a: '1' })).toBe('created')
    expect(await apply({ a: '1' })).toBe('unchanged')
    expect(await apply({ a: '2', b: '3' })).toBe('configured')
    const { data } = await client.get(CONFIG_MAPS, { namespace: 'default', name: 'c' })
    expect(data).toEqual({ a: '2', b: '3' })
  })

  it('keeps what the server filled in', async () => {
    const { client } = kubernetes()
    const spec = { selector: { app: 'a' }, ports: [{ port: 80 }] }
    const service: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec }
    const created = await applyObject(client, SERVICES, service)
    expect(created.object.spec.clusterIP).toMatch(/^127\.96\./)
    const again = await applyObject(client, SERVICES, service)
    expect(again).toEqual({ outcome: 'unchanged', object: created.object })
  })

  it('merges when somebody else creates it at the same time', async () => {
    const { client } = kubernetes()
    const both = await Promise.all([
      applyObject(client, CONFIG_MAPS, configMap({ a: '1' })),
      applyObject(client, CONFIG_MAPS, configMap({ b: '2' })),
    ])
    expect(both.map(applied => applied.outcome).sort()).toEqual(['configured', 'created'])
    const { data } = await client.get(CONFIG_MAPS, { namespace: 'default', name: 'c' })
    expect(data).toEqual({ a: '1', b: '2' })
  })
})

describe('the kinds of manifests', () => {
  it('are found by apiVersion and kind', () => {
    expect(resourceOf({ apiVersion: 'apps/v1', kind: 'Deployment' })).toBe(DEPLOYMENTS)
    expect(resourceOf({ apiVersion: 'v1', kind: 'ServiceAccount' })).toBe(SERVICE_ACCOUNTS)
  })

  it('that nobody knows are refused by name', () => {
    expect(() => resourceOf({ apiVersion: 'v1', kind: 'Deployment' })).toThrow('no kind "Deployment" of "v1"')
  })
})
