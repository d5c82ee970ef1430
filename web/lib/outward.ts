import { html } from "lit"
import { icons } from "./icons.ts"

/** A link that leaves the admin; styled by `.outward` of the base. */
export const outward = (url: string, text: unknown) =>
  html`<a class="outward" href=${url} target="_blank" rel="noreferrer">${text}${icons.out}</a>`
