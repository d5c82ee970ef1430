import { css } from "lit"
import { base } from "./base.ts"
import { controls } from "./controls.ts"

export const shell = [
  base,
  controls,
  css`
    :host {
      display: grid;
      grid-template: var(--header) minmax(calc(100dvh - var(--header)), auto) / var(--rail) minmax(0, 1fr);
      min-height: 100dvh;
    }
    .skip {
      position: fixed;
      z-index: 5;
      top: 0.5rem;
      left: 0.5rem;
      padding: 0.25rem 0.75rem;
      background: var(--raised);
    }
    .skip:not(:focus) {
      clip-path: inset(50%);
    }
    header {
      position: sticky;
      z-index: 3;
      top: 0;
      grid-column: 1 / -1;
      display: flex;
      align-items: center;
      gap: 1rem;
      height: var(--header);
      padding: 0 clamp(1rem, 2vw, 2rem) 0 1rem;
      border-bottom: 1px solid var(--hairline);
      background: var(--raised);
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      width: calc(var(--rail) - 2rem);
      color: var(--text);
      font-weight: var(--strong);
      text-decoration: none;
    }
    .sign {
      display: grid;
      place-items: center;
      width: 1.5rem;
      height: 1.5rem;
      border-radius: var(--radius);
      background: var(--accent-fill);
      color: var(--on-accent);
    }
    header form {
      flex: 0 1 24rem;
    }
    header input {
      width: 100%;
      border-color: var(--hairline);
    }
    .pulse {
      margin-left: auto;
    }
    .reconnecting {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--waiting);
      font-weight: var(--strong);
    }
    .rail {
      position: sticky;
      top: var(--header);
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      height: calc(100dvh - var(--header));
      padding: 0.75rem 0.5rem;
      border-right: 1px solid var(--hairline);
      background: var(--raised);
      overflow-y: auto;
    }
    nav {
      display: grid;
      gap: 2px;
    }
    nav a {
      display: flex;
      justify-content: space-between;
      gap: 0.5rem;
      padding: 0.375rem 0.5rem;
      border-radius: var(--radius);
      color: var(--muted);
      text-decoration: none;
      white-space: nowrap;
      transition: background-color var(--quick);
    }
    nav a:hover {
      background: var(--hover);
      color: var(--text);
    }
    nav a[aria-current] {
      background: var(--track);
      color: var(--text);
      font-weight: var(--strong);
    }
    .count {
      font-size: var(--small);
      font-weight: 400;
      line-height: 1.25rem;
      color: var(--muted);
    }
    .person {
      display: grid;
      gap: 0.5rem;
      padding: 0.5rem;
    }
    .person > div {
      display: flex;
      gap: 0.25rem;
    }
    main {
      min-width: 0;
    }
    main:focus-visible,
    main:focus {
      outline: none;
    }
    main.alone {
      grid-column: 1 / -1;
      grid-row: 1 / -1;
    }
    .lost {
      padding: 1.5rem 2rem;
    }
    .paused {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.75rem;
      padding: 0.5rem clamp(1rem, 2vw, 2rem);
      border-bottom: 1px solid var(--waiting);
      background: var(--raised);
    }
    .paused p {
      flex: 0 1 auto;
      min-width: 0;
      max-width: calc(100% - 2rem);
    }
    .paused > svg {
      color: var(--waiting);
    }
    .notice {
      position: fixed;
      z-index: 4;
      right: 1.5rem;
      bottom: 1.5rem;
      max-width: min(32rem, calc(100vw - 2rem));
    }
    .notice p {
      display: flex;
      align-items: start;
      gap: 0.75rem;
      padding: 0.75rem 1rem;
      border: 1px solid var(--hairline);
      border-radius: 8px;
      background: var(--raised);
      box-shadow: var(--float);
    }
    .notice svg {
      margin-top: 0.125rem;
    }
    .notice .done svg {
      color: var(--succeeded);
    }
    .notice .failed svg {
      color: var(--failed);
    }
    .notice button {
      margin: -0.125rem 0;
    }
    @media (max-width: 47.99rem) {
      :host {
        grid-template: var(--header) max-content 1fr max-content / minmax(0, 1fr);
      }
      header {
        gap: 0.75rem;
        padding: 0 1rem;
      }
      .brand {
        width: auto;
      }
      .word {
        position: absolute;
        clip-path: inset(50%);
      }
      header form {
        flex: 1 1 auto;
      }
      .rail {
        display: contents;
      }
      main {
        grid-row: 3;
      }
      nav {
        grid-row: 2;
        border-bottom: 1px solid var(--hairline);
        background: var(--raised);
        display: flex;
        gap: 0;
        padding: 0 0.5rem;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        padding: 0.625rem 0.5rem;
        border-radius: 0;
        gap: 0.375rem;
      }
      nav a[aria-current] {
        background: none;
        box-shadow: inset 0 -2px var(--accent);
      }
      .person {
        grid-row: 4;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        padding: 0.5rem 1rem;
        border-top: 1px solid var(--hairline);
      }
      .notice {
        right: 1rem;
        left: 1rem;
        bottom: 1rem;
      }
    }
  `
]
