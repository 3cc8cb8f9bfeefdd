// Two rules that several tests of the detector evaluate: a refused sign-in, and many of them from one address.

export const FAILED = `
title: Sign-in failed
name: failed
id: 10000000-0000-4000-8000-000000000001
logsource: { product: linux, service: sshd }
detection: { sel: { message|contains: 'Failed password' }, condition: sel }
level: informational
`;
export const GUESSING = `
title: Password guessing
id: 20000000-0000-4000-8000-000000000001
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 2m, condition: { gte: 5 } }
level: high
`;
