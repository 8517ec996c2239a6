// The secret of an invitation stands after the address's #, which no server sees: it goes from there into the form.

export function fillInvitation(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-set-password]");
  const secret = decodeURIComponent(location.hash.slice(1));
  const field = form?.querySelector<HTMLInputElement>("input[name=token]");
  if (!form || !field || secret === "") return;
  field.value = secret;
  form.querySelector<HTMLElement>("[data-link-part]")!.hidden = true;
  // Out of the address bar, and of whatever keeps a history of addresses.
  history.replaceState(null, "", location.pathname);
}
