package io.silkroute.failover;

import java.time.Duration;

/**
 * How far a request goes to find a living node.
 *
 * @param maxAttempts attempts for one request in total, 1 or more ({@code RETRY_MAX_ATTEMPTS})
 * @param backoffMin base of the backoff ({@code RETRY_BACKOFF_MIN_MS})
 * @param backoffMax cap of the backoff, not below the base ({@code RETRY_BACKOFF_MAX_MS})
 * @param adaptiveBackoff whether the delay follows the failure and the next node ({@code RETRY_ADAPTIVE_BACKOFF})
 * @param afterSend what to do when a node may have done the work already ({@code RETRY_AFTER_SEND})
 * @param perRequestTimeout one attempt up to its commit ({@code RETRY_PER_REQUEST_TIMEOUT_SEC})
 * @param totalTimeout all attempts and delays up to the commit ({@code RETRY_TOTAL_TIMEOUT_SEC})
 * @param budgetRatio retries per request ({@code RETRY_BUDGET_RATIO})
 * @param budgetMinPerSecond retries per second that are always allowed ({@code RETRY_BUDGET_MIN_PER_SEC})
 */
public record RetrySettings(
        int maxAttempts,
        Duration backoffMin,
        Duration backoffMax,
        boolean adaptiveBackoff,
        AfterSend afterSend,
        Duration perRequestTimeout,
        Duration totalTimeout,
        double budgetRatio,
        int budgetMinPerSecond) {

    /** Whether a request that may have been processed goes to another node. */
    public enum AfterSend {
        ALWAYS,
        IDEMPOTENT,
        NEVER
    }
}
