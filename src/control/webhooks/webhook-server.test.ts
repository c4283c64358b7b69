import { request } from 'node:https'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { namespaceObject, podObject } from '../../mesh/testing/kube-objects.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import {
  type CertifiedKey,
  createAuthority,
  issueServerCertificate,
} from '../../runtime/certificates/certificates.ts'
import type { HttpServer } from '../../runtime/http-server.ts'
import { createLogger } from '../../runtime/logger.ts'
import { reviewMeshConfig } from './mesh-config-reviewer.ts'
import { podReviewer } from './pod-reviewer.ts'
import { type Reviewer, startWebhookServer } from './webhook-server.ts'

const open: HttpServer[] = []
const lines: string[] = []
let authority: CertifiedKey
let server: CertifiedKey

beforeAll(async () => {
  const lasting = { now: new Date(), validDays: 1 }
  authority = await createAuthority({ commonName: 'authority of tests', ...lasting })
  const names = { commonName: 'hook', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
  server = await issueServerCertificate({ authority, ...names, ...lasting })
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(each => each.close(0)))
  lines.length = 0
})

interface Answer {
  readonly status: number
  readonly body: string
}

async function start(reviewer: Reviewer) {
  const running = await startWebhookServer({
    listen: { host: '127.0.0.1', port: 0 },
    tls: { key: server.keyPem, cert: server.certPem },
    reviewers: { '/review': reviewer },
    logger: createLogger({ component: 'test', write: line => lines.push(line) }),
  })
  open.push(running)
  return (
    body: unknown,
    options: { path?: string; method?: string; type?: string } = {},
  ): Promise<Answer> => {
    const { path = '/review', method = 'POST', type = 'application/json' } = options
    return new Promise((resolve, reject) => {
      const exchange = request(
        new URL(path, running.url),
        { method, ca: authority.certPem, agent: false, headers: { 'content-type': type } },
        response => {
          let text = ''
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
        },
      )
      exchange.on('error', reject)
      exchange.end(method === 'GET' ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    })
  }
}

function review(object: unknown, more: object = {}): object {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u1',
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      namespace: 'shop',
      object,
      ...more,
    },
  }
}

async function responseOf(answer: Promise<Answer>) {
  const { status, body } = await answer
  expect(status).toBe(200)
  const parsed = JSON.parse(body)
  expect(parsed).toMatchObject({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' })
  const { patch, ...response } = parsed.response
  const operations = patch === undefined ? undefined : JSON.parse(Buffer.from(patch, 'base64').toString())
  return { ...response, ...(operations && { operations }) }
}

const pod = podObject({ namespace: 'shop', name: 'cart', ports: [8080], sidecar: false })
const withLabel = (from: Pod): Pod => ({
  ...from,
  metadata: { ...from.metadata, labels: { ...from.metadata.labels, seen: 'yes' } },
  spec: { ...from.spec, containers: [...from.spec.containers, { name: 'more', image: 'more' }] },
})
const reviewPods = (by: (pod: Pod) => Pod) =>
  podReviewer({
    namespace: async name => (name === 'shop' ? namespaceObject(name) : undefined),
    review: by,
  })

describe('the server of webhooks', () => {
  it('is healthy', async () => {
    const call = await start(() => ({ allowed: true }))
    expect(await call('', { method: 'GET', path: '/healthz' })).toEqual({ status: 200, body: 'Health OK' })
  })

  it('refuses what is no review', async () => {
    const call = await start(() => ({ allowed: true }))
    expect(await call('{')).toMatchObject({
      status: 400,
      body: expect.stringContaining('the body is no JSON'),
    })
    expect(await call([])).toMatchObject({ status: 400 })
    expect(await call({ ...review(pod), apiVersion: 'admission.k8s.io/v1beta1' })).toEqual({
      status: 400,
      body: 'expected admission.k8s.io/v1, Kind=AdmissionReview, got admission.k8s.io/v1beta1, Kind=AdmissionReview\n',
    })
    expect(await call(review(pod, { uid: '' }))).toMatchObject({ status: 400 })
    expect(await call(review(pod), { type: 'text/plain' })).toMatchObject({ status: 415 })
    expect(await call('x'.repeat(7 * 1024 * 1024 + 1))).toMatchObject({ status: 413 })
  })

  it('answers 500 when a reviewer breaks', async () => {
    const call = await start(() => {
      throw new Error('secret')
    })
    expect(await call(review(pod))).toEqual({ status: 500, body: 'internal error\n' })
    expect(lines.join()).toContain('secret')
  })
})

describe('the review of pods', () => {
  it('answers with the least patch', async () => {
    const call = await start(reviewPods(withLabel))
    expect(await responseOf(call(review(pod)))).toEqual({
      uid: 'u1',
      allowed: true,
      patchType: 'JSONPatch',
      operations: [
        { op: 'add', path: '/metadata/labels/seen', value: 'yes' },
        { op: 'add', path: '/spec/containers/-', value: { name: 'more', image: 'more' } },
      ],
    })
  })

  it('answers without a patch where nothing changes, or it is no new pod', async () => {
    const same = await start(reviewPods(each => each))
    expect(await responseOf(same(review(pod)))).toEqual({ uid: 'u1', allowed: true })
    const call = await start(reviewPods(withLabel))
    expect(await responseOf(call(review(pod, { operation: 'UPDATE' })))).toEqual({ uid: 'u1', allowed: true })
    const kind = { group: '', version: 'v1', kind: 'Service' }
    expect(await responseOf(call(review({}, { kind })))).toEqual({ uid: 'u1', allowed: true })
  })

  it('refuses with what is wrong and what to do', async () => {
    const call = await start(
      reviewPods(() => {
        throw new KisekiError('KISEKI_INVALID', 'wrong', { remedy: 'Do this.' })
      }),
    )
    const status = { status: 'Failure', code: 403, reason: 'Forbidden', message: 'wrong. Do this.' }
    expect(await responseOf(call(review(pod)))).toEqual({ uid: 'u1', allowed: false, status })
  })

  it('refuses pods of namespaces that are not there, and what is no pod', async () => {
    const call = await start(reviewPods(withLabel))
    expect(await responseOf(call(review(pod, { namespace: 'gone' })))).toMatchObject({
      allowed: false,
      status: { code: 404, message: 'namespaces "gone" not found' },
    })
    for (const odd of [null, {}, { metadata: {}, spec: {} }, { ...pod, metadata: { labels: { a: 1 } } }]) {
      expect(await responseOf(call(review(odd)))).toMatchObject({ allowed: false, status: { code: 400 } })
    }
  })

  it('is done in time whatever lists a pod has', async () => {
    const args = (letter: string) => Array.from({ length: 5000 }, (_, i) => `${letter}${i}`)
    const containers = ['a', 'b', 'c'].map(name => ({ name, image: name, args: args(name) }))
    const large: Pod = { ...pod, spec: { ...pod.spec, containers } }
    const call = await start(
      reviewPods(each => ({ ...each, spec: { ...each.spec, containers: each.spec.containers.slice(1) } })),
    )
    const { operations } = await responseOf(call(review(large)))
    expect(operations).toEqual([{ op: 'remove', path: '/spec/containers/0' }])
  })
})

describe('the review of a MeshConfig', () => {
  const kind = { group: 'config.openservicemesh.io', version: 'v1alpha2', kind: 'MeshConfig' }
  const of = (tracing: unknown) =>
    review({ spec: { observability: { tracing } } }, { kind, name: 'osm-mesh-config', operation: 'UPDATE' })

  it('lists each field and what it takes', async () => {
    const call = await start(reviewMeshConfig)
    expect(await responseOf(call(of({ enable: true, port: 9411 })))).toEqual({ uid: 'u1', allowed: true })
    const port = 'must be a whole number from 1 to 65535, without quotes, but is "9411"'
    const enable = 'must be true or false, without quotes, but is "yes"'
    expect(await responseOf(call(of({ enable: 'yes', port: '9411' })))).toEqual({
      uid: 'u1',
      allowed: false,
      status: {
        status: 'Failure',
        code: 422,
        reason: 'Invalid',
        message: `spec.observability.tracing.enable ${enable}; spec.observability.tracing.port ${port}`,
        details: {
          group: 'config.openservicemesh.io',
          kind: 'MeshConfig',
          name: 'osm-mesh-config',
          causes: [
            { reason: 'FieldValueInvalid', field: 'spec.observability.tracing.enable', message: enable },
            { reason: 'FieldValueInvalid', field: 'spec.observability.tracing.port', message: port },
          ],
        },
      },
    })
  })

  it('lets it go', async () => {
    const call = await start(reviewMeshConfig)
    expect(await responseOf(call(review(null, { kind, operation: 'DELETE' })))).toMatchObject({
      allowed: true,
    })
  })
})
