/** The MLflow release whose server this face stands in for: what `/version` answers, and what the tests compare with. */
export const mlflowRelease = '3.17.2';
