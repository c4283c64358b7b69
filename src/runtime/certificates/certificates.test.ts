import { X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { checkServerIdentity, connect, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type CertifiedKey, createAuthority, issueServerCertificate } from './certificates.ts'

const now = new Date()
const lasting = { now, validDays: 30 }

function issue(authority: CertifiedKey, validDays = 30): Promise<CertifiedKey> {
  return issueServerCertificate({
    authority,
    commonName: 'webhook, of "a" + b',
    dnsNames: ['hook.mesh.svc', 'localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
    now,
    validDays,
  })
}

/** The name under which the server was accepted, or the code of what was wrong. */
async function handshake(server: CertifiedKey, ca: string, servername: string): Promise<string> {
  const listener = createServer({ cert: server.certPem, key: server.keyPem }, socket => socket.end())
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', ca, servername })
  const outcome = await new Promise<string>(resolve => {
    socket.once('secureConnect', () => resolve(servername))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  socket.destroy()
  await new Promise(resolve => listener.close(resolve))
  return outcome
}

describe('certificates', () => {
  it('are trusted in a handshake by who trusts the authority', async () => {
    const authority = await createAuthority({ commonName: 'test authority', ...lasting })
    const server = await issue(authority)
    expect(await handshake(server, authority.certPem, 'hook.mesh.svc')).toBe('hook.mesh.svc')
    expect(await handshake(server, authority.certPem, 'other.mesh.svc')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it('are refused by who trusts another authority of the same name', async () => {
    const [ours, theirs] = await Promise.all([
      createAuthority({ commonName: 'test authority', ...lasting }),
      createAuthority({ commonName: 'test authority', ...lasting }),
    ])
    const outcome = await handshake(await issue(ours), theirs.certPem, 'hook.mesh.svc')
    expect(outcome).toMatch(/^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/)
  })

  it('end', async () => {
    const authority = await createAuthority({ commonName: 'test authority', ...lasting })
    const ended = await issue(authority, -1 / 24 / 60)
    expect(await handshake(ended, authority.certPem, 'hook.mesh.svc')).toBe('CERT_HAS_EXPIRED')
  })

  it('say whose they are and what they are for', async () => {
    const authority = await createAuthority({ commonName: 'test authority', ...lasting })
    const ca = new X509Certificate(authority.certPem)
    const server = await issue(authority)
    const cert = new X509Certificate(server.certPem)
    expect(ca.ca).toBe(true)
    expect(cert.ca).toBe(false)
    expect(cert.verify(ca.publicKey)).toBe(true)
    expect(cert.checkIssued(ca)).toBe(true)
    expect(cert.subject).toContain('webhook')
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(cert.checkIP('::1')).toBeDefined()
    expect(checkServerIdentity('127.0.0.1', cert.toLegacyObject())).toBeUndefined()
    expect(checkServerIdentity('localhost', cert.toLegacyObject())).toBeUndefined()
    expect(checkServerIdentity('127.0.0.2', cert.toLegacyObject())).toBeInstanceOf(Error)
  })

  it('begin a little before they are made, and have serial numbers of their own', async () => {
    const authority = await createAuthority({ commonName: 'test authority', ...lasting })
    const certs = await Promise.all([issue(authority), issue(authority)])
    const [first, second] = certs.map(({ certPem }) => new X509Certificate(certPem))
    const before = now.getTime() - Date.parse(first?.validFrom ?? '')
    expect(before).toBeGreaterThan(60_000)
    expect(before).toBeLessThan(600_000)
    expect(first?.serialNumber).toMatch(/^[0-9A-F]{32}$/)
    expect(first?.serialNumber).not.toBe(second?.serialNumber)
  })

  it('are not made of what is no address', async () => {
    const authority = await createAuthority({ commonName: 'test authority', ...lasting })
    const options = { authority, commonName: 'a', dnsNames: [], ipAddresses: ['localhost'], ...lasting }
    await expect(issueServerCertificate(options)).rejects.toThrow('"localhost" is not an IP address')
  })
})
