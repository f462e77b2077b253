package io.silkroute.failover;

import java.time.Duration;

/**
 * Whether and how requests wait that no node can take.
 *
 * @param enabled whether they wait at all ({@code REQUEST_QUEUE_ENABLED})
 * @param size of an account, 1 or more ({@code REQUEST_QUEUE_SIZE})
 * @param timeout for each request, above zero ({@code REQUEST_QUEUE_TIMEOUT_MS})
 */
public record QueueSettings(boolean enabled, int size, Duration timeout) {}
