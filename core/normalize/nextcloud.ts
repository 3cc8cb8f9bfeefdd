// Nextcloud's log, one object a line; `admin_audit` tells of logins, files and accounts in sentences.
//   {"reqId":"0a1b","level":2,"time":"2026-02-17T06:40:03+00:00","remoteAddr":"203.0.113.9","user":"--","app":"core","method":"POST","url":"/index.php/login","message":"Login failed: 'la' ..."}
// https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/logging_configuration.html
import { putAccount } from './account.js';
import { has, keepAll, putAll, putJsonTime, textOf, type JsonKind, type Names } from './json-fields.js';
import { applyRules, messageRules } from './rules.js';
import { putTarget } from './web/request.js';

const NAMES: Names = [['remoteAddr', 'source.ip'], ['userAgent', 'user_agent.original'], ['method', 'http.request.method'], ['message', 'message'], ['exception.Exception', 'error.type']];
const LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'];
const SAID = messageRules([
  ["Login failed: '{user.name>}' (Remote IP: {*}", 'login_failed'], ['Login failed: {user.name>} (Remote IP: {*}', 'login_failed'], ['Login failed: "{user.name>}"{*}', 'login_failed'],
  ['Login successful: "{user.name>}"', 'login'], ['Logout occurred', 'logout'],
  ['File with id "{~}" accessed: "{file.path>}"', 'file_opened'], ['File accessed: "{file.path>}"', 'file_opened'], ['File with id "{~}" written to: "{file.path>}"', 'file_changed'], ['File written to: "{file.path>}"', 'file_changed'],
  ['File with id "{~}" created: "{file.path>}"', 'file_created'], ['File created: "{file.path>}"', 'file_created'], ['File with id "{~}" deleted: "{file.path>}"', 'file_deleted'], ['File deleted: "{file.path>}"', 'file_deleted'],
  ['User created: "{user.target.name>}"', 'user_created'], ['User deleted: "{user.target.name>}"', 'user_deleted'], ['Password of user "{user.target.name>}" has been changed', 'password_changed'],
]);

export const nextcloud: JsonKind = {
  dataset: 'nextcloud.log',
  is: (flat) => has(flat, 'reqId', 'remoteAddr', 'app', 'message'),
  read(draft, flat) {
    keepAll(draft, 'nextcloud', flat);
    putJsonTime(draft, textOf(flat, 'time'));
    putAll(draft, flat, NAMES);
    putTarget(draft, textOf(flat, 'url') ?? '');
    draft.put('log.level', LEVELS[Number(textOf(flat, 'level') ?? NaN)]);
    draft.put('service.name', 'nextcloud');
    const user = textOf(flat, 'user');
    if (user !== '--') putAccount(draft, 'user', user);
    applyRules(SAID, textOf(flat, 'message') ?? '', draft);
  },
};
