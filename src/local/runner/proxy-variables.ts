import type { SocketAddress } from '../../model/sidecar-config.ts'

/** What an app means when it says these names is itself. */
const OWN_NAMES = ['localhost', '127.0.0.1', '::1']

/**
 * Leads the plain HTTP requests of an app to its sidecar. Each family of clients looks at another variable: curl at
 * lower case only, Node only when it is told to look, Java at none but its own.
 */
export function proxyVariables(sidecar: SocketAddress): Readonly<Record<string, string>> {
  const url = `http://${sidecar.address}:${sidecar.port}`
  const names = OWN_NAMES.join(',')
  return {
    http_proxy: url,
    HTTP_PROXY: url,
    no_proxy: names,
    NO_PROXY: names,
    NODE_USE_ENV_PROXY: '1',
    JAVA_TOOL_OPTIONS: javaOptions(sidecar),
  }
}

/** Without the last one, Java takes all of 127/8 for itself, and with it every pod and Service. */
function javaOptions({ address, port }: SocketAddress): string {
  const names = OWN_NAMES.map(name => (name.includes(':') ? `[${name}]` : name)).join('|')
  return `-Dhttp.proxyHost=${address} -Dhttp.proxyPort=${port} -Dhttp.nonProxyHosts=${names}`
}
