package io.silkroute.kernel;

import java.util.Objects;

/** How an attempt ended. Every attempt ends with exactly one outcome. */
public sealed interface Outcome {

    /** The node answered as it should; this includes the 4xx that the caller brought upon itself. */
    record Succeeded() implements Outcome {}

    /**
     * The node failed.
     *
     * @param cause the class of the failure
     * @param message what happened, for people; holds no secret
     */
    record Failed(FailureCause cause, String message) implements Outcome {
        public Failed {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(message, "message");
        }
    }

    /** The caller left; nobody is to blame. */
    record Cancelled() implements Outcome {}

    /** The one success. */
    Outcome SUCCEEDED = new Succeeded();

    /** The one cancellation. */
    Outcome CANCELLED = new Cancelled();
}
