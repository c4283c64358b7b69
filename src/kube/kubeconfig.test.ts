import { beforeAll, describe, expect, it } from 'vitest'
import { HOME, load, named, refused } from './testing/config-world.ts'
import { selfSigned, type TestCertificate } from './testing/test-certificates.ts'
import { kubeConfigText } from './write-kubeconfig.ts'

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await selfSigned()
})

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
