import "./start.ts"
import "./app-shell.ts"
