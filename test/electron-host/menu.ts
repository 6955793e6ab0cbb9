import type { MenuItemConstructorOptions, MenuItem as RealItem, Menu as RealMenu } from 'electron';
import { host } from './host.ts';
import { asWhole, strictEmitter } from './strict.ts';

type UsedOfItem =
  | 'id'
  | 'label'
  | 'sublabel'
  | 'toolTip'
  | 'type'
  | 'enabled'
  | 'visible'
  | 'checked'
  | 'submenu'
  | 'click';

class MenuItem implements Pick<RealItem, UsedOfItem> {
  readonly id: string;
  label: string;
  readonly sublabel: string;
  readonly toolTip: string;
  readonly type: RealItem['type'];
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly submenu?: RealMenu;
  /** What Electron calls when the item is chosen. */
  readonly click: () => void;

  constructor(options: MenuItemConstructorOptions) {
    const { id = '', role, label = role ?? '', sublabel = '', toolTip = '', submenu } = options;
    const {
      type = submenu === undefined ? 'normal' : 'submenu',
      enabled = true,
      visible = true,
      checked = false,
    } = options;
    this.id = id;
    this.label = label;
    this.sublabel = sublabel;
    this.toolTip = toolTip;
    this.type = type;
    this.enabled = enabled;
    this.visible = visible;
    this.checked = checked;
    if (submenu !== undefined) this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.click = () => {
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (role === 'quit') host.app?.emit('quit-chosen');
      else options.click?.(asWhole(this), undefined, {});
    };
  }
}

export class Menu extends strictEmitter('Menu') implements Pick<RealMenu, 'items' | 'getMenuItemById' | 'popup'> {
  readonly items: RealItem[];

  static buildFromTemplate(template: readonly (MenuItemConstructorOptions | RealItem)[]): RealMenu {
    const items = template.map((item) => (item instanceof MenuItem ? item : new MenuItem(asWhole(item))));
    return asWhole(new Menu(items));
  }

  /** The menu of the whole app, which nobody sees here. */
  static readonly setApplicationMenu = () => undefined;

  private constructor(items: readonly MenuItem[]) {
    super();
    this.items = items.map((item) => asWhole(item));
  }

  getMenuItemById(id: string): RealItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  readonly popup = () => undefined;
}
