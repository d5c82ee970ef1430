import { css } from "lit"
import { base } from "./base.ts"
import { controls } from "./controls.ts"

export const shellRail = [
  base,
  controls,
  css`
    nav {
      display: grid;
    }
    nav a {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 0.5rem;
      min-height: 2rem;
      padding: 0 1rem;
      border-left: 2px solid transparent;
      color: var(--muted);
      text-decoration: none;
      white-space: nowrap;
      transition: background-color var(--quick);
    }
    nav a.group {
      margin-top: 1rem;
    }
    nav a:hover {
      background: var(--hover);
      color: var(--text);
    }
    nav a[aria-current] {
      border-left-color: var(--accent);
      color: var(--text);
      font-weight: var(--strong);
    }
    nav a:focus-visible {
      outline-offset: -2px;
    }
    .count {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      color: var(--muted);
      font-size: var(--small);
      font-weight: 400;
    }
    .count.live::before {
      content: "";
      width: 0.375rem;
      height: 0.375rem;
      border-radius: 50%;
      background: var(--running);
    }
    .person {
      display: grid;
      gap: 0.75rem;
      padding: 0 1rem;
    }
    theme-switch {
      min-height: 1.625rem;
    }
    .person p {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .person > div {
      display: flex;
      gap: 0.25rem;
    }
    .person > div button:first-child {
      margin-left: -0.5rem;
    }
    @media (max-width: 47.99rem) {
      nav a {
        min-height: 2.5rem;
      }
    }
  `
]
