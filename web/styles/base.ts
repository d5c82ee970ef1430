import { css } from "lit"

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  a,
  code,
  em,
  span,
  strong {
    unicode-bidi: isolate;
  }
  :host([hidden]) {
    display: none;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  pre,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--large);
    font-weight: var(--strong);
    line-height: 2rem;
    letter-spacing: -0.01em;
  }
  h2,
  h3 {
    font-size: var(--body);
    font-weight: var(--strong);
    line-height: 1.5rem;
  }
  strong,
  b {
    font-weight: var(--strong);
  }
  a {
    color: inherit;
    text-decoration: underline var(--edge) 1px;
    text-underline-offset: 0.2em;
  }
  a:hover {
    text-decoration-color: currentColor;
  }
  .outward {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    max-width: 100%;
  }
  .outward svg {
    width: 0.75rem;
    height: 0.75rem;
    color: var(--muted);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  a:focus-visible {
    border-radius: 2px;
  }
  svg {
    display: block;
    flex: none;
  }
  kbd {
    display: inline-block;
    min-width: 1.25rem;
    padding: 0 0.25rem;
    border: 1px solid var(--hairline);
    border-radius: var(--radius);
    color: var(--muted);
    font: var(--small) / 1.125rem var(--mono);
    text-align: center;
  }
  .mono {
    font-family: var(--mono);
    font-size: 0.93em;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--small);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`
