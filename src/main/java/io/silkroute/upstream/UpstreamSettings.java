package io.silkroute.upstream;

import java.time.Duration;
import java.util.Set;

/**
 * What one attempt is held to.
 *
 * @param connectTimeout TCP and TLS handshake, each ({@code CONNECT_TIMEOUT_MS})
 * @param retryOnStatus statuses that are failures although they may be below 500 ({@code RETRY_ON_STATUS})
 */
public record UpstreamSettings(Duration connectTimeout, Set<Integer> retryOnStatus) {

    public UpstreamSettings {
        retryOnStatus = Set.copyOf(retryOnStatus);
    }
}
