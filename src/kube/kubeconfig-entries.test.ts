import { beforeAll, describe, expect, it } from 'vitest'
import type { LoadKubeConfigOptions } from './kubeconfig.ts'
import { base64, HOME, load, named, refused } from './testing/config-world.ts'
import { selfSigned, type TestCertificate } from './testing/test-certificates.ts'

let certificate: TestCertificate
let other: TestCertificate
beforeAll(async () => {
  certificate = await selfSigned()
  other = await selfSigned()
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
