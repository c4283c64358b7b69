import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import {
  type CertifiedKey,
  createAuthority,
  issueServerCertificate,
} from '../../../src/runtime/certificates/certificates.ts'
import { eventually, FAILS, manifest, tellSteps } from './chapter.ts'
import { type ClusterUnderTest, NEWEST, openCluster } from './cluster.ts'
import { type Kubectl, kubectlMissing } from './kubectl.ts'

const HOOK = join(import.meta.dirname, '..', 'apps', 'hook.mjs')

let cluster: ClusterUnderTest
let kubectl: Kubectl
let authority: CertifiedKey
let hook: CertifiedKey

beforeAll(async () => {
  cluster = await openCluster()
  const now = new Date()
  authority = await createAuthority({ commonName: 'hooks', now, validDays: 1 })
  hook = await issueServerCertificate({
    authority,
    commonName: 'hook',
    dnsNames: ['hook.default.svc'],
    ipAddresses: ['127.0.0.1'],
    now,
    validDays: 1,
  })
})
afterAll(() => cluster?.close())
beforeEach(({ skip }) => {
  const missing = kubectlMissing(NEWEST)
  if (missing !== undefined) skip(missing)
  kubectl = cluster.kubectl(NEWEST)
})

/** Both kinds of webhooks for ConfigMaps of a namespace; `client` says where to call, for a path. */
function configurations(namespace: string, client: (path: string) => object): object {
  const caBundle = Buffer.from(authority.certPem).toString('base64')
  const configuration = (kind: string, path: string, operations: readonly string[]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: `${namespace}-hooks` },
    webhooks: [
      {
        name: `${path}.hooks.example.test`,
        clientConfig: { ...client(path), caBundle },
        rules: [{ operations, apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
      },
    ],
  })
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      configuration('MutatingWebhookConfiguration', 'mutate', ['CREATE']),
      configuration('ValidatingWebhookConfiguration', 'validate', ['CREATE', 'UPDATE']),
    ],
  }
}

async function tellHooked(namespace: string): Promise<void> {
  await tellSteps(kubectl.in(namespace), [
    ['create configmap plain', 'Warning: a label was added'],
    ['get cm plain -o jsonpath={.metadata.labels}', /^{"hooked":"yes"}$/],
    [
      'label cm plain forbidden=really',
      'admission webhook "validate.hooks.example.test" denied the request: the label forbidden=really',
      FAILS,
    ],
    ['get cm -l forbidden', /No resources found/],
    ['label cm plain harmless=yes', 'labeled'],
    ['create cm tried --dry-run=server -o jsonpath={.metadata.labels.hooked}', /^yes/],
    ['get cm tried', 'not found', FAILS],
    [`delete mutatingwebhookconfiguration,validatingwebhookconfiguration ${namespace}-hooks`, 'deleted'],
    ['label cm plain forbidden=really', 'labeled'],
  ])
}

describe('webhooks', () => {
  it('are called by their URL', async () => {
    const folder = join(cluster.folder, 'tls')
    await mkdir(folder)
    await writeFile(join(folder, 'tls.crt'), hook.certPem)
    await writeFile(join(folder, 'tls.key'), hook.keyPem)
    const server = cluster.programs.start(process.execPath, [HOOK], { env: { TLS_FOLDER: folder } })
    const [, port] = await server.until(/listens on (\d+)/)
    await kubectl.run('create namespace by-url')
    const client = (path: string) => ({ url: `https://127.0.0.1:${port}/${path}` })
    await kubectl.run('create -f -', manifest(configurations('by-url', client)))
    await tellHooked('by-url')
  })

  it('are called in the pods of their Service', async () => {
    const tls = { 'tls.crt': hook.certPem, 'tls.key': hook.keyPem }
    const data = Object.fromEntries(
      Object.entries(tls).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
    )
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hook' },
      type: 'kubernetes.io/tls',
      data,
    }
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'hook', labels: { app: 'hook' } },
      spec: {
        volumes: [{ name: 'tls', secret: { secretName: 'hook' } }],
        containers: [
          {
            name: 'hook',
            image: 'none',
            command: [process.execPath, HOOK],
            env: [
              { name: 'PORT', value: '8443' },
              { name: 'TLS_FOLDER', value: '/tls' },
            ],
            ports: [{ containerPort: 8443 }],
            volumeMounts: [{ name: 'tls', mountPath: '/tls' }],
            readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
          },
        ],
      },
    }
    await tellSteps(kubectl, [
      ['create -f -', 'created', manifest({ apiVersion: 'v1', kind: 'List', items: [secret, pod] })],
      ['expose pod hook --port=443 --target-port=8443', 'exposed'],
      ['create namespace by-service', 'created'],
    ])
    const service = { namespace: 'default', name: 'hook' }
    const client = (path: string) => ({ service: { ...service, path: `/${path}` } })
    const created = manifest(configurations('by-service', client))
    await kubectl.run('create -f -', created)
    // Nobody is there yet, perhaps: who asks is refused, for the hook may not be left out.
    await kubectl.run('wait --for=condition=Ready pod/hook --timeout=20s')
    await tellHooked('by-service')
    await eventually('its log', async () =>
      (await kubectl.run('logs hook')).stdout.includes('/validate?timeout=5s UPDATE plain'),
    )
    await kubectl.run('create -f -', created)
    await kubectl.run('delete pod hook --now')
    await tellSteps(kubectl.in('by-service'), [
      ['create cm late', /failed calling webhook "mutate\.hooks\.example\.test"/, FAILS],
    ])
  })
})
