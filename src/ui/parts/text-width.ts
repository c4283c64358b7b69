let context: CanvasRenderingContext2D | null | undefined

/** How wide a text is drawn, in pixels: fonts differ from one system to the next by a third. */
export function textWidth(text: string, font: { readonly rem: number; readonly weight: number }): number {
  context ??= document.createElement('canvas').getContext('2d')
  if (!context) return text.length * font.rem * 10
  const { fontSize } = getComputedStyle(document.documentElement)
  const { fontFamily } = getComputedStyle(document.body)
  context.font = `${font.weight} ${font.rem * Number.parseFloat(fontSize)}px ${fontFamily}`
  return context.measureText(text).width
}
