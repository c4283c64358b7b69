import { describe, expect, it } from 'vitest'
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from '../kube/resources.ts'
import type { ServiceAccounts } from './service-accounts.ts'
import {
  createPod,
  eventually,
  getPod,
  podOf,
  readAll,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const namespace = 'default'
const serviceAccounts: ServiceAccounts = {
  issueToken: async (account, pod) => `${account.namespace}/${account.name}/${pod.name}`,
  caPem: 'PEM',
  server: { host: '127.0.0.1', port: 6443 },
}
const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

describe('the ServiceAccount of a pod', () => {
  it('speaks to the API: token, authority, namespace and a kubeconfig are there', async () => {
    const machine = await testMachine({ serviceAccounts })
    const script = `cat ${MOUNT}/token; echo; cat ${MOUNT}/ca.crt; echo; cat ${MOUNT}/namespace; echo; echo $KUBERNETES_SERVICE_HOST $KUBERNETES_PORT_443_TCP; stat -c %a $KUBECONFIG; tr -d ' \\n' < $KUBECONFIG`
    await createPod(machine, podOf([shellContainer(script)], { restartPolicy: 'Never' }))
    await eventually(async () => expect((await getPod(machine)).status?.phase).toBe('Succeeded'))
    const [token, ca, ns, variables, mode, text = ''] = await readAll(machine)
    expect([token, ca, ns]).toEqual(['default/default/p', 'PEM', 'default'])
    expect(variables).toBe('127.0.0.1 tcp://127.0.0.1:6443')
    expect(mode).toBe('600')
    const kubeconfig = JSON.parse(text)
    expect(kubeconfig.clusters[0].cluster).toEqual({
      server: 'https://127.0.0.1:6443',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
    })
    expect(kubeconfig.users[0].user.tokenFile).toMatch(/\/volumes\/kube-api-access-[^/]+\/token$/)
  })

  it('gives no token where pod or account do not want it; the pod says it last', async () => {
    const machine = await testMachine({ serviceAccounts })
    await machine.client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'shy', namespace },
      automountServiceAccountToken: false,
    })
    const containers = [shellContainer('sleep 60')]
    const shy = { serviceAccountName: 'shy' }
    const silent = await createPod(machine, podOf(containers, shy, 'silent'))
    expect(silent.spec.containers[0]?.volumeMounts).toBeUndefined()
    const loud = await createPod(
      machine,
      podOf(containers, { ...shy, automountServiceAccountToken: true }, 'loud'),
    )
    expect(loud.spec.containers[0]?.volumeMounts).toMatchObject([{ mountPath: MOUNT, readOnly: true }])
  })

  it('must exist', async () => {
    const machine = await testMachine({ serviceAccounts })
    const pod = podOf([shellContainer('sleep 60')], { serviceAccountName: 'nobody' })
    await expect(createPod(machine, pod)).rejects.toMatchObject({
      status: 403,
      message:
        'pods "p" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    })
  })

  it('is there in every namespace, and comes back', async () => {
    const { client } = await testMachine({ serviceAccounts })
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mall' } })
    const account = { namespace: 'mall', name: 'default' }
    const authority = { namespace: 'mall', name: 'kube-root-ca.crt' }
    const both = async () => {
      await client.get(SERVICE_ACCOUNTS, account)
      expect((await client.get(CONFIG_MAPS, authority)).data).toEqual({ 'ca.crt': 'PEM' })
    }
    await eventually(both)
    await client.remove(SERVICE_ACCOUNTS, account)
    await client.remove(CONFIG_MAPS, authority)
    await eventually(both)
  })
})
