import type { ListOptions } from '../../kube/client.ts'
import { isSelected } from '../../kube/selection.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/** What a list or a watch is about. */
export interface Selection extends ListOptions {
  /** Beside namespace and labels. */
  readonly where?: (object: KubeObject) => boolean
}

export function isInSelection(object: KubeObject, selection: Selection): boolean {
  return isSelected(object, selection) && (selection.where?.(object) ?? true)
}
