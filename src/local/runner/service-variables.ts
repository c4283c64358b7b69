import type { Service, ServicePort } from '../../model/kubernetes.ts'

/**
 * What containers are told of the Services of their namespace
 * (kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
export function serviceVariables(services: readonly Service[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...services.map(variablesOf))
}

function variablesOf({ metadata, spec }: Service): Readonly<Record<string, string>> {
  const { clusterIP, ports = [] } = spec
  const [first] = ports
  if (clusterIP === undefined || clusterIP === 'None' || first === undefined) return {}
  const name = variableName(metadata.name)
  return {
    [`${name}_SERVICE_HOST`]: clusterIP,
    [`${name}_SERVICE_PORT`]: String(first.port),
    [`${name}_PORT`]: urlOf(clusterIP, first),
    ...Object.assign({}, ...ports.map(port => portVariables(name, clusterIP, port))),
  }
}

function portVariables(
  service: string,
  clusterIP: string,
  port: ServicePort,
): Readonly<Record<string, string>> {
  const { protocol = 'TCP', name } = port
  const prefix = `${service}_PORT_${port.port}_${protocol.toUpperCase()}`
  return {
    ...(name === undefined ? {} : { [`${service}_SERVICE_PORT_${variableName(name)}`]: String(port.port) }),
    [prefix]: urlOf(clusterIP, port),
    [`${prefix}_PROTO`]: protocol.toLowerCase(),
    [`${prefix}_PORT`]: String(port.port),
    [`${prefix}_ADDR`]: clusterIP,
  }
}

function urlOf(clusterIP: string, { protocol = 'TCP', port }: ServicePort): string {
  return `${protocol.toLowerCase()}://${clusterIP}:${port}`
}

/** `http-web` becomes `HTTP_WEB`. */
export function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[-.]/g, '_')
}
