import { existsSync, readFileSync } from 'node:fs';
import type { NativeImage as RealImage } from 'electron';
import { asWhole, strict } from './strict.ts';

const pngBegins = Buffer.from('89504e470d0a1a0a', 'hex');

/** A PNG file, or nothing: as in Electron, a file that can't be read makes an empty image. */
class NativeImage implements Pick<RealImage, 'isEmpty' | 'getSize' | 'setTemplateImage' | 'isTemplateImage'> {
  readonly #png: Buffer;
  #isTemplate: boolean;

  constructor(png: Buffer, isTemplate: boolean) {
    this.#png = png.subarray(0, pngBegins.length).equals(pngBegins) ? png : Buffer.alloc(0);
    this.#isTemplate = isTemplate;
  }

  isEmpty(): boolean {
    return this.#png.length === 0;
  }

  getSize(): { width: number; height: number } {
    if (this.isEmpty()) return { width: 0, height: 0 };
    return { width: this.#png.readUInt32BE(16), height: this.#png.readUInt32BE(20) };
  }

  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isTemplate;
  }

  isTemplateImage(): boolean {
    return this.#isTemplate;
  }
}

function createImage(png: Buffer, isTemplate: boolean): RealImage {
  return asWhole(strict('NativeImage', new NativeImage(png, isTemplate)));
}

export const nativeImage = strict('nativeImage', {
  createEmpty: () => createImage(Buffer.alloc(0), false),
  createFromPath: (path: string) =>
    createImage(existsSync(path) ? readFileSync(path) : Buffer.alloc(0), /Template(@\dx)?\.png$/.test(path)),
} satisfies Partial<typeof Electron.nativeImage>);
