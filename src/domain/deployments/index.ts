export { type Deployment, deploymentLimits, type Endpoint } from './deployment.ts';
export { checkDeployments, rebuildDeployments } from './deployment-check.ts';
export { followServing, modelArrivals } from './deployment-occasions.ts';
export { deploymentOperations } from './deployment-operations.ts';
export { WhenQuery, whenOf } from './deployment-wire.ts';
export { Deployments } from './deployments.ts';
