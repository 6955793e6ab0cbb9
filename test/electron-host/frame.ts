import type { WebFrameMain } from 'electron';
import { fromPageUrl } from './schemes.ts';
import { asWhole, strictEmitter } from './strict.ts';

/** A frame as DevTools describes it. */
export interface FrameFacts {
  readonly id: string;
  readonly parentId?: string;
  readonly url?: string;
  readonly urlFragment?: string;
  readonly securityOrigin?: string;
}

type Used = 'url' | 'origin' | 'parent' | 'top' | 'frames' | 'detached' | 'routingId' | 'processId' | 'isDestroyed';

let lastNumber = 0;

/** A frame of a window: what it shows comes from Chromium, never from the page. */
export class Frame extends strictEmitter('WebFrameMain') implements Pick<WebFrameMain, Used> {
  readonly processId = 1;
  readonly routingId: number;
  detached = false;
  readonly #parent: Frame | null;
  readonly #children = new Set<Frame>();
  #url = '';
  #origin = '';

  constructor(parent: Frame | null) {
    super();
    lastNumber += 1;
    this.routingId = lastNumber;
    this.#parent = parent;
    if (parent !== null) parent.#children.add(this);
  }

  get url(): string {
    return this.#url;
  }

  get origin(): string {
    return this.#origin;
  }

  get parent(): WebFrameMain | null {
    return this.#parent === null ? null : asWhole(this.#parent);
  }

  get top(): WebFrameMain | null {
    return this.#parent === null ? asWhole(this) : this.#parent.top;
  }

  get frames(): WebFrameMain[] {
    return [...this.#children].map((child) => asWhole(child));
  }

  isDestroyed(): boolean {
    return this.detached;
  }

  shows({ url = '', urlFragment = '', securityOrigin = '' }: FrameFacts): void {
    this.#url = fromPageUrl(url + urlFragment);
    this.#origin = /^[a-z][a-z0-9+.-]*:\/\/./.test(securityOrigin) ? fromPageUrl(securityOrigin) : 'null';
  }

  movesTo(url: string): void {
    this.#url = fromPageUrl(url);
  }

  detach(): void {
    this.detached = true;
    if (this.#parent !== null) this.#parent.#children.delete(this);
  }
}
