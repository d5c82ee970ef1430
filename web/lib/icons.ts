import { html, svg, type TemplateResult } from "lit"

const stroke = (body: TemplateResult) =>
  html`<svg
    width="16"
    height="16"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${body}
  </svg>`

export const icons = {
  dashedCircle: stroke(svg`<circle cx="8" cy="8" r="5.25" stroke-dasharray="2.4 3.1" />`),
  halfCircle: stroke(
    svg`<circle cx="8" cy="8" r="5.25" /><path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" stroke="none" />`
  ),
  question: stroke(
    svg`<path d="M8 1.75 14.25 8 8 14.25 1.75 8z" /><path d="M6.6 6.6c.2-1.6 2.9-1.5 2.8.1-.1 1-1.4 1-1.4 2.1M8 10.9v.1" />`
  ),
  dot: stroke(
    svg`<circle cx="8" cy="8" r="5.25" /><circle class="pulse" cx="8" cy="8" r="2.5" fill="currentColor" stroke="none" />`
  ),
  square: stroke(
    svg`<circle cx="8" cy="8" r="5.75" /><rect x="5.75" y="5.75" width="4.5" height="4.5" fill="currentColor" stroke="none" />`
  ),
  check: stroke(svg`<circle cx="8" cy="8" r="5.75" /><path d="m5.5 8.2 1.8 1.8 3.3-3.8" />`),
  cross: stroke(svg`<path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" /><path d="m6 6 4 4m0-4-4 4" />`),
  clock: stroke(svg`<circle cx="8" cy="8" r="5.75" /><path d="M8 4.75V8l2.2 1.6" />`),
  slash: stroke(svg`<circle cx="8" cy="8" r="5.75" /><path d="m4 12 8-8" />`),
  pause: stroke(svg`<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2" />`),
  bubble: stroke(svg`<path d="M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z" />`),
  warning: stroke(svg`<path d="M8 2.25 14.5 13.5h-13z" /><path d="M8 6.5v3M8 11.4v.1" />`),
  arrow: stroke(svg`<path d="M3 8h9.5M9 4.5 12.5 8 9 11.5" />`),
  out: stroke(svg`<path d="M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5" />`),
  plus: stroke(svg`<path d="M8 3v10M3 8h10" />`),
  minus: stroke(svg`<path d="M3 8h10" />`),
  search: stroke(svg`<circle cx="7" cy="7" r="4.25" /><path d="m10.2 10.2 3.3 3.3" />`),
  menu: stroke(svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />`),
  sun: stroke(
    svg`<circle cx="8" cy="8" r="2.75" /><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" />`
  ),
  moon: stroke(svg`<path d="M13 9.75A5.5 5.5 0 0 1 6.25 3a5.5 5.5 0 1 0 6.75 6.75z" />`),
  mark: stroke(
    svg`<circle cx="3.75" cy="8" r="2" /><path d="M5.75 8h2.5c2 0 1.5-3.5 4-3.5M8.25 8c2 0 1.5 3.5 4 3.5" /><circle cx="13" cy="4.5" r="1" fill="currentColor" /><circle cx="13" cy="11.5" r="1" fill="currentColor" />`
  ),
  box: stroke(svg`<rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1.5" />`)
} as const

export type IconName = keyof typeof icons
