import { beforeEach, describe, expect, it } from 'vitest'
import { nameOf } from '../../../kube/apply.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { resourceOf } from '../../../kube/resource-registry.ts'
import { DEPLOYMENTS, MUTATING_WEBHOOK_CONFIGURATIONS } from '../../../kube/resources.ts'
import { defaultInstallValues } from '../../../mesh/install/install-values.ts'
import { renderInstall } from '../../../mesh/install/render-install.ts'
import { captureOutput } from '../testing/captured-output.ts'
import { putMesh, testClient } from '../testing/test-cluster.ts'
import { type UninstallOptions, uninstallMesh } from './uninstall-mesh.ts'

let client: KubeClient

beforeEach(() => {
  client = testClient()
})

async function uninstall(options: Partial<UninstallOptions> = {}, answers: readonly string[] = []) {
  const output = captureOutput()
  const left = [...answers]
  const ask = async (question: string) => {
    output.write(question)
    return left.shift()
  }
  await uninstallMesh({
    client,
    output,
    ask,
    kind: 'self-hosted',
    meshNamespace: 'osm-system',
    force: false,
    deleteClusterWideResources: false,
    deleteNamespace: false,
    caBundleSecretName: 'osm-ca-bundle',
    ...options,
  })
  return output.written()
}

const QUESTION = '\nUninstall OSM [mesh name: osm] in namespace [osm-system] and/or OSM resources? [y/n]: '

describe('osm uninstall mesh', () => {
  it('asks, and removes all of the mesh but its namespace and definitions', async () => {
    await putMesh(client)
    const said = await uninstall({}, ['what', '', 'y'])
    expect(said).toBe(
      'List of meshes present in the cluster:\n' +
        'MESH NAME   MESH NAMESPACE   VERSION\n' +
        'osm         osm-system       1.2.3\n' +
        `${QUESTION}Invalid input.\n${QUESTION}${QUESTION}` +
        'OSM [mesh name: osm] in namespace [osm-system] uninstalled\n',
    )
    const left: string[] = []
    for (const object of renderInstall(
      defaultInstallValues({ meshName: 'osm', meshNamespace: 'osm-system' }),
    )) {
      const found = await unlessAbsent(client.get(resourceOf(object), nameOf(object)))
      if (found !== undefined) left.push(found.kind)
    }
    const definition = 'CustomResourceDefinition'
    expect(left).toEqual(['Namespace', definition, definition, definition])
  })

  it.each([[['n']], [['a', 'b', 'c', 'y']], [[]]])('does nothing after %j', async answers => {
    await putMesh(client)
    expect(await uninstall({}, answers)).not.toContain('uninstalled')
    expect((await client.list(DEPLOYMENTS)).items).toHaveLength(2)
  })

  it('leaves other meshes and objects alone', async () => {
    await putMesh(client, { single: false })
    await putMesh(client, { single: false, name: 'two', namespace: 'two' })
    await uninstall({ meshName: 'osm', force: true })
    expect((await client.list(DEPLOYMENTS)).items.map(({ metadata }) => metadata.namespace)).toEqual([
      'two',
      'two',
    ])
    expect((await client.list(MUTATING_WEBHOOK_CONFIGURATIONS)).items).toMatchObject([
      { metadata: { name: 'osm-webhook-two' } },
    ])
  })

  it('says that there is nothing, or not what was named', async () => {
    expect(await uninstall()).toBe('No OSM control planes found\n')
    await putMesh(client)
    expect(await uninstall({ meshName: 'x' })).toMatch(
      /^Did not find mesh \[x\] in namespace \[osm-system\]\nList of meshes present in the cluster:\n/,
    )
    await expect(uninstall({ meshName: 'x', force: true })).rejects.toThrow(
      'No OSM control plane with mesh name [x] found in namespace [osm-system]',
    )
  })

  it('removes namespace and cluster-wide resources when asked to', async () => {
    await putMesh(client)
    const said = await uninstall({ force: true, deleteNamespace: true, deleteClusterWideResources: true })
    expect(said).toBe(
      'OSM [mesh name: osm] in namespace [osm-system] uninstalled\n' +
        'OSM namespace [osm-system] deleted successfully\n' +
        'Successfully deleted OSM CRD: meshconfigs.config.openservicemesh.io\n' +
        'Successfully deleted OSM CRD: upstreamtrafficsettings.policy.openservicemesh.io\n' +
        'Successfully deleted OSM CRD: retries.policy.openservicemesh.io\n' +
        'Ignoring - did not find OSM secret osm-ca-bundle in namespace osm-system\n',
    )
    const again = await uninstall({ force: true, deleteNamespace: true, deleteClusterWideResources: true })
    expect(again).toContain('No OSM control plane with mesh name [osm] found in namespace [osm-system]\n')
    expect(again).toContain(' - continuing to deleteClusterWideResources and/or deleteNamespace\n')
    expect(again).toContain('OSM namespace [osm-system] not found\n')
    // It may still be there, until the last of its objects is gone.
    expect(again).toMatch(/^(Ignoring - did not find|Successfully deleted) OSM CRD: meshconfigs/m)
  })

  it('warns of the meshes that cluster-wide resources are of', async () => {
    await putMesh(client)
    expect(await uninstall({ deleteClusterWideResources: true }, ['n'])).toContain(
      'Deleting cluster resources will affect current mesh(es) in cluster:\n[osm] mesh in namespace [osm-system]\n' +
        'Successfully deleted OSM CRD: meshconfigs.config.openservicemesh.io\n' +
        'Successfully deleted OSM CRD: upstreamtrafficsettings.policy.openservicemesh.io\n' +
        'Successfully deleted OSM CRD: retries.policy.openservicemesh.io\n' +
        'Successfully deleted OSM MutatingWebhookConfiguration: osm-webhook-osm\n',
    )
  })

  it('does not touch a control plane that others manage', async () => {
    await putMesh(client)
    expect(await uninstall({ kind: 'managed', force: true, deleteNamespace: true })).toBe(
      'OSM CANNOT be uninstalled in a managed environment\nOSM namespace CANNOT be deleted in a managed environment\n',
    )
    expect((await client.list(DEPLOYMENTS)).items).toHaveLength(2)
  })
})
