// What endpoint and account products mean in CEF: the machine that the event is about, and what was found there or done with an account.
// By `Device Vendor`: CrowdStrike, SentinelOne, Bitdefender, CyberArk; Microsoft's Defender by its product.
import { putJsonTime } from '../json-fields.js';
import { GRAVITY_ZONE_MODULES } from '../json-products/endpoints.js';
import { isIp } from '../net.js';
import type { Draft } from '../draft.js';
import type { CefProduct } from './cef-products.js';
import { lookup } from '../lookup.js';
import { isBlocked, mean, putMachine, type Told } from './told.js';

const found = (draft: Draft, { name, code, value }: Told): void => {
  const said = `${name} ${code} ${value('cat') ?? ''} ${value('cs1') ?? ''}`;
  mean(draft, /malware|virus|threat|ransom|trojan|PUA/i.test(said) ? 'malware_detected' : 'intrusion_detected', isBlocked(value('act')) ? 'success' : undefined);
  draft.put('event.kind', 'alert');
};

/** Alerts of Microsoft's Defender and what it was called before; Windows' own events have the same vendor. */
export function readDefenderCef(draft: Draft, told: Told): boolean {
  if (!/Defender|\bATP\b|\bATA\b|Sentinel/i.test(told.product)) return false;
  putMachine(draft, told.value('dvchost') ?? told.value('shost'), told.value('dvc'));
  draft.fill('rule.name', told.name);
  found(draft, told);
  return true;
}

export const CEF_ENDPOINTS: Readonly<Record<string, CefProduct>> = {
  crowdstrike: {
    keys: lookup({ dntdom: 'user.domain', externalid: 'host.id' }), labels: lookup({ tactic: 'threat.tactic.name', technique: 'threat.technique.name' }),
    more(draft, told) { putMachine(draft, told.value('shost') ?? told.value('dhost'), told.value('dvc')); if (/Detection|Incident/.test(told.code)) found(draft, told); },
  },
  sentinelone: { more(draft, told) { putMachine(draft, told.value('dhost') ?? told.value('sourceHostName'), told.value('dvc')); if (/threat|malicious|malware/i.test(told.name)) found(draft, told); else if (/logged in/i.test(told.name)) mean(draft, 'login'); } },
  bitdefender: {
    keys: lookup({ bitdefendergzmalwarename: 'threat.name', bitdefendergzmalwarehash: 'file.hash.sha256', bitdefendergzattacktype: 'rule.name', bitdefendergzexploittype: 'rule.name' }),
    more(draft, { value }) {
      const action = GRAVITY_ZONE_MODULES[value('BitdefenderGZModule') ?? ''];
      putMachine(draft, value('dvchost'), value('dvc'));
      putJsonTime(draft, value('BitdefenderGZDetectionTime') ?? value('BitdefenderGZLastBlocked'), true);
      draft.fill('rule.name', draft.get('threat.name'));
      if (action === undefined) return;
      mean(draft, action, (action === 'connection_denied' || action === 'proxy_request') && !/allow/i.test(value('act') ?? '') ? 'failure' : undefined);
      if (action === 'malware_detected' || action === 'intrusion_detected') draft.put('event.kind', 'alert');
    },
  },
  'cyber-ark': {
    more(draft, { name, value }) {
      const from = value('shost');
      if (from !== undefined && isIp(from)) { delete draft.event['source.domain']; draft.fill('source.ip', from); }
      const said = `${name} ${value('act') ?? ''}`;
      if (/authentication failure|logon failed|failed logon|login failed/i.test(said)) mean(draft, 'login_failed'); else if (/\blogon\b/i.test(said)) mean(draft, 'login'); else if (/\blogoff\b/i.test(said)) mean(draft, 'logout'); else if (/Add (?:User|Owner)/i.test(said)) mean(draft, 'user_created');
    },
  },
};
