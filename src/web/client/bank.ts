/// <reference lib="dom" />
/** A kept comment goes to where the reader last wrote: a text that is not of the bank itself. */
export function useSavedComments(): void {
  let last: HTMLTextAreaElement | null = null;
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLTextAreaElement && !target.closest("#bank")) last = target;
  });
  document.addEventListener("click", ({ target }) => {
    const button = (target as HTMLElement).closest<HTMLElement>("[data-insert]");
    const place = last ?? document.querySelector<HTMLTextAreaElement>("#rubric textarea, #comments textarea");
    if (!button || !place) return;
    const space = place.value === "" || /\s$/.test(place.value) ? "" : " ";
    place.value = `${place.value}${space}${button.dataset.insert}`;
    place.focus();
  });
}
