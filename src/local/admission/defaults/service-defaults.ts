import type { Service, ServicePort } from '../../../model/kubernetes.ts'

/** What kube-apiserver writes into a Service that does not say it, but for its addresses. */
export function withServiceDefaults(service: Service): Service {
  const { spec } = service
  const { ports, type = 'ClusterIP' } = spec
  const families =
    type === 'ExternalName'
      ? {}
      : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' }
  return {
    ...service,
    spec: {
      sessionAffinity: 'None',
      ...families,
      ...spec,
      type,
      ...(ports === undefined ? {} : { ports: ports.map(withPortDefaults) }),
    },
  }
}

function withPortDefaults(port: ServicePort): ServicePort {
  return { ...port, protocol: port.protocol ?? 'TCP', targetPort: port.targetPort ?? port.port }
}
