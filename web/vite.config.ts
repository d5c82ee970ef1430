import { minifyHTMLLiterals } from "minify-literals"
import { defineConfig, parseSync, type Plugin, Visitor } from "vite"
import { compression } from "vite-plugin-compression2"

// Runs on JavaScript, without types. A space beside a custom element separates words, so each run of them leaves one;
// an SVG element without its closing slash would contain the next.
const minifyTemplates: Plugin = {
  name: "minify-templates",
  apply: "build",
  transform: {
    filter: { id: /\/web\/.*\.ts$/ },
    handler: (code, id) =>
      minifyHTMLLiterals(code, {
        fileName: id,
        html: { conservativeCollapse: true, keepClosingSlash: true },
        sourceMap: false
      })
  }
}

// The descriptions of the API's document, which the admin does not show.
const dropDescriptions: Plugin = {
  name: "drop-descriptions",
  enforce: "pre",
  apply: "build",
  transform: {
    filter: { id: /\/src\/(api|domain)\/.*\.ts$/, code: "OpenApi.Description" },
    handler: (code, id) => {
      const calls: Array<{ readonly start: number; readonly end: number }> = []
      new Visitor({
        CallExpression({ arguments: [key], callee, end }) {
          if (callee.type !== "MemberExpression" || key === undefined) return
          const method = code.slice(callee.property.start, callee.property.end)
          if (method !== "annotate" || code.slice(key.start, key.end) !== "OpenApi.Description") return
          calls.push({ start: callee.object.end, end })
        }
      }).visit(parseSync(id, code).program)
      return calls
        .toSorted((a, b) => b.start - a.start)
        .reduce((rest, { end, start }) => rest.slice(0, start) + rest.slice(end), code)
    }
  }
}

export default defineConfig({
  base: "/admin/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2024",
    minify: "terser",
    terserOptions: {
      module: true,
      compress: { passes: 3, ecma: 2020, pure_getters: true }
    },
    modulePreload: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "core", tags: ["$initial"] },
            {
              name: "lists",
              test: /\/web\/(elements\/(data-table|action-button|capacity-bar)|styles\/page|features\/(actions\/perform|issues\/reason-appearances|dispatches\/(dispatch-cells|row-actions)|lists\/loaded)|data\/(overview|dispatches))|\/@lit\/context\/|\/src\/(api\/paging|domain\/(Dispatch|Ids|Outcome)\.ts)/,
              includeDependenciesRecursively: true,
              minSize: 0
            }
          ]
        }
      }
    }
  },
  plugins: [
    minifyTemplates,
    dropDescriptions,
    compression({ include: /\.(js|css|svg)$/, logLevel: "silent" })
  ]
})
