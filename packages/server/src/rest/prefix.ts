/** Every route of the REST API begins with this. */
export const API_PREFIX = "/api/v1";
