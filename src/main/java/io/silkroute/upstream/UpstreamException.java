package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;

/** An attempt that brought no response. Carries no stack trace: it is an outcome, and frequent when a node is down. */
public final class UpstreamException extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureCause cause;

    public UpstreamException(FailureCause cause, String message) {
        super(message, null, false, false);
        this.cause = cause;
    }

    /** The class of the failure. */
    public FailureCause failureCause() {
        return cause;
    }
}
