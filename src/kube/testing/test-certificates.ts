import { webcrypto } from 'node:crypto'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** `@peculiar/x509` will not load without these; what they would answer is not needed here. */
function pretendReflectMetadata(): void {
  for (const name of ['defineMetadata', 'getMetadata', 'getOwnMetadata']) {
    if (!Reflect.has(Reflect, name)) Reflect.set(Reflect, name, () => undefined)
  }
}

/** A certificate that signs itself, for 127.0.0.1 or another name. */
export async function selfSigned(name = '127.0.0.1'): Promise<TestCertificate> {
  pretendReflectMetadata()
  const { SubjectAlternativeNameExtension, X509CertificateGenerator } = await import('@peculiar/x509')
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const type = /^[0-9.]+$/.test(name) ? ('ip' as const) : ('dns' as const)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [new SubjectAlternativeNameExtension([{ type, value: name }])],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  }
}
