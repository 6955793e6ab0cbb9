/** A size as it is typed: a number, and the unit chosen beside it. */
export interface SizeText {
  readonly number: string;
  readonly unit: SizeUnit;
}

export const sizeUnits = ['KB', 'MB', 'GB', 'TB'] as const;
export type SizeUnit = (typeof sizeUnits)[number];

/** In the largest unit in which it needs at most two decimals. */
export function toSizeText(bytes: number, byteBase: 1000 | 1024): SizeText {
  const inUnit = (unit: SizeUnit) => bytes / unitBytes(unit, byteBase);
  const isShort = (value: number) => value >= 1 && Number.isInteger(Math.round(value * 1e6) / 1e4);
  const unit = bytes === 0 ? 'GB' : (sizeUnits.findLast((one) => isShort(inUnit(one))) ?? 'KB');
  return { number: String(Math.round(inUnit(unit) * 1e6) / 1e6), unit };
}

/** Bytes, or undefined where the text is no number. */
export function fromSizeText({ number, unit }: SizeText, byteBase: 1000 | 1024): number | undefined {
  const text = number.trim().replaceAll(',', '');
  return /^\d*\.?\d+$/.test(text) ? Math.round(Number(text) * unitBytes(unit, byteBase)) : undefined;
}

function unitBytes(unit: SizeUnit, byteBase: 1000 | 1024): number {
  return byteBase ** (sizeUnits.indexOf(unit) + 1);
}
