import type { ComponentPropsWithRef, ReactElement } from 'react'

/**
 * The parts of a tree grid. They are no table elements: rows are placed where they would be if all were drawn, and
 * what is focused is the row.
 */

export function RowGroup(props: ComponentPropsWithRef<'div'>): ReactElement {
  // biome-ignore lint/a11y/useSemanticElements: said above
  return <div {...props} role="rowgroup" />
}

export function HeadRow(props: ComponentPropsWithRef<'div'>): ReactElement {
  // biome-ignore lint/a11y/useSemanticElements: said above
  // biome-ignore lint/a11y/useFocusableInteractive: said above
  return <div {...props} role="row" aria-rowindex={1} />
}

export function ColumnHead(props: ComponentPropsWithRef<'div'>): ReactElement {
  // biome-ignore lint/a11y/useSemanticElements: said above
  // biome-ignore lint/a11y/useFocusableInteractive: said above
  return <div {...props} role="columnheader" />
}

export function Cell(props: ComponentPropsWithRef<'div'>): ReactElement {
  // biome-ignore lint/a11y/useSemanticElements: said above
  // biome-ignore lint/a11y/useFocusableInteractive: said above
  return <div {...props} role="gridcell" />
}
