import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { messageOf } from '../model/errors.ts'
import { besideConfig, dataOrFile, type ReadTextFile } from './config-files.ts'
import { basic, bearer, type CredentialSource, tokenFileCredentials } from './credentials.ts'
import { execCredentials, type PluginWorld } from './exec-credentials.ts'
import type { KubeCredentials } from './kube-endpoint.ts'
import type { ConfigFields } from './kubeconfig-fields.ts'

export interface UserWorld extends PluginWorld {
  readonly readFile: ReadTextFile
}

/** How a user of a kubeconfig proves itself. Throws `KISEKI_BAD_KUBECONFIG` for what is not understood. */
export async function userCredentials(user: ConfigFields, world: UserWorld): Promise<CredentialSource> {
  if (user.has('auth-provider')) {
    throw user.refuse('auth-provider', 'was removed from Kubernetes 1.26; use an exec plugin instead')
  }
  const pair = await readPair(user, world.readFile)
  const said = sourceOf(user, world)
  const impersonation = impersonationOf(user)
  return async options => {
    const credentials = await said(options)
    return { ...pair, ...credentials, headers: { ...credentials.headers, ...impersonation } }
  }
}

function sourceOf(user: ConfigFields, world: UserWorld): CredentialSource {
  const token = user.text('token')
  const tokenFile = user.text('tokenFile')
  const username = user.text('username')
  const exec = user.fields('exec')
  const hasToken = token !== undefined || tokenFile !== undefined
  if (hasToken && username !== undefined) {
    throw user.refuse('username', 'more than one authentication method found: token and basicAuth')
  }
  // As in client-go, what is written there goes before a plugin.
  if (tokenFile !== undefined) {
    return tokenFileCredentials({
      path: besideConfig(user, tokenFile),
      readFile: world.readFile,
      nowMillis: world.nowMillis,
      source: `${user.file}: ${user.place}.tokenFile`,
      ...(token === undefined ? {} : { firstToken: token }),
    })
  }
  if (token !== undefined) return always(bearer(token))
  if (username !== undefined) return always(basic(username, user.text('password') ?? ''))
  return exec === undefined ? always({ headers: {} }) : execCredentials(exec, world)
}

function always(credentials: KubeCredentials): CredentialSource {
  return async () => credentials
}

async function readPair(
  user: ConfigFields,
  readFile: ReadTextFile,
): Promise<{ cert?: string; key?: string }> {
  const cert = await dataOrFile(readFile, user, 'client-certificate')
  const key = await dataOrFile(readFile, user, 'client-key')
  if (cert === undefined && key === undefined) return {}
  if (cert === undefined) throw user.refuse('client-certificate', 'is required beside client-key')
  if (key === undefined) throw user.refuse('client-key', 'is required beside client-certificate')
  checkCertificate(cert, problem => user.refuse('client-certificate', problem))
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw user.refuse('client-key', `does not belong to the certificate: ${messageOf(error)}`, error)
  }
  return { cert, key }
}

/** Node passes over authorities that it cannot read; one is then refused for a reason that nobody finds. */
export function checkCertificate(pem: string, refuse: (problem: string) => Error): void {
  try {
    new X509Certificate(pem)
  } catch (error) {
    throw refuse(`holds no PEM certificate: ${messageOf(error)}`)
  }
}

/** kubernetes.io/docs/reference/access-authn-authz/authentication, "User impersonation". */
function impersonationOf(user: ConfigFields): KubeCredentials['headers'] {
  if (user.has('as-user-extra')) throw user.refuse('as-user-extra', 'is not supported')
  const name = user.text('as')
  const uid = user.text('as-uid')
  const groups = user.texts('as-groups')
  if (name === undefined) {
    if (uid === undefined && groups.length === 0) return {}
    throw user.refuse('as', 'is required beside as-uid and as-groups')
  }
  return {
    'impersonate-user': name,
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
  }
}
