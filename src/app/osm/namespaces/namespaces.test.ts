import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../kube/client.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import { type CapturedOutput, captureOutput } from '../testing/captured-output.ts'
import { putMesh, testClient } from '../testing/test-cluster.ts'
import { addNamespaces } from './add-namespaces.ts'
import { ignoreNamespaces } from './ignore-namespaces.ts'
import { listNamespaces } from './list-namespaces.ts'
import { removeNamespace } from './remove-namespace.ts'

let client: KubeClient
let output: CapturedOutput

beforeEach(async () => {
  client = testClient()
  output = captureOutput()
  await putMesh(client)
  for (const name of ['shop', 'bank'])
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
})

const add = (names: readonly string[], options = {}) =>
  addNamespaces({ client, output, names, mesh: 'osm', disableSidecarInjection: false, ...options })

describe('osm namespace', () => {
  it('add labels namespaces, once', async () => {
    await add(['shop', 'bank', 'shop', 'osm-system'])
    expect(output.written()).toBe(
      'Namespace [shop] successfully added to mesh [osm]\n' +
        'Namespace [bank] successfully added to mesh [osm]\n' +
        'Namespace [shop] has already been added to mesh [osm]\n' +
        'Namespace [osm-system] already has [osm-controller] installed and cannot be added to mesh [osm]\n',
    )
    expect((await client.get(NAMESPACES, { name: 'shop' })).metadata).toMatchObject({
      labels: { 'openservicemesh.io/monitored-by': 'osm' },
      annotations: { 'openservicemesh.io/sidecar-injection': 'enabled' },
    })
  })

  it('add refuses meshes and namespaces that do not exist, and those to be ignored', async () => {
    await expect(add(['shop'], { mesh: 'other' })).rejects.toThrow(
      'mesh [other] does not exist, please specify another mesh using --mesh-name or create a new mesh',
    )
    await expect(add(['nowhere'])).rejects.toThrow(/^Could not add namespace \[nowhere\] to mesh \[osm\]: /)
    await ignoreNamespaces(client, output, ['bank'])
    expect(output.written()).toBe('Successfully configured namespace [bank] to be ignored\n')
    await expect(add(['bank'])).rejects.toThrow('Cannot add ignored namespace')
    await expect(ignoreNamespaces(client, output, ['nowhere'])).rejects.toThrow(
      /^Failed to retrieve namespace \[nowhere\]: /,
    )
  })

  it('remove takes off all that add and metrics put on', async () => {
    await add(['shop'])
    await expect(removeNamespace({ client, output, name: 'shop', mesh: 'other' })).rejects.toThrow(
      'Namespace belongs to mesh [osm], not mesh [other]. Please specify the correct mesh',
    )
    await removeNamespace({ client, output, name: 'shop', mesh: 'osm' })
    await removeNamespace({ client, output, name: 'shop', mesh: 'osm' })
    expect(output.written()).toMatch(
      /Namespace \[shop\] successfully removed from mesh \[osm\]\nNamespace \[shop\] already does not belong to any mesh\n$/,
    )
    const { labels, annotations } = (await client.get(NAMESPACES, { name: 'shop' })).metadata
    expect(
      Object.keys({ ...labels, ...annotations }).filter(name => name.includes('openservicemesh')),
    ).toEqual([])
  })

  it('list says how pods are injected', async () => {
    await listNamespaces(client, output, 'osm')
    await listNamespaces(client, output, '')
    expect(output.written()).toBe('No namespaces in mesh [osm]\nNo namespaces in any mesh\n')
    await add(['shop'], { disableSidecarInjection: true })
    await add(['bank'])
    await ignoreNamespaces(client, output, ['bank'])
    const table = captureOutput()
    await listNamespaces(client, table, '')
    expect(table.written()).toBe(
      'NAMESPACE   MESH   SIDECAR-INJECTION\n' +
        'bank        osm    disabled (ignored)\n' +
        'shop        osm    disabled\n',
    )
  })
})
