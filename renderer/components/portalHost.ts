/** Where menus and popovers are put: inside the page's main landmark, so that they are found from there. */
export function portalHost(): HTMLElement | null {
  return document.getElementById('screen');
}
