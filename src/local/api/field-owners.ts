import { apiVersionOf } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { kubeTime } from '../kube-time.ts'
import { builtInTopology } from '../patch/built-in-topology.ts'
import type { ListTopology } from '../patch/list-topology.ts'
import { schemaTopology } from '../patch/schema-topology.ts'
import { applyServerSide } from '../patch/server-side-apply.ts'
import { trackUpdate } from '../patch/update-tracking.ts'
import { type ApiResource, hasStatus } from '../registry/api-resource.ts'
import { jsonOf } from './json-of.ts'
import type { WrittenPart } from './write-context.ts'

interface Writing {
  readonly resource: ApiResource
  readonly manager: string
  readonly part?: WrittenPart | undefined
}

export interface Applying extends Writing {
  /** Absent: it does not exist yet. */
  readonly live?: KubeObject
  readonly applied: KubeObject
  /** Takes fields over that others own. */
  readonly force: boolean
}

export interface Updating extends Writing {
  /** Absent: it is created. */
  readonly before?: KubeObject
  readonly after: KubeObject
}

/** Who owns which field (kubernetes.io/docs/reference/using-api/server-side-apply): `metadata.managedFields`. */
export interface FieldOwners {
  /** What applying makes of the live object. Throws `Conflict` where others own a field that differs. */
  applied(applying: Applying): JsonObject
  /** The object, as owned after a write that is no apply. */
  updated(updating: Updating): KubeObject
}

export function createFieldOwners(nowMicros: () => number): FieldOwners {
  const common = ({ resource, manager, part }: Writing, object: KubeObject) => ({
    manager,
    untouched: untouchedMembers(resource, object, part),
    time: kubeTime(nowMicros()),
    apiVersion: apiVersionOf(resource),
    lists: topologyOf(resource),
    ...(part === undefined ? {} : { subresource: part }),
  })

  return {
    applied(applying) {
      const { live, applied, force } = applying
      const { object } = applyServerSide({
        ...common(applying, applied),
        live: live && jsonOf(live),
        applied: jsonOf(applied),
        force,
      })
      return object
    },
    updated(updating) {
      const { before, after } = updating
      const tracked = trackUpdate({
        ...common(updating, after),
        before: before && jsonOf(before),
        after: jsonOf(after),
      })
      // The same object but for one field of its metadata.
      return tracked as unknown as KubeObject
    },
  }
}

/** What the writing of one part of an object leaves as it is. */
function untouchedMembers(
  resource: ApiResource,
  object: KubeObject,
  part: WrittenPart | undefined,
): readonly string[] {
  if (!hasStatus(resource)) return []
  if (part === undefined) return ['status']
  return Object.keys(object).filter(member => !WRITTEN_WITH_STATUS.includes(member))
}

const WRITTEN_WITH_STATUS = ['apiVersion', 'kind', 'metadata', 'status']

function topologyOf({ group, kind, custom }: ApiResource): ListTopology {
  return custom === undefined ? builtInTopology({ group, kind }) : schemaTopology(custom.openAPIV3Schema)
}
