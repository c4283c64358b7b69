import { createServer } from 'node:http'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import type { CertifiedKey } from '../../runtime/certificates/certificates.ts'
import { listen } from '../../runtime/http-server.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { SILENT } from '../testing/silent-logger.ts'
import { podRequest } from './testing/admission-requests.ts'
import {
  createTestAuthority,
  HOOK_NAME,
  patchResponse,
  reviewOf,
  type Script,
  type ScriptedWebhook,
  startScriptedWebhook,
} from './testing/scripted-webhook.ts'
import { createWebhookAdmission, type WebhookAdmission } from './webhook-admission.ts'
import { WebhookDenial } from './webhook-failures.ts'

const open: { close(): unknown }[] = []
const metrics = createMetrics()
let authority: CertifiedKey
let uids = 0

beforeAll(async () => {
  authority = await createTestAuthority()
})
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function hookThat(script: Script, more: object = {}): Promise<ScriptedWebhook> {
  const hook = await startScriptedWebhook({ authority, script, ...more })
  open.push(hook)
  return hook
}

/** A webhook of a configuration that takes every pod; `more` replaces members. */
function entry(hook: { readonly caBundle: string }, name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    clientConfig: {
      service: { namespace: 'mesh', name: 'hook', path: `/${name}`, port: 8443 },
      caBundle: hook.caBundle,
    },
    rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['pods'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  }
}

function admissionOf(port: number, webhooks: readonly JsonObject[]): WebhookAdmission {
  const configuration = { metadata: { name: 'test' }, webhooks }
  const admission = createWebhookAdmission({
    configurations: () => ({ mutating: [configuration], validating: [configuration] }),
    resolveService: (namespace, name, servicePort) =>
      name === 'lonely'
        ? 'no-endpoints'
        : namespace === 'mesh' && name === 'hook' && servicePort === 8443
          ? { host: '127.0.0.1', port, serverName: HOOK_NAME }
          : undefined,
    namespaceLabels: () => ({}),
    newUid: () => `uid-${++uids}`,
    logger: SILENT,
    metrics,
  })
  open.push(admission)
  return admission
}

const request = podRequest({ name: 'cart' })
const allow: Script = () => ({ allowed: true })
const POST = 'Post "https://hook.mesh.svc:8443/a?timeout=10s"'

async function failureOf(admission: WebhookAdmission, of = request): Promise<string> {
  const outcome = await admission.mutate(of)
  return outcome.status === 'refused' ? `${outcome.failure.status} ${outcome.failure.message}` : 'admitted'
}

const failing = (reason: string) => `500 Internal error occurred: failed calling webhook "a": ${reason}`

describe('a webhook that answers', () => {
  it('is sent the request, under the name of its Service', async () => {
    const hosts: unknown[] = []
    const hook = await hookThat(({ response }) => {
      hosts.push(response.req.headers.host)
      return { allowed: true }
    })
    expect(await admissionOf(hook.port, [entry(hook, 'a')]).mutate(request)).toEqual({
      status: 'admitted',
      object: request.object,
      warnings: [],
    })
    expect(hosts).toEqual(['hook.mesh.svc:8443'])
    expect(hook.asked).toEqual([
      {
        path: '/a?timeout=10s',
        review: {
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          request: {
            uid: `uid-${uids}`,
            kind: request.kind,
            resource: request.resource,
            requestKind: request.kind,
            requestResource: request.resource,
            name: 'cart',
            namespace: 'shop',
            operation: 'CREATE',
            userInfo: request.userInfo,
            object: request.object,
            oldObject: null,
            dryRun: false,
            options: request.options,
          },
        },
      },
    ])
  })

  it('is called again over the connection that there is, and anew when that was closed', async () => {
    const hook = await hookThat(({ response }) => {
      if (hook.asked.length !== 3) return { allowed: true }
      response.destroy()
      return undefined
    })
    const admission = admissionOf(hook.port, [entry(hook, 'a')])
    for (let i = 0; i < 4; i++) expect((await admission.mutate(request)).status).toBe('admitted')
    expect(hook.asked).toHaveLength(5)
    expect(hook.connections()).toBe(2)
  })

  it('can be named by a URL', async () => {
    const hook = await hookThat(allow)
    const clientConfig = { url: `https://127.0.0.1:${hook.port}/by/url`, caBundle: hook.caBundle }
    expect(await failureOf(admissionOf(0, [entry(hook, 'a', { clientConfig })]))).toBe('admitted')
    expect(hook.asked[0]?.path).toBe('/by/url?timeout=10s')
  })

  it('changes the object, each what the one before left', async () => {
    const add = (name: string) => patchResponse([{ op: 'add', path: `/metadata/labels/${name}`, value: 'x' }])
    const hook = await hookThat(({ path }) => add(path.slice(1, 2)))
    const outcome = await admissionOf(hook.port, [entry(hook, 'b'), entry(hook, 'a')]).mutate(request)
    expect(outcome).toMatchObject({ object: { metadata: { labels: { app: 'cart', a: 'x', b: 'x' } } } })
    expect(hook.asked.map(({ path }) => path[1])).toEqual(['b', 'a'])
    expect(hook.asked[1]?.review).toMatchObject({ request: { object: { metadata: { labels: { b: 'x' } } } } })
    expect(request.object).toMatchObject({ metadata: { labels: { app: 'cart' } } })
  })

  it('is asked once more when another one changed the object after it, if it wants that', async () => {
    const hook = await hookThat(({ path }) =>
      path.startsWith('/b')
        ? patchResponse([{ op: 'add', path: '/metadata/labels/b', value: 'x' }])
        : { allowed: true },
    )
    const again = { reinvocationPolicy: 'IfNeeded' }
    const entries = [
      entry(hook, 'a', again),
      entry(hook, 'n'),
      entry(hook, 'b', again),
      entry(hook, 'c', again),
    ]
    await admissionOf(hook.port, entries).mutate(request)
    expect(hook.asked.map(({ path }) => path[1]).join('')).toBe('anbca')
  })

  it('warns, also when it refuses', async () => {
    const hook = await hookThat(({ path }) => ({
      allowed: path.startsWith('/a'),
      warnings: [`w${path[1]}`, 'twice', '', 'x'.repeat(5000)],
    }))
    const admission = admissionOf(hook.port, [entry(hook, 'a'), entry(hook, 'b')])
    const expected = { status: 'refused', warnings: ['wa', 'twice', 'x'.repeat(256), 'wb'] }
    expect(await admission.mutate(request)).toMatchObject(expected)
    expect(await admission.validate(request)).toMatchObject(expected)
  })

  it.each<[JsonObject, string, string]>([
    [{}, '400 admission webhook "a" denied the request without explanation', 'BadRequest'],
    [{ message: 'no' }, '400 admission webhook "a" denied the request: no', 'BadRequest'],
    [{ code: 200, message: 'no' }, '400 admission webhook "a" denied the request: no', 'BadRequest'],
    [{ code: 403, message: 'no' }, '403 admission webhook "a" denied the request: no', 'Forbidden'],
    [{ code: 403, reason: 'Mood' }, '403 admission webhook "a" denied the request: Mood', 'Forbidden'],
    [{ code: 418, message: 'tea' }, '418 admission webhook "a" denied the request: tea', 'BadRequest'],
    [{ code: 422, reason: 'Invalid' }, '422 admission webhook "a" denied the request: Invalid', 'Invalid'],
  ])('refuses with %j', async (status, expected, reason) => {
    const hook = await hookThat(() => ({ allowed: false, status }))
    const admission = admissionOf(hook.port, [entry(hook, 'a', { failurePolicy: 'Ignore' })])
    const outcomes = [await admission.mutate(request), await admission.validate(request)]
    for (const outcome of outcomes) {
      if (outcome.status !== 'refused' || !(outcome.failure instanceof WebhookDenial))
        throw new Error('admitted')
      expect(`${outcome.failure.status} ${outcome.failure.message}`).toBe(expected)
      expect(outcome.failure.reason).toBe(reason)
      expect(outcome.failure.answer.reason).toBe(status['reason'] ?? '')
    }
  })

  it('of several that refuse, the first in order counts', async () => {
    const hook = await hookThat(async ({ path }) => {
      if (path.startsWith('/a')) await new Promise(resolve => setTimeout(resolve, 20))
      return { allowed: false, status: { message: path.slice(1, 2) } }
    })
    const outcome = await admissionOf(hook.port, [entry(hook, 'a'), entry(hook, 'b')]).validate(request)
    expect(outcome).toMatchObject({ failure: { message: 'admission webhook "a" denied the request: a' } })
    expect(hook.asked).toHaveLength(2)
  })

  it('is not asked about what configures webhooks', async () => {
    const hook = await hookThat(() => ({ allowed: false }))
    const kind = {
      group: 'admissionregistration.k8s.io',
      version: 'v1',
      kind: 'MutatingWebhookConfiguration',
    }
    expect(await failureOf(admissionOf(hook.port, [entry(hook, 'a')]), { ...request, kind })).toBe('admitted')
    expect(hook.asked).toEqual([])
  })

  it('is not asked in a dry run when it has side effects', async () => {
    const hook = await hookThat(allow)
    const dry = { ...request, dryRun: true }
    const by = (sideEffects: string | null) =>
      failureOf(admissionOf(hook.port, [entry(hook, 'a', { sideEffects })]), dry)
    expect(await by('Some')).toBe('400 admission webhook "a" does not support dry run')
    expect(await by(null)).toBe(failing('Webhook SideEffects is nil'))
    expect(hook.asked).toEqual([])
    expect(await by('NoneOnDryRun')).toBe('admitted')
    expect(hook.asked[0]?.review).toMatchObject({ request: { dryRun: true } })
  })
})

describe('an answer that cannot be used', () => {
  const cases: readonly [string, Script, string][] = [
    [
      'no response',
      replies('{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}'),
      'received invalid webhook response: webhook response was absent',
    ],
    [
      'another uid',
      replies(reviewOf({ uid: 'other', allowed: true })),
      'received invalid webhook response: expected response.uid="UID", got "other"',
    ],
    [
      'another version',
      async ({ request: { uid = null }, response }) => {
        response.end(
          JSON.stringify({ ...reviewOf({ uid, allowed: true }), apiVersion: 'admission.k8s.io/v1beta1' }),
        )
        return undefined
      },
      'received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got admission.k8s.io/v1beta1, Kind=AdmissionReview',
    ],
    [
      'a patch without its type',
      () => ({ allowed: true, patch: 'W10=' }),
      'received invalid webhook response: webhook returned response.patch but not response.patchType',
    ],
    [
      'a type without a patch',
      () => ({ allowed: true, patchType: 'JSONPatch' }),
      'received invalid webhook response: webhook returned response.patchType but not response.patch',
    ],
    [
      'another type',
      () => ({ ...patchResponse([{}]), patchType: 'Merge' }),
      'unsupported patch type "Merge"',
    ],
    [
      'a patch that is no list',
      () => patchResponse({}),
      'received undecodable patch in webhook response: it is no list of operations',
    ],
    [
      'a patch that would set a prototype',
      () => patchResponse(JSON.parse('[{"op":"add","path":"/x","value":{"__proto__":{"y":1}}}]')),
      'received undecodable patch in webhook response: it has a member "__proto__"',
    ],
    [
      'a patch that is no base64',
      () => ({ ...patchResponse([]), patch: 'W*=' }),
      'failed to call webhook: illegal base64 data in response.patch',
    ],
    [
      'a word for yes',
      () => ({ allowed: 'yes' }),
      'failed to call webhook: json: cannot unmarshal string into field allowed of type boolean',
    ],
    [
      'no kind',
      replies('{"response":{}}'),
      `failed to call webhook: Object 'Kind' is missing in '{"response":{}}'`,
    ],
    [
      'no object',
      replies('[]'),
      "failed to call webhook: couldn't get version/kind; json parse error: it is no object",
    ],
    [
      '404',
      replies('not found', 404),
      'failed to call webhook: the server could not find the requested resource',
    ],
    [
      '500',
      replies('oh', 500),
      'failed to call webhook: an error on the server ("oh") has prevented the request from succeeding',
    ],
    [
      '302',
      replies('', 302),
      'failed to call webhook: the server responded with the status code 302 but did not return more information',
    ],
    ['a Status', replies({ kind: 'Status', message: 'busy' }, 503), 'failed to call webhook: busy'],
    [
      'nothing',
      ({ response }) => {
        response.destroy()
        return undefined
      },
      `failed to call webhook: ${POST}: EOF`,
    ],
    [
      'half of it',
      ({ response }) => {
        response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy())
        return undefined
      },
      `failed to call webhook: ${POST}: unexpected EOF`,
    ],
    [
      'too much',
      replies('x'.repeat(6 * 1024 * 1024 + 1)),
      `failed to call webhook: ${POST}: the answer has more than 6291456 bytes`,
    ],
  ]

  it.each(cases)('%s: fails or is ignored, as the policy says', async (_, script, reason) => {
    const hook = await hookThat(script)
    const strict = admissionOf(hook.port, [entry(hook, 'a')])
    expect(await failureOf(strict)).toBe(failing(reason.replace('UID', `uid-${uids}`)))
    const lax = admissionOf(hook.port, [entry(hook, 'a', { failurePolicy: 'Ignore' })])
    expect(await lax.mutate(request)).toMatchObject({ status: 'admitted', object: request.object })
  })

  it('of a validating webhook is a patch', async () => {
    const hook = await hookThat(() => patchResponse([]))
    expect(await admissionOf(hook.port, [entry(hook, 'a')]).validate(request)).toMatchObject({
      failure: {
        message:
          'Internal error occurred: failed calling webhook "a": received invalid webhook response: validating webhook may not return response.patch',
      },
    })
  })

  it('is a patch that does not apply, whatever the policy says', async () => {
    const hook = await hookThat(() => patchResponse([{ op: 'remove', path: '/none' }]))
    const lax = admissionOf(hook.port, [entry(hook, 'a', { failurePolicy: 'Ignore' })])
    const problem = "error in remove for path: '/none': Unable to remove nonexistent key: none: missing value"
    expect(await failureOf(lax)).toBe(`500 Internal error occurred: ${problem}`)
    const deletion = { ...request, operation: 'DELETE' as const, object: null, oldObject: request.object }
    expect(await failureOf(lax, deletion)).toContain('attempted to modify the object, which is not supported')
  })
})

function replies(body: JsonObject | string, status = 200): Script {
  return ({ response }) => {
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
    return undefined
  }
}

describe('a webhook that cannot be asked', () => {
  const called = (reason: string) => failing(`failed to call webhook: ${POST}: ${reason}`)

  it('because there is no such Service, or nobody listens', async () => {
    const hook = await hookThat(allow)
    await hook.close()
    expect(await failureOf(admissionOf(hook.port, [entry(hook, 'a')]))).toBe(
      called(`dial tcp 127.0.0.1:${hook.port}: connect: connection refused`),
    )
    const clientConfig = { service: { namespace: 'mesh', name: 'none' }, caBundle: hook.caBundle }
    expect(await failureOf(admissionOf(hook.port, [entry(hook, 'a', { clientConfig })]))).toBe(
      failing(
        'failed to call webhook: Post "https://none.mesh.svc:443/?timeout=10s": service "none" not found',
      ),
    )
    const lonely = { service: { namespace: 'mesh', name: 'lonely' }, caBundle: hook.caBundle }
    expect(await failureOf(admissionOf(hook.port, [entry(hook, 'a', { clientConfig: lonely })]))).toContain(
      'no endpoints available for service "lonely"',
    )
  })

  it('because it is not who it should be', async () => {
    const other = await createTestAuthority()
    const untrusted = { caBundle: Buffer.from(other.certPem).toString('base64') }
    const verify = 'tls: failed to verify certificate: x509:'
    const hook = await hookThat(allow)
    expect(await failureOf(admissionOf(hook.port, [entry(untrusted, 'a')]))).toBe(
      called(`${verify} certificate signed by unknown authority`),
    )
    expect(await failureOf(admissionOf(hook.port, [entry({ caBundle: '' }, 'a')]))).toBe(
      called(`${verify} certificate signed by unknown authority`),
    )
    const named = await hookThat(allow, { dnsNames: ['b.mesh.svc', 'c.mesh.svc'] })
    expect(await failureOf(admissionOf(named.port, [entry(named, 'a')]))).toBe(
      called(`${verify} certificate is valid for b.mesh.svc, c.mesh.svc, not hook.mesh.svc`),
    )
    const ended = await hookThat(allow, { validDays: -1 / 24 / 60 })
    expect(await failureOf(admissionOf(ended.port, [entry(ended, 'a')]))).toBe(
      called(`${verify} certificate has expired or is not yet valid: it has expired`),
    )
    for (const { asked } of [hook, named, ended]) expect(asked).toEqual([])
  })

  it('because it does not speak TLS', async () => {
    const plain = createServer((_, response) => response.end())
    open.push({ close: () => new Promise(resolve => plain.close(resolve)) })
    const port = await listen(plain, { host: '127.0.0.1', port: 0 })
    expect(await failureOf(admissionOf(port, [entry({ caBundle: '' }, 'a')]))).toBe(
      called('http: server gave HTTP response to HTTPS client'),
    )
  })

  it('because it takes too long', async () => {
    const hook = await hookThat(() => undefined)
    const outcome = await failureOf(admissionOf(hook.port, [entry(hook, 'a', { timeoutSeconds: 1 })]))
    expect(outcome).toBe(
      failing(
        'failed to call webhook: Post "https://hook.mesh.svc:8443/a?timeout=1s": context deadline exceeded',
      ),
    )
  })

  it('because its configuration is wrong', async () => {
    const by = (more: JsonObject) => failureOf(admissionOf(0, [entry({ caBundle: '' }, 'a', more)]))
    const rest = 'could not get REST client'
    expect(await by({ clientConfig: {} })).toBe(
      failing(`${rest}: webhook configuration must have either service or URL`),
    )
    expect(await by({ clientConfig: { url: 'http://127.0.0.1/' } })).toBe(
      failing(`${rest}: Unparsable URL: "http://127.0.0.1/" is none of https`),
    )
    expect(await by({ clientConfig: { url: 'https://127.0.0.1/', caBundle: 'bm9uZQ==' } })).toBe(
      failing(`${rest}: unable to load root certificates: unable to parse bytes as PEM block`),
    )
    expect(await by({ admissionReviewVersions: ['v1beta1'] })).toBe(
      failing(
        'could not create admission objects: webhook does not accept known AdmissionReview versions (v1)',
      ),
    )
    expect(await by({ matchConditions: [{ name: 'x', expression: 'true' }] })).toMatch(
      /^501 .*matchConditions/,
    )
  })

  it('counts', () => {
    const printed = metrics.print()
    for (const outcome of ['allowed', 'denied', 'ignored', 'failed']) {
      expect(printed).toMatch(
        new RegExp(`kiseki_admission_webhook_calls_total{type="mutating",outcome="${outcome}"} [1-9]`),
      )
    }
  })
})
