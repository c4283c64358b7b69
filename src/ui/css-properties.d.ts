import 'react'

declare module 'react' {
  /** Custom properties may be set by the `style` of an element. */
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined
  }
}
