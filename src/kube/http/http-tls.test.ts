import type { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { NAMESPACES } from '../resources.ts'
import { json, type ScriptedServer, startScriptedServer } from '../testing/scripted-server.ts'
import { selfSigned, type TestCertificate } from '../testing/test-certificates.ts'
import { createHttpKubeClient, type HttpKubeClient } from './http-client.ts'

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }
let own: TestCertificate
let other: TestCertificate
beforeAll(async () => {
  own = await selfSigned()
  other = await selfSigned('kiseki.test')
})

let server: ScriptedServer
let client: HttpKubeClient
afterEach(async () => {
  await client.close()
  await server.close()
})

async function get(shown: TestCertificate, changes: Partial<KubeEndpoint>): Promise<unknown> {
  server = await startScriptedServer(
    [
      (response, heard) => {
        const { authorized } = response.socket as TLSSocket
        return json(namespace, 200, { 'x-client': String(authorized) })(response, heard)
      },
    ],
    { ...shown, ca: other.cert, requestCert: true, rejectUnauthorized: changes.credentials !== undefined },
  )
  client = createHttpKubeClient(server.endpoint(changes))
  return client.get(NAMESPACES, { name: 'n' })
}

describe('TLS', () => {
  it('trusts the authority of the kubeconfig', async () => {
    expect(await get(own, { ca: own.cert })).toEqual(namespace)
  })

  it('trusts no other, and says what to do', async () => {
    await expect(get(own, { ca: other.cert })).rejects.toMatchObject({
      code: 'KISEKI_API_UNREACHABLE',
      remedy: expect.stringContaining('certificate-authority'),
    })
    expect(server.heard).toEqual([])
  })

  it('trusts only the name, which may be another', async () => {
    await expect(get(other, { ca: other.cert })).rejects.toMatchObject({
      remedy: expect.stringContaining('tls-server-name'),
    })
    await client.close()
    await server.close()
    expect(await get(other, { ca: other.cert, serverName: 'kiseki.test' })).toEqual(namespace)
  })

  it('trusts whoever it is, where that is asked for', async () => {
    expect(await get(own, { insecure: true })).toEqual(namespace)
  })

  it('shows the certificate of the client', async () => {
    const credentials = async () => ({ headers: {}, ...other })
    expect(await get(own, { ca: own.cert, credentials })).toEqual(namespace)
  })

  it('says so when the server does not speak it', async () => {
    server = await startScriptedServer([json(namespace)])
    client = createHttpKubeClient(server.endpoint({ server: new URL(server.url.replace('http', 'https')) }))
    await expect(client.get(NAMESPACES, { name: 'n' })).rejects.toMatchObject({
      code: 'KISEKI_API_UNREACHABLE',
      remedy: expect.stringContaining('http://'),
    })
  })
})
