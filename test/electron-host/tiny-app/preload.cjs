const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('tiny', {
  who: () => ipcRenderer.invoke('who'),
  fail: () => ipcRenderer.invoke('fail'),
  nobody: () => ipcRenderer.invoke('nobody'),
  say: (word) => ipcRenderer.send('say', word),
  onHeard: (listener) => {
    const heard = (_event, word) => listener(word);
    ipcRenderer.on('heard', heard);
    return () => ipcRenderer.off('heard', heard);
  },
  double: (number, then) => then(number * 2) + 1,
  deep: { later: async (promise) => (await promise) + 1 },
});
