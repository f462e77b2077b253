package io.silkroute.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * What a caller wants of a node, the same for every attempt.
 *
 * @param method any HTTP method
 * @param uri path and query, as the caller sent them
 * @param headers the caller's headers; the node sees them less what {@link HeaderRules} takes out
 * @param requestId sent along as {@code x-request-id}
 * @param body the body
 */
public record UpstreamRequest(HttpMethod method, String uri, MultiMap headers, String requestId, RequestBody body) {}
