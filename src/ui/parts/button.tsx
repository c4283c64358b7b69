import type { ComponentPropsWithRef, ReactElement } from 'react'
import css from './button.module.css'

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  readonly look?: 'primary' | 'plain' | 'quiet'
}

export function Button({ look = 'plain', type = 'button', ...rest }: ButtonProps): ReactElement {
  return <button {...rest} type={type} className={css['button']} data-look={look} />
}
