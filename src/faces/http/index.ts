export { Admission, type AdmissionLimits, admissionDefaults } from './admission.ts';
export { HttpHost, type HttpLog } from './http-host.ts';
export { nativeFace } from './native-face.ts';
export { openApi } from './openapi.ts';
export { RequestFigures } from './request-figures.ts';
export { probeOperations, type ServerFacts, serverOperations } from './server-operations.ts';
export { httpStatuses } from './statuses.ts';
export { UiFiles } from './ui-files.ts';
