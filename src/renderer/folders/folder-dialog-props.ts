export interface ChosenFolder {
  /** Ticket of the folder; choosing uses it up. */
  readonly folder: string;
  readonly path: string;
  /** Of a new folder inside it. */
  readonly name?: string;
}

export interface FolderDialogProps {
  readonly title: string;
  readonly lead?: string;
  /** Offers a new folder inside the chosen one, with this name at first. */
  readonly newName?: string;
  readonly isBusy: boolean;
  /** Why the last choice was refused. */
  readonly error: unknown;
  readonly onChoose: (chosen: ChosenFolder) => void;
  readonly onClose: () => void;
}
