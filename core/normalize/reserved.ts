/** Names that mean something in every event: another's use of them stands under a name of its own. */
export const RESERVED = /^(?:haidang\.|event\.|log\.|@timestamp$|message$|tags$|winlog\.|auditd\.|fortinet\.)/;
