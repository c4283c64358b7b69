import { nameOf } from '../../../kube/apply.ts'
import { PODS } from '../../../kube/resources.ts'
import {
  CONTROLLER,
  CONTROLLER_PORT,
  INJECTOR,
  INJECTOR_HEALTH_PORT,
} from '../../../mesh/install/component-names.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import type { Cluster } from '../cluster.ts'
import { getText } from '../pod-json.ts'
import { type CheckResult, checkAll } from './check-result.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>

interface Component {
  readonly app: string
  readonly port: number
}

const COMPONENTS: readonly Component[] = [
  { app: CONTROLLER, port: CONTROLLER_PORT },
  { app: INJECTOR, port: INJECTOR_HEALTH_PORT },
]
const HEALTH_PATH = '/health'

/** `osm verify control-plane-health`: its pods are ready, and answer. */
export async function checkControlPlane(cluster: Connection, namespace: string): Promise<CheckResult> {
  const steps = await Promise.all(COMPONENTS.map(component => checkComponent(cluster, namespace, component)))
  return checkAll(`Verify the health of the control plane in namespace [${namespace}]`, steps)
}

async function checkComponent(
  cluster: Connection,
  namespace: string,
  component: Component,
): Promise<CheckResult> {
  const { app } = component
  const pods = await podsOf(cluster, namespace, app)
  if (pods.length === 0) {
    return {
      context: `Verify that ${app} runs`,
      status: 'Failure',
      reason: `No pod with the label app=${app} in namespace [${namespace}]`,
      suggestion: `See kubectl get deployment ${app} -n ${namespace}, or name another namespace with --osm-namespace`,
    }
  }
  const steps = await Promise.all(
    pods.flatMap(pod => [Promise.resolve(checkReadiness(pod)), checkAnswer(cluster, pod, component)]),
  )
  return checkAll(`Verify the health of ${app}`, steps)
}

async function podsOf(cluster: Connection, namespace: string, app: string): Promise<readonly Pod[]> {
  const { items } = await cluster.client.list(PODS, { namespace, labels: { app } })
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

function checkReadiness(pod: Pod): CheckResult {
  const { name, namespace } = pod.metadata
  const context = `Verify that pod ${name} is ready`
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (isReady === true) return { context, status: 'Success' }
  return {
    context,
    status: 'Failure',
    reason: `Pod ${name} is ${pod.status?.phase ?? 'not yet on a node'}, and not ready`,
    suggestion: `See kubectl describe pod ${name} -n ${namespace}, and its logs`,
  }
}

async function checkAnswer(cluster: Connection, pod: Pod, { port }: Component): Promise<CheckResult> {
  const { name, namespace } = pod.metadata
  const context = `Verify that pod ${name} answers on port ${port}`
  try {
    await getText(cluster.pods, nameOf(pod), { port, path: HEALTH_PATH })
    return { context, status: 'Success' }
  } catch (error) {
    return {
      context,
      status: 'Failure',
      reason: messageOf(error),
      suggestion: `See kubectl logs ${name} -n ${namespace}`,
    }
  }
}
