import type { KubeObject } from '../model/kubernetes.ts'
import type { ListOptions } from './client.ts'

/** Whether an object is in the namespace and has the labels. */
export function isSelected(object: KubeObject, options: ListOptions = {}): boolean {
  const { namespace, labels } = options
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false
  return labels === undefined || hasLabels(object.metadata.labels, labels)
}

export function hasLabels(
  labels: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}
