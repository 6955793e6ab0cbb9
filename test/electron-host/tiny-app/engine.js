process.parentPort.on('message', ({ data }) => {
  process.parentPort.postMessage({ number: data.number * 2, arguments: process.argv.slice(2), type: process.type });
});
