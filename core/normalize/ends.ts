// The fields of the two ends of a connection, their names written once: a name that is put together for each line costs more than its value.
const fieldsOf = (side: string, way: string) => ({ ip: `${side}.ip`, port: `${side}.port`, domain: `${side}.domain`, natIp: `${side}.nat.ip`, natPort: `${side}.nat.port`, user: `${side}.user.name`, interface: `observer.${way}.interface.name` }) as const;
export const ENDS = { source: fieldsOf('source', 'ingress'), destination: fieldsOf('destination', 'egress') };
