/** With a capital at its start, unless it begins with a name such as `owner/repo`. */
export const sentence = (text: string) =>
  /^[a-z-]+([\s,:;]|\.?$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
