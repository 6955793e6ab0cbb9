/**
 * A file or a link that is dropped on a page replaces it: not on this one. Text may go on into a field.
 * Answers what ends that.
 */
export function refuseDrops(target: Document): () => void {
  const refuse = (event: DragEvent): void => {
    const types = event.dataTransfer?.types ?? [];
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (isField && !types.includes('Files')) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
  return () => {
    target.removeEventListener('dragover', refuse);
    target.removeEventListener('drop', refuse);
  };
}
