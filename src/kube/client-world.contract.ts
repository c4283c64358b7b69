import { expect } from 'vitest'
import type { ErrorCode } from '../model/errors.ts'
import type { ConfigMap, Namespace } from '../model/kubernetes.ts'
import type { KubeClient } from './client.ts'
import { unlessAbsent } from './kube-errors.ts'
import { CONFIG_MAPS, NAMESPACES } from './resources.ts'

/** A server to talk to. Others may use it at the same time: the suite works in namespaces of its own. */
export interface OpenedKube {
  readonly client: KubeClient
  /** Makes the server forget the events up to now. Absent where that cannot be had at will. */
  forgetEvents?(): Promise<void>
  close(): Promise<void>
}

/** What each test of the contract begins with: a server, and an empty namespace. */
export interface ContractWorld {
  readonly kube: OpenedKube
  readonly client: KubeClient
  readonly namespace: string
  /** Not created. */
  configMap(name: string, extra?: Partial<ConfigMap>): ConfigMap
  create(name: string, extra?: Partial<ConfigMap>): Promise<ConfigMap>
  at(name: string): { readonly namespace: string; readonly name: string }
  close(): Promise<void>
}

export async function openWorld(open: () => Promise<OpenedKube>): Promise<ContractWorld> {
  const kube = await open()
  const { client } = kube
  const namespace = await createNamespace(client)
  const configMap: ContractWorld['configMap'] = (name, extra = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...extra,
    metadata: { ...extra.metadata, name, namespace },
  })
  return {
    kube,
    client,
    namespace,
    configMap,
    create: (name, extra) => client.create(CONFIG_MAPS, configMap(name, extra)),
    at: name => ({ namespace, name }),
    async close() {
      await unlessAbsent(client.remove(NAMESPACES, { name: namespace }))
      await kube.close()
    },
  }
}

export async function createNamespace(client: KubeClient): Promise<string> {
  const metadata = { name: '', generateName: 'contract-' }
  const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata }
  return (await client.create(NAMESPACES, namespace)).metadata.name
}

export async function refused(call: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(call).rejects.toMatchObject({ code })
}
