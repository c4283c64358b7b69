import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CertifiedKey,
  createAuthority,
  issueServerCertificate,
} from '../../runtime/certificates/certificates.ts'

/** What proves who is who. It stays over restarts, so that a kubeconfig goes on working. */
export interface Credentials {
  readonly caPem: string
  /** Of this run. */
  readonly serverKeyPem: string
  readonly serverCertificatePem: string
  /** The administrator's. */
  readonly token: string
  /** Signs the tokens of ServiceAccounts. */
  readonly tokenKey: Uint8Array
}

const AUTHORITY_DAYS = 3650
const SERVER_DAYS = 365

/** Reads them from a folder that only its owner may enter, or makes them. */
export async function openCredentials(folder: string, nowMicros: number): Promise<Credentials> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const now = new Date(nowMicros / 1000)
  const authority = await kept(folder, 'authority.json', async () =>
    createAuthority({ commonName: 'kubernetes', now, validDays: AUTHORITY_DAYS }),
  )
  const server = await issueServerCertificate({
    authority,
    commonName: 'kube-apiserver',
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1', '::1'],
    now,
    validDays: SERVER_DAYS,
  })
  const secrets = await kept(folder, 'secrets.json', async () => ({
    token: randomBytes(32).toString('base64url'),
    tokenKey: randomBytes(32).toString('base64url'),
  }))
  return {
    caPem: authority.certPem,
    serverKeyPem: server.keyPem,
    serverCertificatePem: server.certPem,
    token: secrets.token,
    tokenKey: Buffer.from(secrets.tokenKey, 'base64url'),
  }
}

/** What a file of the folder holds; made and written there the first time. */
async function kept<T extends CertifiedKey | Readonly<Record<string, string>>>(
  folder: string,
  name: string,
  make: () => Promise<T>,
): Promise<T> {
  const file = join(folder, name)
  const found = await readFile(file, 'utf8').catch(() => undefined)
  // The folder is ours alone, and each file was renamed into place whole.
  if (found !== undefined) return JSON.parse(found)
  const made = await make()
  await writePrivateFile(file, JSON.stringify(made))
  return made
}

/** Whole, and for its owner alone, from its first byte. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}`
  await writeFile(beside, text, { mode: 0o600 })
  await rename(beside, file)
}
