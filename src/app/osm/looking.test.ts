import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../kube/client.ts'
import { NAMESPACES, PODS } from '../../kube/resources.ts'
import { printMeshes } from './mesh-list.ts'
import { switchMetrics } from './metrics.ts'
import { addNamespaces } from './namespaces/add-namespaces.ts'
import { getFromProxy } from './proxy-get.ts'
import { captureOutput } from './testing/captured-output.ts'
import { putMesh, putPod, type TestPod, testClient, testPods } from './testing/test-cluster.ts'
import { printCheck } from './verify/check-result.ts'
import { checkControlPlane } from './verify/control-plane-health.ts'
import { clientVersionLine, meshVersions, NO_MESH_LINE } from './versions.ts'

const namespace = 'osm-system'
let client: KubeClient

beforeEach(() => {
  client = testClient()
})

async function putControlPlane(ready = true): Promise<void> {
  await putMesh(client)
  await putPod(client, { name: 'c-1', namespace, labels: { app: 'osm-controller' }, ready })
  await putPod(client, { name: 'i-1', namespace, labels: { app: 'osm-injector' } })
}

/** With pods that were there before it was added: nobody is here to inject those that come after. */
async function addShop(...pods: readonly TestPod[]): Promise<void> {
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  for (const pod of pods) await putPod(client, { ...pod, namespace: 'shop' })
  const options = { mesh: 'osm', disableSidecarInjection: false }
  await addNamespaces({ client, output: captureOutput(), names: ['shop'], ...options })
}

describe('osm mesh list', () => {
  const list = async (pods = testPods({})) => {
    const output = captureOutput()
    await printMeshes({ client, pods }, output)
    return output.written()
  }

  it('prints meshes, their namespaces and how to find the controllers', async () => {
    expect(await list()).toBe('No osm mesh control planes found\n')
    await putControlPlane()
    await addShop()
    expect(await list()).toBe(
      [
        '',
        'MESH NAME   MESH NAMESPACE   VERSION   ADDED NAMESPACES',
        'osm         osm-system       1.2.3     shop',
        '',
        'MESH NAME   MESH NAMESPACE   SMI SUPPORTED',
        'osm         osm-system       Unknown',
        '',
        "To list the OSM controller pods for a mesh, please run the following command passing in the mesh's namespace",
        '\tkubectl get pods -n <osm-mesh-namespace> -l app=osm-controller',
        '',
      ].join('\n'),
    )
    const smi = testPods({ 'c-1:9091/smi/version': '{"TrafficSplit":"v1alpha4","TCPRoute":"v1alpha4"}' })
    expect(await list(smi)).toContain(
      'osm         osm-system       TCPRoute:v1alpha4,TrafficSplit:v1alpha4\n',
    )
  })
})

describe('osm version', () => {
  it('prints what the controller says, and without it what the installation said', async () => {
    expect(clientVersionLine('1.0.0', false)).toBe(
      'CLI Version: version.Info{Version:"1.0.0", GitCommit:"", BuildDate:""}\n',
    )
    expect(await meshVersions({ client, pods: testPods({}) }, false)).toBe(NO_MESH_LINE)
    await putControlPlane()
    const pods = testPods({ 'c-1:9091/version': '{"version":"2.0","git_commit":"abc","build_date":"today"}' })
    expect(await meshVersions({ client, pods }, false)).toBe(
      '\nMESH NAME   MESH NAMESPACE   VERSION   GIT COMMIT   BUILD DATE\n' +
        'osm         osm-system       2.0       abc          today\n',
    )
    expect(await meshVersions({ client, pods: testPods({}) }, true)).toBe(
      '\nMESH NAME   MESH NAMESPACE   VERSION\nosm         osm-system       1.2.3\n',
    )
  })
})

describe('osm verify control-plane-health', () => {
  const frame = '-'.repeat(45)
  const healthy = { 'c-1:9091/health': 'ok', 'i-1:9091/health': 'ok' }

  it('is short where all is well', async () => {
    await putControlPlane()
    const result = await checkControlPlane({ client, pods: testPods(healthy) }, namespace)
    expect(printCheck(result)).toBe(
      `${frame}\n[+] Context: Verify the health of the control plane in namespace [osm-system]\nStatus: Success\n\n${frame}\n`,
    )
  })

  it('says which step failed, why, and what to do', async () => {
    await putControlPlane(false)
    const pods = testPods({ 'c-1:9091/health': { status: 503, body: '' } })
    const text = printCheck(await checkControlPlane({ client, pods }, namespace))
    expect(text).toContain('Reason: A verification step failed\n')
    expect(text).toContain('[+++] Context: Verify that pod c-1 is ready\nStatus: Failure\n')
    expect(text).toContain('Reason: pod c-1 answered 503 on 9091/health\n')
    expect(text).toContain('Suggestion: See kubectl logs i-1 -n osm-system\n')
    const nowhere = await checkControlPlane({ client, pods }, 'default')
    expect(printCheck(nowhere)).toContain('No pod with the label app=osm-injector in namespace [default]')
  })
})

describe('osm proxy get', () => {
  const get = async (query: string, name: string) =>
    new TextDecoder().decode(
      await getFromProxy(
        {
          client,
          pods: testPods({
            'shop-1:15000/config_dump': '{"a": 1}\n',
            'shop-1:15000/ready': { status: 503, body: 'PRE_INITIALIZING\n' },
            'shop-1:15000/secrets': { status: 404, body: 'Not Found' },
            'shop-1:15000/stats': { status: 500, body: 'broken' },
          }),
        },
        query,
        { name, namespace: 'default' },
      ),
    )

  it('gives the answer as it is, or says why there is none', async () => {
    const labels = { 'osm-proxy-uuid': 'u' }
    await putPod(client, { name: 'shop-1', labels })
    await putPod(client, { name: 'plain-1' })
    await putPod(client, { name: 'late-1', labels, phase: 'Pending' })
    expect(await get('config_dump', 'shop-1')).toBe('{"a": 1}\n')
    expect(await get('/ready', 'shop-1')).toBe('PRE_INITIALIZING\n')
    await expect(get('secrets', 'shop-1')).rejects.toMatchObject({
      message: 'the sidecar knows no query "secrets"',
      remedy: 'It knows: config_dump, certs, clusters, listeners, ready, stats, tracing.',
    })
    await expect(get('a b\r\n', 'shop-1')).rejects.toMatchObject({ code: 'KISEKI_NOT_FOUND' })
    await expect(get('stats', 'shop-1')).rejects.toThrow(
      'Error retrieving proxy config for pod shop-1 in namespace default: it answered 500: broken',
    )
    await expect(get('clusters', 'shop-1')).rejects.toThrow(
      /^Error retrieving proxy config .*: nobody listens/,
    )
    await expect(get('stats', 'no-1')).rejects.toThrow('Could not find pod no-1 in namespace default')
    await expect(get('stats', 'plain-1')).rejects.toThrow(
      'Pod plain-1 in namespace default is not a part of a mesh',
    )
    await expect(get('stats', 'late-1')).rejects.toThrow('Pod late-1 in namespace default is not running')
  })
})

describe('osm metrics', () => {
  it('marks the namespace, and pods that have a sidecar', async () => {
    await putMesh(client)
    await addShop({ name: 'a', labels: { 'osm-proxy-uuid': 'u' } }, { name: 'b' })
    const output = captureOutput()
    const annotationsOf = async (name: string) =>
      (await client.get(PODS, { name, namespace: 'shop' })).metadata.annotations ?? {}
    await switchMetrics({ client, output, namespaces: ['shop'], enable: true })
    expect(await annotationsOf('a')).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15010',
      'prometheus.io/path': '/stats/prometheus',
    })
    expect(await annotationsOf('b')).toEqual({})
    await switchMetrics({ client, output, namespaces: ['shop'], enable: false })
    expect(await annotationsOf('a')).toEqual({})
    expect(output.written()).toBe(
      'Metrics successfully enabled in namespace [shop]\nMetrics successfully disabled in namespace [shop]\n',
    )
    await expect(switchMetrics({ client, output, namespaces: ['default'], enable: true })).rejects.toThrow(
      'Namespace [default] does not belong to a mesh, missing annotation "openservicemesh.io/monitored-by"',
    )
  })
})
