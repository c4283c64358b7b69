import type { JsonObject } from '../../model/json.ts'
import { flagAt, objectAt, objectsAt, textAt } from '../schema/json-reading.ts'
import { AGE, type Column, conditionsOf, integer, lengthAt, NAME, orNone, text, wide } from './column.ts'

export const NAMESPACE_COLUMNS: readonly Column[] = [
  NAME,
  text('Status', 'Whether the namespace is in use, or being removed.', namespace =>
    textAt(objectAt(namespace, 'status'), 'phase'),
  ),
  AGE,
]

export const CONFIG_MAP_COLUMNS: readonly Column[] = [
  NAME,
  text('Data', 'How many keys there are.', map => sizeAt(map, 'data') + sizeAt(map, 'binaryData')),
  AGE,
]

export const SECRET_COLUMNS: readonly Column[] = [
  NAME,
  text('Type', 'What the secret is for.', secret => textAt(secret, 'type') || 'Opaque'),
  text('Data', 'How many keys there are.', secret => sizeAt(secret, 'data')),
  AGE,
]

export const SERVICE_ACCOUNT_COLUMNS: readonly Column[] = [
  NAME,
  text('Secrets', 'How many secrets belong to the account.', account => lengthAt(account, 'secrets')),
  AGE,
]

export const LEASE_COLUMNS: readonly Column[] = [
  NAME,
  text('Holder', 'Who has the lease.', lease => textAt(objectAt(lease, 'spec'), 'holderIdentity')),
  AGE,
]

export const WEBHOOK_COLUMNS: readonly Column[] = [
  NAME,
  integer('Webhooks', 'How many webhooks there are.', configuration => lengthAt(configuration, 'webhooks')),
  AGE,
]

export const ROLE_BINDING_COLUMNS: readonly Column[] = [
  NAME,
  text('Role', 'The role that is given.', binding => {
    const role = objectAt(binding, 'roleRef')
    return `${textAt(role, 'kind')}/${textAt(role, 'name')}`
  }),
  AGE,
  wide(text('Users', 'Users who have the role.', binding => subjects(binding, 'User'))),
  wide(text('Groups', 'Groups that have the role.', binding => subjects(binding, 'Group'))),
  wide(
    text('ServiceAccounts', 'Accounts that have the role.', binding => subjects(binding, 'ServiceAccount')),
  ),
]

export const NODE_COLUMNS: readonly Column[] = [
  NAME,
  text('Status', 'Whether the node takes pods.', nodeStatus),
  text('Roles', 'What the node is for.', node => orNone(nodeRoles(node).join(','))),
  AGE,
  text('Version', 'The version of the kubelet.', node => textAt(nodeInfo(node), 'kubeletVersion')),
  wide(text('Internal-IP', 'The address inside of the cluster.', node => nodeAddress(node, 'InternalIP'))),
  wide(text('External-IP', 'The address outside of the cluster.', node => nodeAddress(node, 'ExternalIP'))),
  wide(text('OS-Image', 'The operating system.', node => orUnknown(textAt(nodeInfo(node), 'osImage')))),
  wide(text('Kernel-Version', 'The kernel.', node => orUnknown(textAt(nodeInfo(node), 'kernelVersion')))),
  wide(
    text('Container-Runtime', 'What runs the containers.', node =>
      orUnknown(textAt(nodeInfo(node), 'containerRuntimeVersion')),
    ),
  ),
]

function sizeAt(object: JsonObject, key: string): number {
  return Object.keys(objectAt(object, key)).length
}

function subjects(binding: JsonObject, kind: string): string {
  return objectsAt(binding, 'subjects')
    .filter(subject => textAt(subject, 'kind') === kind)
    .map(subject => {
      const name = textAt(subject, 'name')
      return kind === 'ServiceAccount' ? `${textAt(subject, 'namespace')}/${name}` : name
    })
    .join(', ')
}

function nodeInfo(node: JsonObject): JsonObject {
  return objectAt(objectAt(node, 'status'), 'nodeInfo')
}

function nodeStatus(node: JsonObject): string {
  const ready = conditionsOf(node).findLast(condition => textAt(condition, 'type') === 'Ready')
  const known = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  return flagAt(objectAt(node, 'spec'), 'unschedulable') ? `${known},SchedulingDisabled` : known
}

const ROLE_PREFIX = 'node-role.kubernetes.io/'

function nodeRoles(node: JsonObject): readonly string[] {
  const labels = objectAt(objectAt(node, 'metadata'), 'labels')
  const roles = Object.keys(labels)
    .filter(label => label.startsWith(ROLE_PREFIX))
    .map(label => label.slice(ROLE_PREFIX.length))
  const named = [...roles, textAt(labels, 'kubernetes.io/role')].filter(role => role !== '')
  return Array.from(new Set(named)).sort()
}

function nodeAddress(node: JsonObject, type: string): string {
  const addresses = objectsAt(objectAt(node, 'status'), 'addresses')
  return orNone(textAt(addresses.find(address => textAt(address, 'type') === type) ?? {}, 'address'))
}

function orUnknown(cell: string): string {
  return cell === '' ? '<unknown>' : cell
}
