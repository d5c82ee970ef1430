import { defineConfig, type Plugin } from "vite"

const collapseCss: Plugin = {
  name: "collapse-css",
  enforce: "pre",
  apply: "build",
  transform: {
    filter: { id: /\/web\/.*\.ts$/ },
    handler: (code) => code.replace(/css`[^`]*`/g, (styles) => styles.replace(/\s+/g, " "))
  }
}

export default defineConfig({
  base: "/admin/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2024",
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "core", tags: ["$initial"] }] } } }
  },
  plugins: [collapseCss]
})
