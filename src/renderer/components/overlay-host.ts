/**
 * Where menus and tooltips are put: inside the view, so that all that is shown belongs to a landmark. Asked for when one
 * opens; null puts it at the end of the page.
 */
export function overlayHost(): HTMLElement | null {
  return document.querySelector('main');
}
