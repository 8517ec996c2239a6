/// <reference lib="dom" />
/** What has `data-key` is reached by that key, except while somebody types. */
export function followKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const from = event.target as HTMLElement;
    if (from.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
    const found = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    const field =
      found instanceof HTMLFormElement ? found.querySelector<HTMLElement>("input:not([type=hidden])") : found;
    if (field instanceof HTMLInputElement) {
      field.focus();
      if (field.type === "radio" || field.type === "checkbox") field.click();
      else field.select();
    } else field?.click();
  });
}
