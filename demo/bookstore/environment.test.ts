import { describe, expect, it } from 'vitest'
import { flagsOf, identityOf, integerOf, listeningOf, numberOf, textOf } from './environment.ts'

describe('environment', () => {
  it('takes an empty value for an absent one', () => {
    expect(textOf({ A: '' }, 'A', 'x')).toBe('x')
    expect(numberOf({ A: '' }, 'A', 7)).toBe(7)
  })

  it('reads decimals where they make sense, and names what it cannot read', () => {
    expect(numberOf({ A: '0.25' }, 'A', 1)).toBe(0.25)
    expect(() => numberOf({ A: 'soon' }, 'A', 1)).toThrow('A is "soon"; expected a number of at least 0')
    expect(() => numberOf({ A: '-1' }, 'A', 1)).toThrow('at least 0')
    expect(() => integerOf({ A: '1.5' }, 'A', 1)).toThrow('A is 1.5; expected an integer')
  })

  it('listens on --port, else PORT, and knows no port of its own', () => {
    const none = flagsOf([])
    expect(() => listeningOf({}, none)).toThrow('PORT is empty; set it')
    expect(listeningOf({ PORT: '0' }, none)).toEqual({ host: undefined, port: 0 })
    expect(listeningOf({ PORT: '4321', HOST: '127.64.0.3' }, none)).toEqual({
      host: '127.64.0.3',
      port: 4321,
    })
    expect(listeningOf({ PORT: '4321' }, flagsOf(['--port', '80'])).port).toBe(80)
    expect(() => listeningOf({}, flagsOf(['--port=x']))).toThrow('--port is "x"')
    expect(() => listeningOf({ PORT: '70000' }, none)).toThrow('port 70000')
  })

  it('is who IDENTITY says, else --ident, else nobody in particular', () => {
    expect(identityOf({ IDENTITY: 'bookstore-v1' }, flagsOf(['--ident', 'other']))).toBe('bookstore-v1')
    expect(identityOf({}, flagsOf(['--ident', 'bookstore-v2']))).toBe('bookstore-v2')
    expect(identityOf({}, flagsOf([]))).toBe('unidentified')
  })

  it('refuses flags that it does not know', () => {
    expect(() => flagsOf(['--prot', '80'])).toThrow('--prot')
  })
})
