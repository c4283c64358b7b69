import type { Fleet } from '../../../control/fleet.ts'
import { nameOf } from '../../../kube/apply.ts'
import { CONTROLLER_PORT } from '../../../mesh/install/component-names.ts'
import { KisekiError } from '../../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { toRevision } from '../../../model/sidecar-config.ts'
import type { Cluster } from '../cluster.ts'
import { controllerPod } from '../meshes.ts'
import { getJson } from '../pod-json.ts'

type Sidecar = Fleet['sidecars'][number]

/** What the controller knows of its sidecars. Throws where none runs, or answers something else. */
export async function readFleet(
  { client, pods }: Pick<Cluster, 'client' | 'pods'>,
  namespace: string,
): Promise<Fleet> {
  const pod = await controllerPod(client, namespace)
  return parseFleet(await getJson(pods, nameOf(pod), { port: CONTROLLER_PORT, path: '/v1/fleet' }))
}

export function parseFleet(value: Json): Fleet {
  if (!isJsonObject(value)) throw notFleet()
  const { meshConfig, sidecars } = value
  if (!isJsonObject(meshConfig) || !Array.isArray(sidecars)) throw notFleet()
  return { meshConfig: parseState(meshConfig), sidecars: sidecars.map(parseSidecar) }
}

function parseState(state: JsonObject): Fleet['meshConfig'] {
  const { status } = state
  const generation = typeof state['generation'] === 'number' ? { generation: state['generation'] } : {}
  if (status === 'absent') return { status }
  if (status === 'accepted') return { status, ...generation }
  if (status !== 'refused') throw notFleet()
  const problems: readonly Json[] = Array.isArray(state['problems']) ? state['problems'] : []
  return {
    status,
    ...generation,
    problems: problems
      .filter(isJsonObject)
      .map(({ path, message }) => ({ path: String(path), message: String(message) })),
  }
}

function parseSidecar(value: Json): Sidecar {
  if (!isJsonObject(value) || typeof value['podUid'] !== 'string') throw notFleet()
  const { podUid, namespace, pod, workload, connected, wanted, running, refused } = value
  return {
    podUid,
    connected: connected === true,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof pod === 'string' ? { pod } : {}),
    ...(typeof workload === 'string' ? { workload } : {}),
    ...(typeof wanted === 'string' ? { wanted: toRevision(wanted) } : {}),
    ...(typeof running === 'string' ? { running: toRevision(running) } : {}),
    ...(isJsonObject(refused)
      ? { refused: { revision: toRevision(String(refused['revision'])), reason: String(refused['reason']) } }
      : {}),
  }
}

function notFleet(): KisekiError {
  return new KisekiError(
    'KISEKI_API_FAILED',
    'the controller answered something that is no list of sidecars',
    {
      remedy: 'See `osm version`: the controller may be of another version than this command line.',
    },
  )
}
