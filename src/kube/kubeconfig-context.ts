import { dataOrFile } from './config-files.ts'
import type { KubeEndpoint } from './kube-endpoint.ts'
import type { KubeConfigDocument } from './kubeconfig-document.ts'
import { badKubeConfig, ConfigFields } from './kubeconfig-fields.ts'
import { checkCertificate, type UserWorld, userCredentials } from './kubeconfig-user.ts'

const DEFAULT_NAMESPACE = 'default'

/** The endpoint that a context names. Throws `KISEKI_BAD_KUBECONFIG` where it cannot be used. */
export async function endpointOf(
  document: KubeConfigDocument,
  contextName: string,
  world: UserWorld,
): Promise<KubeEndpoint> {
  const context = document.contexts.get(contextName)
  if (context === undefined) throw badKubeConfig(`context "${contextName}"`, '', 'does not exist')
  const cluster = referenced(context, 'cluster', document.clusters)
  const user = context.has('user') ? referenced(context, 'user', document.users) : NOBODY
  const target = await clusterOf(cluster, world)
  const encrypted = target.server.protocol === 'https:'
  return {
    ...target,
    namespace: context.text('namespace') ?? DEFAULT_NAMESPACE,
    source: `context "${contextName}" of ${context.file}`,
    // As client-go does: whoever listens on the way would have them.
    credentials: encrypted ? await userCredentials(user, world) : async () => ({ headers: {} }),
  }
}

const NOBODY = new ConfigFields('', '', {})

function referenced(
  context: ConfigFields,
  field: 'cluster' | 'user',
  entries: ReadonlyMap<string, ConfigFields>,
): ConfigFields {
  const name = context.requiredText(field)
  const found = entries.get(name)
  if (found === undefined) throw context.refuse(field, `no ${field} "${name}" is there`)
  return found
}

type Target = Pick<KubeEndpoint, 'server' | 'ca' | 'serverName' | 'insecure'>

async function clusterOf(cluster: ConfigFields, world: UserWorld): Promise<Target> {
  if (cluster.has('proxy-url')) throw cluster.refuse('proxy-url', 'is not supported')
  const ca = await dataOrFile(world.readFile, cluster, 'certificate-authority')
  const insecure = cluster.flag('insecure-skip-tls-verify')
  if (ca !== undefined) {
    checkCertificate(ca, problem => cluster.refuse('certificate-authority', problem))
    if (insecure) {
      throw cluster.refuse(
        'insecure-skip-tls-verify',
        'specifying a root certificates file with the insecure flag is not allowed',
      )
    }
  }
  const serverName = cluster.text('tls-server-name')
  return {
    server: serverOf(cluster, ca !== undefined || insecure),
    insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
  }
}

/** A server without scheme is `https` where something is said of certificates, else `http`, as in client-go. */
function serverOf(cluster: ConfigFields, encrypted: boolean): URL {
  const text = cluster.requiredText('server')
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${encrypted ? 'https' : 'http'}://${text}`
  const url = URL.parse(whole)
  if (url === null) throw cluster.refuse('server', `"${text}" is no URL`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw cluster.refuse('server', `must begin with https:// or http://, not ${url.protocol}//`)
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw cluster.refuse('server', 'may have a path, but no user, query or fragment')
  }
  return url
}
