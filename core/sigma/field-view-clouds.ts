// Names of what clouds log. A rule has them as the maker's console, its API or one of its exports writes them; an event as it came, or as Elastic's
// agents spell it: `AuthenticationRequirement`, `properties.authenticationRequirement`, `azure.signinlogs.properties.authentication_requirement`.
type Names = Readonly<Record<string, readonly string[] | undefined>>;

/** What a rule's name may be called in events of this product, the likeliest first; undefined: it is no cloud's. */
export function cloudView(product: string, service: string): ((field: string) => string[]) | undefined {
  switch (product) {
    case 'aws': return (field) => [field, `aws.cloudtrail.${field}`, `json.${field}`, ...of(AWS, field), `aws.cloudtrail.${snake(field)}`, `aws.cloudtrail.flattened.${snakeHead(field).replace(/^additional_event_data\./, 'additional_eventdata.')}`];
    case 'azure': return (field) => ofAzure(field, service);
    case 'gcp': return (field) => { const own = field.replace(/^data\.(?=protoPayload\.)/, ''); return [field, own, `json.${own}`, ...of(GOOGLE, own), `gcp.audit.${snake(own.replace(/^protoPayload\./, ''))}`, `google_workspace.${service.split('.')[1] ?? 'admin'}.${snake(own)}`]; };
    case 'm365': return (field) => [field, `json.${field}`, ...of(M365, field), `o365.audit.${field}`];
    case 'cisco': return service === 'duo' ? (field) => [field, `json.${field}`, `cisco_duo.auth.${snake(field)}`, `cisco_duo.admin.${snake(field)}`] : undefined;
    case 'okta': return (field) => [field, `json.${field}`, `okta.${snake(field)}`];
    case 'github': return (field) => [field, `json.${field}`, `github.${snake(field)}`, ...(field === 'action' ? ['event.action'] : [])];
    case 'bitbucket': return (field) => [field, `json.${field}`, `bitbucket.audit.${field.replace(/^auditType\./, 'type.')}`];
    case 'kubernetes': return (field) => [field, `kubernetes.audit.${field}`, `json.${field}`, ...of(KUBERNETES, field).flatMap((name) => [`kubernetes.audit.${name}`, name])];
    default: return undefined;
  }
}
const of = (names: Names, field: string): readonly string[] => (Object.hasOwn(names, field) ? names[field] ?? [] : []);

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]{1,40})([A-Z][a-z])/g, '$1_$2').toLowerCase();
/** Only the first part: what stands below it keeps its own names. */
const snakeHead = (field: string): string => { const dot = field.indexOf('.'); return dot < 0 ? snake(field) : snake(field.slice(0, dot)) + field.slice(dot); };
const small = (name: string): string => name.split('.').map((part) => part.charAt(0).toLowerCase() + part.slice(1)).join('.');
const large = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const AWS: Names = {
  eventName: ['event.action'], eventSource: ['event.provider'], sourceIPAddress: ['source.ip', 'source.address'], userAgent: ['user_agent.original'], awsRegion: ['cloud.region'], status: ['event.outcome'],
};

/** In resource logs what a service says stands below `properties`, and the category at the top is the log's, not that of what happened. */
function ofAzure(field: string, service: string): string[] {
  const own = small(field.replace(/^properties\./i, '')), elastic = `azure.${service === 'riskdetection' || service === 'pim' ? 'identity_protection' : service}.`;
  const every = [`properties.${own}`, ...(own === 'message' ? [] : [own, large(own)]), ...of(service === 'activitylogs' ? ACTIVITY : ENTRA, own), `${elastic}properties.${snake(own)}`, `${elastic}${snake(own)}`, `json.${own}`];
  return own === 'category' && service === 'auditlogs' ? every : [field, ...every];
}
const ENTRA: Names = {
  message: ['properties.activityDisplayName', 'activityDisplayName', 'ActivityDisplayName', 'properties.authenticationProtocol', 'AuthenticationProtocol', 'operationName', 'OperationName', 'azure.auditlogs.properties.activity_display_name', 'azure.auditlogs.operation_name', 'azure.signinlogs.properties.authentication_protocol'],
  operationName: ['properties.activityDisplayName', 'activityDisplayName'], activityType: ['properties.activityDisplayName', 'activityDisplayName', 'operationName'], activityDisplayName: ['operationName', 'OperationName'],
  status: ['azure.status', 'Result', 'event.outcome'], result: ['azure.status', 'event.outcome'], resultType: ['properties.status.errorCode', 'status.errorCode'], resultdescription: ['resultDescription', 'ResultDescription', 'properties.status.failureReason', 'status.failureReason'],
  resultDescription: ['properties.status.failureReason', 'status.failureReason'], username: ['properties.userPrincipalName', 'userPrincipalName', 'UserPrincipalName', 'user.name'], clientApp: ['properties.clientAppUsed', 'clientAppUsed', 'ClientAppUsed'], userAgent: ['user_agent.original'],
  targetResources: ['azure.target_resources'], 'targetResources.modifiedProperties': ['azure.target_resources'], initiatedby: ['azure.initiated_by'], initiatedBy: ['azure.initiated_by'], 'initiatied.By': ['azure.initiated_by'], target: ['azure.target_resources'],
  'targetResources.modifiedProperties.newValue': ['azure.target_resources'], 'additionalDetails.additionalInfo': ['properties.additionalDetails.value', 'additionalDetails.value'], 'deviceDetail.trusttype': ['properties.deviceDetail.trustType', 'deviceDetail.trustType'],
};
const ACTIVITY: Names = {
  operationNameValue: ['properties.operationName', 'operationName', 'operationName.value', 'azure.activitylogs.operation_name', 'event.action'], operationName: ['operationName.value', 'OperationNameValue', 'event.action'], categoryValue: ['category', 'category.value', 'azure.activitylogs.category'], category: ['category.value', 'CategoryValue'],
  resourceProviderValue: ['azure.resource.provider', 'resourceProviderName.value'], resourceId: ['azure.resource.id', '_ResourceId'], message: ['properties.activityDisplayName', 'operationName'], status: ['event.outcome'],
};

const GOOGLE: Names = {
  eventService: ['protoPayload.serviceName', 'google_workspace.service'], 'protoPayload.serviceName': ['google_workspace.service'], 'protoPayload.Servicename': ['protoPayload.serviceName', 'google_workspace.service'],
  eventName: ['protoPayload.metadata.event.eventName', 'events.name', 'google_workspace.event.name', 'event.action'], 'protoPayload.metadata.event.eventName': ['events.name', 'google_workspace.event.name', 'event.action'],
  setting_name: ['google_workspace.parameter.setting_name', 'google_workspace.admin.setting.name'], new_value: ['google_workspace.parameter.new_value'],
};
/** An alert's name says what happened, elsewhere the operation. */
const M365: Names = {
  eventSource: ['Workload', 'o365.audit.Workload', 'event.provider'], eventName: ['Name', 'o365.audit.Name', 'Operation', 'o365.audit.Operation', 'event.action'], status: ['event.outcome'], Payload: ['Data', 'o365.audit.Data'],
  Parameters: ['Parameters.Name'], OperationProperties: ['OperationProperties.Value'], RequestType: ['ExtendedProperties.Value'],
};
const KUBERNETES: Names = { hostPath: ['requestObject.spec.volumes.hostPath.path'], capabilities: ['requestObject.spec.containers.securityContext.capabilities.add'], apiGroup: ['objectRef.apiGroup'] };
