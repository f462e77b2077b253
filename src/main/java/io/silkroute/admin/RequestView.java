package io.silkroute.admin;

import io.silkroute.failover.AttemptLedger;
import io.silkroute.kernel.FailureCause;
import io.silkroute.observe.RequestLog;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A recent request as operators see it. */
@Schema(description = "A recent request and its attempts")
public record RequestView(
        String requestId,
        String accountId,

        @Schema(enumeration = {"success", "relayed_failure", "all_failed", "no_node", "cut", "client_cancelled"})
        String outcome,

        @Schema(description = "The node whose answer went out", nullable = true)
        String node,

        long ms,

        @Schema(description = "When it ended") Instant at,
        List<Attempt> attempts) {

    /** One attempt. */
    @Schema(description = "An attempt")
    public record Attempt(
            String node,
            String nodeId,

            @Schema(description = "Why it failed, or ok") String cause,

            @Schema(description = "Of the node's answer, if there was one", nullable = true)
            Integer status,

            @Schema(description = "Until the attempt was judged")
            long ms,

            @Schema(description = "Of the answer's body, to the caller")
            long bytes) {

        private static Attempt of(AttemptLedger.Entry entry) {
            return new Attempt(
                    entry.nodeName(),
                    entry.node().value(),
                    entry.cause().map(FailureCause::wireName).orElse("ok"),
                    entry.status().isPresent() ? entry.status().getAsInt() : null,
                    entry.took().toMillis(),
                    entry.bytes());
        }
    }

    static RequestView of(RequestLog.Entry request) {
        return new RequestView(
                request.id(),
                request.account().value(),
                request.outcome().wireName(),
                request.node().orElse(null),
                request.took().toMillis(),
                request.at(),
                request.attempts().stream().map(Attempt::of).toList());
    }
}
