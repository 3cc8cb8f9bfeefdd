#!/usr/bin/env node
// The command. Checks the Node version in words any Node can read, then loads the build.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write('haidang: expected Node 20.19 or newer, got ' + process.versions.node + '. Install Node 24 (recommended) and start again.\n');
  process.exit(78);
}
import('../dist/bin/main.js').catch((error) => {
  if (error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes('dist')) {
    process.stderr.write('haidang: the program is not built yet. Run `npm start` once, or `npm run build`.\n');
  } else {
    process.stderr.write('haidang: ' + (error && error.stack ? error.stack : String(error)) + '\n');
  }
  process.exit(70);
});
