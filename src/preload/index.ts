import { contextBridge, ipcRenderer } from 'electron';
import { type AppBridge, ipcChannels } from '../shared/app-bridge.ts';

const listenTo =
  <T>(channel: string) =>
  (listener: (message: T) => void): (() => void) => {
    // The event would give the page more than the message.
    const pass = (_event: unknown, message: T): void => listener(message);
    ipcRenderer.on(channel, pass);
    return () => ipcRenderer.off(channel, pass);
  };

const bridge: AppBridge = {
  post: (message) => ipcRenderer.send(ipcChannels.bridge, message),
  onMessage: listenTo(ipcChannels.bridge),
  chooseFolder: (title) => ipcRenderer.invoke(ipcChannels.chooseFolder, title),
  notifications: () => ipcRenderer.invoke(ipcChannels.notifications),
  onGo: listenTo(ipcChannels.go),
};

contextBridge.exposeInMainWorld('codexBackup', bridge);
