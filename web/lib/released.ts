let pressed = false
for (const type of ["pointerdown", "pointerup", "pointercancel"]) {
  window.addEventListener(type, () => (pressed = type === "pointerdown"), { capture: true })
}

/** Runs it now, or after the click under way: new content must not move the clicked element. */
export const onceReleased = (run: () => void) => {
  if (pressed)
    window.addEventListener("pointerup", () => requestAnimationFrame(run), { capture: true, once: true })
  else run()
}
