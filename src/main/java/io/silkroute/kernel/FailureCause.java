package io.silkroute.kernel;

import java.util.Locale;

/**
 * Why an attempt failed. The one classification that retry, circuit breaker, metrics and the attempt ledger share.
 *
 * <p>Each constant says three things: when the request may be sent to another node, whether the failure counts against
 * the node, and whether it is transient, that is, whether the same node may be tried once more in a second lap. Once a
 * response is committed nothing is sent again, whatever the cause.
 */
public enum FailureCause {
    /** The node's host name could not be resolved, or resolved to a refused address. */
    DNS(Resend.ALWAYS, true, false),
    /** The node's port refused the connection, or there was no route to it. */
    CONNECT_REFUSED(Resend.ALWAYS, true, true),
    /** No connection within {@code CONNECT_TIMEOUT_MS}. */
    CONNECT_TIMEOUT(Resend.ALWAYS, true, true),
    /** The TLS handshake failed. */
    TLS(Resend.ALWAYS, true, false),
    /** The connection was closed or reset after the request began to be sent and before the response was committed. */
    RESET(Resend.BY_POLICY, true, true),
    /** The response was not committed in time. */
    RESPONSE_TIMEOUT(Resend.BY_POLICY, true, true),
    /** The time for the whole request was over before this attempt had its own; the node is not to blame. */
    TOTAL_TIMEOUT(Resend.BY_POLICY, false, true),
    /** An event stream had no content in time. */
    FIRST_TOKEN_TIMEOUT(Resend.BY_POLICY, true, true),
    /** The node answered something that is not HTTP. */
    PROTOCOL(Resend.BY_POLICY, true, true),
    /** A status of 500 or more, or one named by {@code RETRY_ON_STATUS}. */
    STATUS_5XX(Resend.ALWAYS, true, true),
    /** Status 529. */
    OVERLOADED(Resend.ALWAYS, true, true),
    /** Status 429: the node is well, but rests for a while. */
    RATE_LIMITED(Resend.ALWAYS, false, false),
    /** The node rejected its own key (401, 402 or 403). */
    AUTH_REJECTED(Resend.ALWAYS, false, false),
    /** The response broke off. */
    STREAM_CUT(Resend.BY_POLICY, true, true),
    /** The body of the response had begun, and then nothing came for too long. */
    STREAM_STALLED(Resend.BY_POLICY, true, true),
    /** The node sent an error inside of its event stream. */
    STREAM_ERROR(Resend.ALWAYS, true, true);

    private enum Resend {
        ALWAYS,
        BY_POLICY
    }

    private final Resend resend;
    private final boolean countsAgainstNode;
    private final boolean transientFailure;
    private final String wireName;

    FailureCause(Resend resend, boolean countsAgainstNode, boolean transientFailure) {
        this.resend = resend;
        this.countsAgainstNode = countsAgainstNode;
        this.transientFailure = transientFailure;
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    /** Whether the circuit breaker of the node counts this as a failure. */
    public boolean countsAgainstNode() {
        return countsAgainstNode;
    }

    /** Whether the same node may succeed when it is tried again at once. */
    public boolean isTransient() {
        return transientFailure;
    }

    /** Whether the request may go to another node whatever its method: the node did no work, or said that it failed. */
    public boolean alwaysResent() {
        return resend == Resend.ALWAYS;
    }

    /** Whether {@code RETRY_AFTER_SEND} decides: the node may have done the work before it failed. */
    public boolean resentByPolicy() {
        return resend == Resend.BY_POLICY;
    }

    /** Whether the failure is that of a clock, which makes the final answer a 504 rather than a 502. */
    public boolean isTimeout() {
        return switch (this) {
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, TOTAL_TIMEOUT, FIRST_TOKEN_TIMEOUT, STREAM_STALLED -> true;
            default -> false;
        };
    }

    /** The name used in headers, logs, metrics and the admin API, for example {@code connect_refused}. */
    public String wireName() {
        return wireName;
    }
}
