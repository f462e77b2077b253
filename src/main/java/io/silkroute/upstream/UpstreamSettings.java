package io.silkroute.upstream;

import java.time.Duration;
import java.util.Set;

/**
 * What one attempt is held to.
 *
 * @param connectTimeout TCP and TLS handshake, each ({@code CONNECT_TIMEOUT_MS})
 * @param firstContent from the head of an event stream to its first content ({@code STREAM_FIRST_TOKEN_TIMEOUT_SEC})
 * @param streamIdle between the events of a committed stream, or the bytes of another body ({@code STREAM_IDLE_TIMEOUT_SEC})
 * @param holdMaxBytes of an event stream, held until there is content ({@code STREAM_HOLD_MAX_BYTES})
 * @param retryOnStatus statuses that are failures although they may be below 500 ({@code RETRY_ON_STATUS})
 */
public record UpstreamSettings(
        Duration connectTimeout,
        Duration firstContent,
        Duration streamIdle,
        int holdMaxBytes,
        Set<Integer> retryOnStatus) {

    public UpstreamSettings {
        retryOnStatus = Set.copyOf(retryOnStatus);
    }
}
