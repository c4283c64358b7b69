import type { KubeClient } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS, SERVICES } from '../../kube/resources.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { EventRecorder } from '../event-recorder.ts'
import { createPortYields, type PortYields } from '../port-yields.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { startDeploymentController } from './deployment-controller.ts'
import { startEndpointsController } from './endpoints-controller.ts'
import { startReplicaSetController } from './replica-set-controller.ts'
import { startServiceAccountController } from './service-account-controller.ts'
import { startServiceProxy } from './service-proxy.ts'

export interface ControllersOptions {
  /** Of the authority of the API's certificate, for pods. Absent: they are not told. */
  readonly caPem?: string
  readonly client: KubeClient
  /** Asks for ports that Services are listened on at. Absent: nobody does. */
  readonly portYields?: PortYields
  readonly events: EventRecorder
  readonly logger: Logger
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** Deployments become ReplicaSets, ReplicaSets pods, Services get Endpoints, and namespaces a ServiceAccount. */
export function startControllers(options: ControllersOptions): Controller {
  const { client, logger } = options
  const context: ControllerContext = {
    ...options,
    deployments: createInformer(client, DEPLOYMENTS, { logger }),
    replicaSets: createInformer(client, REPLICA_SETS, { logger }),
    pods: createInformer(client, PODS, { logger }),
    services: createInformer(client, SERVICES, { logger }),
  }
  const { deployments, replicaSets, pods, services } = context
  const all = [
    startDeploymentController(context),
    startReplicaSetController(context),
    startEndpointsController(context),
    startServiceAccountController(options),
    startServiceProxy({ ...context, portYields: options.portYields ?? createPortYields() }),
    deployments,
    replicaSets,
    pods,
    services,
  ]
  return {
    async close() {
      await Promise.all(all.map(each => each.close()))
    },
  }
}
