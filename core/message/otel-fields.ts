// Attributes of OpenTelemetry's semantic conventions, present and earlier ones, that are called otherwise in our fields; those called the same
// need no line here. https://opentelemetry.io/docs/specs/semconv/registry/attributes/
export const OTEL_FIELDS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  'client.address': 'source.ip', 'client.port': 'source.port', 'source.address': 'source.ip', 'server.address': 'destination.ip', 'server.port': 'destination.port', 'destination.address': 'destination.ip', 'network.protocol.name': 'network.protocol',
  'http.client_ip': 'source.ip', 'net.peer.ip': 'source.ip', 'net.peer.port': 'source.port', 'net.sock.peer.addr': 'source.ip', 'http.method': 'http.request.method', 'http.status_code': 'http.response.status_code', 'http.user_agent': 'user_agent.original',
  'url.full': 'url.original', 'http.url': 'url.original', 'http.target': 'url.original', 'http.host': 'url.domain', 'enduser.id': 'user.name', 'user.name': 'user.name', 'process.owner': 'user.name', 'process.executable.path': 'process.executable', 'process.executable.name': 'process.name', 'process.parent_pid': 'process.parent.pid',
  'exception.message': 'error.message', 'exception.type': 'error.type', 'exception.stacktrace': 'error.stack_trace', 'container.image.name': 'container.image.name', 'container.name': 'container.name', 'container.id': 'container.id', 'k8s.namespace.name': 'orchestrator.namespace', 'k8s.pod.name': 'orchestrator.resource.name',
  'log.file.path': 'log.file.path', 'thread.name': 'process.thread.name', 'code.namespace': 'log.logger', 'db.query.text': 'db.query', 'db.statement': 'db.query', 'dns.question.name': 'dns.question.name',
});
