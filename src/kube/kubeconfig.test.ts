import { beforeAll, describe, expect, it } from 'vitest'
import type { PluginCommand } from './exec-credentials.ts'
import { type LoadKubeConfigOptions, loadKubeConfig } from './kubeconfig.ts'
import { selfSigned, type TestCertificate } from './testing/test-certificates.ts'
import { kubeConfigText } from './write-kubeconfig.ts'

let certificate: TestCertificate
let other: TestCertificate
beforeAll(async () => {
  certificate = await selfSigned()
  other = await selfSigned()
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A machine with these files and nothing else. */
function load(files: Readonly<Record<string, string>>, options: Partial<LoadKubeConfigOptions> = {}) {
  return loadKubeConfig({
    env: {},
    homeDir: '/home/me',
    terminal: false,
    platform: 'linux',
    runPlugin: async () => expect.unreachable(),
    async readFile(path) {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      return text
    },
    ...options,
  })
}

const named = (
  name: string,
  options: { cluster?: object; user?: object; context?: object; current?: string } = {},
) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': options.current ?? name,
    clusters: [{ name, cluster: { server: `https://${name}:6443`, ...options.cluster } }],
    users: [{ name, user: options.user ?? { token: `token-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name, ...options.context } }],
  })
const HOME = '/home/me/.kube/config'
const refused = (message: string | RegExp) =>
  expect.objectContaining({ code: 'KISEKI_BAD_KUBECONFIG', message: expect.stringMatching(message) })

const POD_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'
const podFiles = (root = '') => ({
  [`${root}${POD_FOLDER}/token`]: 'pod-token\n',
  [`${root}${POD_FOLDER}/ca.crt`]: certificate.cert,
  [`${root}${POD_FOLDER}/namespace`]: 'osm-system',
})
const podEnv = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }

describe('where the API is looked for', () => {
  it('is --kubeconfig before all else', async () => {
    const files = { '/flag': named('flag'), '/env': named('env'), [HOME]: named('home') }
    const env = { KUBECONFIG: '/env', ...podEnv }
    expect((await load(files, { kubeconfigFlag: '/flag', env })).server.href).toBe('https://flag:6443/')
    expect((await load(files, { env })).source).toBe('context "env" of /env')
    expect((await load(files, { env: podEnv })).source).toBe(`context "home" of ${HOME}`)
    await expect(load(files, { kubeconfigFlag: '/none' })).rejects.toThrow('/none: there is no such file')
  })

  it('is what a pod has, then the fallback', async () => {
    const files = { ...podFiles(), '/mesh': named('mesh') }
    const inPod = await load(files, { env: podEnv, fallbackFile: '/mesh' })
    expect(inPod).toMatchObject({ ca: certificate.cert, namespace: 'osm-system', insecure: false })
    expect(inPod.server.href).toBe('https://10.0.0.1/')
    expect(await inPod.credentials()).toEqual({ headers: { authorization: 'Bearer pod-token' } })
    expect((await load(files, { fallbackFile: '/mesh' })).source).toBe('context "mesh" of /mesh')
    const six = { ...podEnv, KUBERNETES_SERVICE_HOST: 'fd00::1' }
    expect((await load(files, { env: six })).server.host).toBe('[fd00::1]')
  })

  it('is below the root of a pod that has no mounts', async () => {
    const env = { ...podEnv, POD_ROOT: '/pods/p' }
    const endpoint = await load(podFiles('/pods/p'), { env })
    expect(endpoint.source).toContain('/pods/p/var/run')
    await expect(load(podFiles(), { env })).rejects.toEqual(refused('there is not a context in use'))
  })

  it('is not a file that nobody named and that chooses nothing', async () => {
    const files = { [HOME]: named('home', { current: '' }), '/mesh': named('mesh') }
    expect((await load(files, { fallbackFile: '/mesh' })).source).toBe('context "mesh" of /mesh')
    expect((await load({ ...files, [HOME]: '' }, { fallbackFile: '/mesh' })).source).toBe(
      'context "mesh" of /mesh',
    )
    await expect(load(files)).rejects.toMatchObject({ remedy: expect.stringContaining('osm up') })
  })

  it('is not the fallback when $KUBECONFIG names what is not there', async () => {
    const files = { '/mesh': named('mesh') }
    const options = { env: { KUBECONFIG: '/none' }, fallbackFile: '/mesh' }
    await expect(load(files, options)).rejects.toEqual(refused(/\$KUBECONFIG \(\/none\)/))
    expect((await load({ ...files, ...podFiles() }, { env: { ...options.env, ...podEnv } })).namespace).toBe(
      'osm-system',
    )
  })

  it('follows --context, also into the fallback', async () => {
    const files = { [HOME]: named('home'), '/mesh': named('mesh') }
    const options = { contextFlag: 'mesh', fallbackFile: '/mesh' }
    expect((await load(files, options)).source).toBe('context "mesh" of /mesh')
    await expect(load(files, { contextFlag: 'no', fallbackFile: '/mesh' })).rejects.toEqual(
      refused('context "no"'),
    )
    await expect(load(files, { contextFlag: 'no', kubeconfigFlag: HOME })).rejects.toEqual(
      refused('context "no" does not exist; there are: "home"'),
    )
  })
})

describe('several files of $KUBECONFIG', () => {
  const one = `
current-context: ""
clusters: [{name: c, cluster: {server: "https://first"}}]
contexts: [{name: x, context: {cluster: c, user: u, namespace: first}}]`
  const two = `
current-context: x
clusters: [{name: c, cluster: {server: "https://second", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {tokenFile: token}}]
contexts: [{name: x, context: {cluster: other}}]`
  const three = 'current-context: y'
  const files = { '/one': one, '/two/config': two, '/three': three, '/two/token': 'from-two' }

  it('are one: the first that names a thing says all of it', async () => {
    const endpoint = await load(files, { env: { KUBECONFIG: '/one:/none::/two/config:/three' } })
    expect(endpoint).toMatchObject({ namespace: 'first', insecure: false, source: 'context "x" of /one' })
    expect(endpoint.server.href).toBe('https://first/')
    expect(await endpoint.credentials()).toEqual({ headers: { authorization: 'Bearer from-two' } })
  })

  it('are separated otherwise on Windows', async () => {
    const endpoint = await load(files, { env: { KUBECONFIG: '/one;/two/config' }, platform: 'win32' })
    expect(endpoint.source).toBe('context "x" of /one')
  })
})

describe('a cluster', () => {
  const server = async (text: string, cluster: object = {}) =>
    (await load({ [HOME]: named('c', { cluster: { server: text, ...cluster } }) })).server.href

  it('has a server, with or without scheme, with a path', async () => {
    expect(await server('https://host/k8s/c-1')).toBe('https://host/k8s/c-1')
    expect(await server('host:8080')).toBe('http://host:8080/')
    expect(await server('host:6443', { 'insecure-skip-tls-verify': true })).toBe('https://host:6443/')
  })

  it.each([
    ['ftp://host', /must begin with https/],
    ['https://user:secret@host', 'no user'],
    ['https://host?x=1', 'query'],
    ['https://', 'is no URL'],
    ['', 'clusters[0].cluster.server: is required'],
  ])('has not the server %s', async (text, message) => {
    await expect(server(text)).rejects.toEqual(
      refused(typeof message === 'string' ? message.replace(/[[\]]/g, '\\$&') : message),
    )
  })

  it('names an authority, in itself or in a file beside the kubeconfig', async () => {
    const data = { 'certificate-authority-data': base64(certificate.cert), 'certificate-authority': 'none' }
    expect((await load({ [HOME]: named('c', { cluster: data }) })).ca).toBe(certificate.cert)
    const cluster = { 'certificate-authority': 'ca.pem', 'tls-server-name': 'kube' }
    const files = { [HOME]: named('c', { cluster }), '/home/me/.kube/ca.pem': certificate.cert }
    expect(await load(files)).toMatchObject({ ca: certificate.cert, serverName: 'kube' })
  })

  it.each<[object, string]>([
    [{ 'certificate-authority': '/none' }, 'certificate-authority: cannot read'],
    [{ 'certificate-authority-data': '!' }, 'certificate-authority-data: is not base64'],
    [{ 'certificate-authority-data': base64('hello') }, 'holds no PEM certificate'],
    [{ 'proxy-url': 'http://proxy' }, 'proxy-url: is not supported'],
    [{ 'insecure-skip-tls-verify': 'yes' }, 'must be true or false'],
    [{ 'tls-server-name': 7 }, 'must be a text'],
  ])('is refused with %j', async (cluster, message) => {
    await expect(load({ [HOME]: named('c', { cluster }) })).rejects.toEqual(refused(message))
  })

  it('is refused when it is to be trusted by an authority and blindly', async () => {
    const cluster = {
      'certificate-authority-data': base64(certificate.cert),
      'insecure-skip-tls-verify': true,
    }
    await expect(load({ [HOME]: named('c', { cluster }) })).rejects.toEqual(refused('not allowed'))
  })
})

describe('a user', () => {
  const credentials = async (
    user: object,
    options: Partial<LoadKubeConfigOptions> = {},
    files: object = {},
  ) => (await load({ [HOME]: named('c', { user }), ...files }, options)).credentials()

  it('has a token, or name and password, or nothing', async () => {
    expect(await credentials({ token: 't' })).toEqual({ headers: { authorization: 'Bearer t' } })
    expect(await credentials({ username: 'ä', password: 'p' })).toEqual({
      headers: { authorization: `Basic ${base64('ä:p')}` },
    })
    expect(await credentials({})).toEqual({ headers: {} })
    expect(await credentials({ token: 't', as: 'jane', 'as-groups': ['a', 'b'], 'as-uid': 'u' })).toEqual({
      headers: {
        authorization: 'Bearer t',
        'impersonate-user': 'jane',
        'impersonate-group': ['a', 'b'],
        'impersonate-uid': 'u',
      },
    })
  })

  it('sends nothing where others can listen', async () => {
    const file = named('c', { cluster: { server: 'http://host' } })
    expect(await (await load({ [HOME]: file })).credentials()).toEqual({ headers: {} })
  })

  it('has a certificate and its key', async () => {
    const { cert, key } = certificate
    const user = { 'client-certificate-data': base64(cert), 'client-key': 'key.pem' }
    const files = { '/home/me/.kube/key.pem': key }
    expect(await credentials(user, {}, files)).toEqual({ headers: {}, cert, key })
    const wrong = { ...user, 'client-key': undefined, 'client-key-data': base64(other.key) }
    await expect(credentials(wrong)).rejects.toEqual(refused('client-key: does not belong'))
    await expect(credentials({ 'client-key-data': base64(key) })).rejects.toEqual(
      refused('is required beside'),
    )
  })

  it('has a token in a file that is read again when it changes', async () => {
    const files: Record<string, string> = {
      [HOME]: named('c', { user: { tokenFile: '/token' } }),
      '/token': 'one\n',
    }
    let now = 0
    const endpoint = await load(files, { nowMillis: () => now })
    const token = async (renew = false) => (await endpoint.credentials({ renew })).headers['authorization']
    expect(await token()).toBe('Bearer one')
    files['/token'] = 'two'
    expect(await token()).toBe('Bearer one')
    expect(await token(true)).toBe('Bearer two')
    files['/token'] = 'three'
    now = 10_000
    expect(await token()).toBe('Bearer three')
    delete files['/token']
    now = 20_000
    expect(await token()).toBe('Bearer three')
    await expect(credentials({ tokenFile: '/none' })).rejects.toEqual(
      refused('cannot read the token in /none'),
    )
  })

  it.each<[object, string]>([
    [{ 'auth-provider': { name: 'gcp' } }, 'use an exec plugin'],
    [{ token: 't', username: 'u' }, 'more than one authentication method'],
    [{ token: 5 }, 'users\\[0\\].user.token: must be a text'],
    [{ 'as-groups': ['a'] }, 'as: is required'],
    [{ as: 'a', 'as-user-extra': {} }, 'not supported'],
  ])('is refused with %j', async (user, message) => {
    await expect(credentials(user)).rejects.toEqual(refused(message))
  })
})

describe('a credential plugin', () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './bin/login',
    args: ['get', 'token'],
    env: [{ name: 'PROFILE', value: 'dev' }],
    interactiveMode: 'IfAvailable',
    installHint: 'Install login.',
  }
  const answer = (status: object, apiVersion = exec.apiVersion) =>
    JSON.stringify({ apiVersion, kind: 'ExecCredential', status })
  const open = (plugin: object, options: Partial<LoadKubeConfigOptions>) =>
    load({ [HOME]: named('c', { user: { exec: { ...exec, ...plugin } } }) }, options)

  it('is run as the kubeconfig says, beside which it is', async () => {
    const commands: PluginCommand[] = []
    const endpoint = await open(
      {},
      {
        env: { PATH: '/bin' },
        terminal: true,
        runPlugin: async command => {
          commands.push(command)
          return answer({ token: 't' })
        },
      },
    )
    expect(await endpoint.credentials()).toEqual({ headers: { authorization: 'Bearer t' } })
    expect(commands).toEqual([
      {
        command: '/home/me/.kube/bin/login',
        args: ['get', 'token'],
        interactive: true,
        env: {
          PATH: '/bin',
          PROFILE: 'dev',
          KUBERNETES_EXEC_INFO:
            '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":true}}',
        },
      },
    ])
  })

  it('is asked once until what it gave expires, or is refused, however many ask', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    let runs = 0
    const endpoint = await open(
      {},
      {
        nowMillis: () => now,
        runPlugin: async () => answer({ token: `t${++runs}`, expirationTimestamp: '2026-01-01T00:01:00Z' }),
      },
    )
    const token = async (renew = false) => (await endpoint.credentials({ renew })).headers['authorization']
    expect(await Promise.all([token(), token(), token()])).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1'])
    expect(await token(true)).toBe('Bearer t2')
    now += 59_000
    expect(await token()).toBe('Bearer t2')
    now += 1000
    expect(await token()).toBe('Bearer t3')
  })

  it('may give a certificate', async () => {
    const status = { clientCertificateData: certificate.cert, clientKeyData: certificate.key }
    const endpoint = await open(
      { apiVersion: 'client.authentication.k8s.io/v1beta1', interactiveMode: undefined },
      { runPlugin: async () => answer(status, 'client.authentication.k8s.io/v1beta1') },
    )
    expect(await endpoint.credentials()).toEqual({
      headers: {},
      ...{ cert: certificate.cert, key: certificate.key },
    })
  })

  it.each<[string, string]>([
    ['no JSON', 'is no JSON'],
    ['{"kind":"Other"}', 'must be ExecCredential'],
    [answer({ token: 't' }, 'client.authentication.k8s.io/v1beta1'), 'plugin returned version'],
    ['{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}', "didn't return a status"],
    [answer({}), "didn't return a token or cert/key pair"],
    [answer({ clientKeyData: 'k' }), 'only certificate or key'],
    [answer({ token: 't', expirationTimestamp: 'soon' }), 'is no time'],
  ])('is not understood when it says %s', async (said, message) => {
    const endpoint = await open({}, { runPlugin: async () => said })
    await expect(endpoint.credentials()).rejects.toEqual(refused(message))
  })

  it.each<[object, string]>([
    [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'exec.apiVersion: must be'],
    [{ interactiveMode: undefined }, 'interactiveMode: is required'],
    [{ interactiveMode: 'Always' }, 'there is no terminal'],
    [{ interactiveMode: 'Maybe' }, 'must be one of'],
    [{ provideClusterInfo: true }, 'provideClusterInfo: is not supported'],
    [{ command: '' }, 'command: is required'],
  ])('is refused with %j', async (plugin, message) => {
    await expect(open(plugin, {})).rejects.toEqual(refused(message))
  })

  it('is a process', async () => {
    const script = `console.log(JSON.stringify({apiVersion: '${exec.apiVersion}', kind: 'ExecCredential', status: {token: process.env.PROFILE}}))`
    const run = async (plugin: object) => {
      const user = { exec: { ...exec, command: process.execPath, interactiveMode: 'Never', ...plugin } }
      const { runPluginProcess } = await import('./plugin-process.ts')
      const options = { env: process.env, runPlugin: runPluginProcess }
      return (await load({ [HOME]: named('c', { user }) }, options)).credentials()
    }
    expect(await run({ args: ['-e', script] })).toEqual({ headers: { authorization: 'Bearer dev' } })
    await expect(run({ args: ['-e', 'process.exit(3)'] })).rejects.toEqual(refused('failed with exit code 3'))
    await expect(run({ command: 'kiseki-no-such-program' })).rejects.toEqual(
      refused('executable kiseki-no-such-program not found. Install login.'),
    )
  })
})

describe('a kubeconfig', () => {
  it.each<[string, string]>([
    ['clusters: [', `${HOME}:1:12: `],
    ['a: 1\na: 2', `${HOME}:2:1: `],
    ['hello', 'must be a mapping'],
    ['kind: Pod', 'kind: must be "Config", not "Pod"'],
    ['clusters: {}', 'clusters: must be a list'],
    ['clusters: [5]', 'clusters\\[0\\]: must be a mapping'],
    ['users: [{name: u}, {name: u}]', 'users\\[1\\].name: duplicate name "u" in list'],
    ['current-context: x', 'current-context: context "x" does not exist'],
    [
      '{current-context: x, contexts: [{name: x, context: {cluster: c}}]}',
      'context.cluster: no cluster "c" is there',
    ],
    ['{current-context: x, contexts: [{name: x}]}', 'contexts\\[0\\].context.cluster: is required'],
  ])('%s is refused, with the place', async (text, message) => {
    await expect(load({ [HOME]: text })).rejects.toEqual(refused(message))
  })

  it('may use any name, also those that JavaScript uses itself', async () => {
    const text = `
current-context: __proto__
clusters: [{name: constructor, cluster: {server: "https://h", __proto__: {insecure-skip-tls-verify: true}}}]
contexts: [{name: __proto__, context: {cluster: constructor}}]`
    expect(await load({ [HOME]: text })).toMatchObject({ insecure: false, namespace: 'default' })
    await expect(load({ [HOME]: 'current-context: toString' })).rejects.toEqual(refused('does not exist'))
  })

  it('that is written is read again', async () => {
    const content = {
      name: 'kiseki',
      server: 'https://127.0.0.1:6443',
      caPem: certificate.cert,
      token: '0x1e3',
    }
    const text = kubeConfigText(content)
    const endpoint = await load({ [HOME]: text })
    expect(endpoint).toMatchObject({ ca: certificate.cert, namespace: 'default' })
    expect(await endpoint.credentials()).toEqual({ headers: { authorization: 'Bearer 0x1e3' } })
    expect((await load({ [HOME]: kubeConfigText({ ...content, namespace: 'yes' }) })).namespace).toBe('yes')
    // Go reads YAML 1.1: these would be a number and a truth there.
    expect(text).toContain('token: "0x1e3"')
    expect(kubeConfigText({ ...content, namespace: 'yes' })).toContain('namespace: "yes"')
  })
})
