// First: the library of certificates does not load without it.
import './reflected-metadata.ts'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** Both as PEM: the certificate of X.509, the private key of PKCS #8. */
export interface CertifiedKey {
  readonly certPem: string
  readonly keyPem: string
}

export interface AuthorityOptions {
  readonly commonName: string
  readonly now: Date
  readonly validDays: number
}

export interface ServerCertificateOptions extends AuthorityOptions {
  readonly authority: CertifiedKey
  readonly dnsNames: readonly string[]
  /** Version 4 or 6, without brackets. */
  readonly ipAddresses: readonly string[]
}

const EC_KEY = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' }
/** Clocks of machines differ; a certificate is to be good on one that is behind. */
const BACKDATED_MILLIS = 5 * 60_000
const DAY_MILLIS = 86_400_000
/** RFC 5280 allows 20 bytes at most. */
const SERIAL_BYTES = 16

/** A certificate that signs others and is signed by itself; no authority below it (path length 0). */
export async function createAuthority(options: AuthorityOptions): Promise<CertifiedKey> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...lifetime(options),
      name: nameOf(options.commonName),
      keys,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return { certPem: pem(certificate), keyPem: await exportKey(keys.privateKey) }
}

/** A certificate for a TLS server that is known by these names and addresses. */
export async function issueServerCertificate(options: ServerCertificateOptions): Promise<CertifiedKey> {
  const keys = await generateKeys()
  const authority = new X509Certificate(options.authority.certPem)
  const certificate = await X509CertificateGenerator.create(
    {
      ...lifetime(options),
      subject: nameOf(options.commonName),
      issuer: authority.subjectName,
      publicKey: keys.publicKey,
      signingKey: await importKey(options.authority.keyPem),
      signingAlgorithm: SIGNATURE,
      extensions: await serverExtensions(options, keys.publicKey, authority),
    },
    webcrypto,
  )
  return { certPem: pem(certificate), keyPem: await exportKey(keys.privateKey) }
}

async function serverExtensions(
  options: ServerCertificateOptions,
  publicKey: webcrypto.CryptoKey,
  authority: X509Certificate,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([
      ...options.dnsNames.map(value => ({ type: 'dns' as const, value })),
      ...options.ipAddresses.map(value => ({ type: 'ip' as const, value: checkedAddress(value) })),
    ]),
    await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
    await AuthorityKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
  ]
}

/** The encoder would write an address that is none as garbage. */
function checkedAddress(value: string): string {
  if (isIP(value) === 0) throw new RangeError(`${JSON.stringify(value)} is not an IP address`)
  return value
}

function lifetime({ now, validDays }: AuthorityOptions) {
  return {
    serialNumber: randomSerial(),
    notBefore: new Date(now.getTime() - BACKDATED_MILLIS),
    notAfter: new Date(now.getTime() + validDays * DAY_MILLIS),
  }
}

/** Hexadecimal, positive and of full length: the first byte is 0x40 to 0x7f. */
function randomSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

/** As parts, because a text would have to be escaped (RFC 4514). */
function nameOf(commonName: string): Name {
  return new Name([{ CN: [{ utf8String: commonName }] }])
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC_KEY, true, ['sign', 'verify'])
}

function importKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(keyPem), EC_KEY, false, ['sign'])
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key)
  return `${PemConverter.encode(bytes, PemConverter.PrivateKeyTag)}\n`
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}
