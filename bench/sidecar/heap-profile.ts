import { add, type CallFrame, nameOf, readProfile, type Share, sharesOf } from './cpu-profile.ts'

interface HeapNode {
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** Who allocated what is still there, from the profile that V8 has written into the folder. */
export function readHeapShares(folder: string): readonly Share[] {
  const sizes = new Map<string, number>()
  const visit = ({ callFrame, selfSize, children }: HeapNode): void => {
    add(sizes, nameOf(callFrame), selfSize)
    children.forEach(visit)
  }
  const { head }: { readonly head: HeapNode } = JSON.parse(readProfile(folder, '.heapprofile'))
  visit(head)
  return sharesOf(sizes)
}
