import { nothing } from "lit"
import { directive, Directive, type ElementPart } from "lit/directive.js"

class Styled extends Directive {
  override render(_styles: Readonly<Record<string, string | undefined>>) {
    return nothing
  }

  override update({ element }: ElementPart, [styles]: Parameters<this["render"]>) {
    if (!(element instanceof HTMLElement)) return nothing
    for (const [name, value] of Object.entries(styles)) {
      if (value === undefined) element.style.removeProperty(name)
      else element.style.setProperty(name, value)
    }
    return nothing
  }
}

/** Sets styles as properties: the policy forbids the attribute that Lit's `styleMap` begins with. */
export const styled = directive(Styled)
