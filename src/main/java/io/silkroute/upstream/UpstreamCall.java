package io.silkroute.upstream;

import java.util.concurrent.CompletionStage;

/** A running attempt. Belongs to one event loop. */
public interface UpstreamCall {

    /**
     * Completes when the attempt may be judged: with a failing status as soon as its head is there, otherwise with the first
     * byte of the body or its end. Fails with {@link UpstreamException} and nothing else.
     */
    CompletionStage<UpstreamResponse> response();

    /** Gives the call up in whatever phase it is; the connection is reset. Does nothing once the response is complete. */
    void cancel();
}
