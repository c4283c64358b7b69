/** First in, first out, with a bound. Overflow is the caller's to count. */
export interface BoundedQueue<T> {
  readonly length: number
  /** `full`: not taken, nothing changed. Never waits. */
  offer(item: T): 'taken' | 'full'
  take(): T | undefined
}

export function createBoundedQueue<T>(capacity: number): BoundedQueue<T> {
  let items: (T | undefined)[] = []
  let head = 0

  return {
    get length() {
      return items.length - head
    },
    offer(item) {
      if (items.length - head >= capacity) return 'full'
      items.push(item)
      return 'taken'
    },
    take() {
      if (head === items.length) return undefined
      const item = items[head]
      items[head] = undefined
      head++
      // Shifting each time would cost the length of the queue; now and then costs nothing.
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
  }
}
