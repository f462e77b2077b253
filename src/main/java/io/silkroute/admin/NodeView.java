package io.silkroute.admin;

import io.silkroute.kernel.NodeId;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeRuntime;
import io.silkroute.routing.NodeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A node as operators see it: what was configured, and how it fares. */
@Schema(description = "A node")
public record NodeView(
        String id,
        String accountId,
        String name,
        String baseUrl,
        int weight,
        int trafficWeight,
        String authScheme,
        @Schema(nullable = true) Integer maxConcurrency,
        boolean hasApiKey,

        @Schema(description = "Whether the account's traffic goes to it now")
        boolean active,

        boolean disabled,

        @Schema(
                enumeration = {
                    "healthy",
                    "warming",
                    "circuit_breaker_open",
                    "circuit_breaker_half_open",
                    "rate_limited",
                    "auth_rejected",
                    "disabled"
                })
        String status,

        @Schema(description = "Percent of the account's traffic")
        int trafficShare,

        @Schema(description = "Attempts since the start of this replica")
        long requests,

        @Schema(description = "Failed attempts since the start of this replica")
        long failCount,

        @Schema(description = "Counted failures in a row") int failStreak,

        @Schema(description = "Counted failures per result in the breaker's window, 0 to 1")
        double failureRate,

        @Schema(description = "Smoothed time to the first byte", nullable = true)
        Double rttMs,

        @Schema(description = "Attempts running now") int inFlight,
        @Schema(nullable = true) LastError lastError,
        @Schema(nullable = true) LastProbe lastProbe,
        Instant createdAt,
        Instant updatedAt) {

    /** The newest failure. */
    @Schema(description = "The newest failure")
    public record LastError(String cause, String message, Instant at) {

        private static LastError of(NodeRuntime.LastError error) {
            return new LastError(error.cause().wireName(), error.message(), error.at());
        }
    }

    /** The newest probe. */
    @Schema(description = "The newest probe")
    public record LastProbe(boolean ok, long latencyMs, Instant at) {

        private static LastProbe of(NodeRuntime.LastProbe probe) {
            return new LastProbe(probe.ok(), probe.latency().toMillis(), probe.at());
        }
    }

    static NodeView of(Account account, Node node) {
        NodeSpec spec = node.spec();
        NodeRuntime runtime = node.runtime();
        NodeId active = account.active().map(n -> n.spec().id()).orElse(null);
        boolean isActive = spec.id().equals(active);
        Optional<Duration> roundTrip = runtime.roundTrip();
        return new NodeView(
                spec.id().value(),
                spec.account().value(),
                spec.name(),
                spec.baseUrl().toString(),
                spec.weight(),
                spec.trafficWeight(),
                spec.authScheme().wireName(),
                spec.maxConcurrency().orElse(null),
                spec.apiKey().isPresent(),
                isActive,
                spec.disabled(),
                node.status().wireName(),
                account.trafficShare(node),
                runtime.requests(),
                runtime.failures(),
                runtime.failureStreak(),
                runtime.failureRate(),
                roundTrip.map(d -> d.toNanos() / 1_000_000.0).orElse(null),
                runtime.inFlight(),
                runtime.lastError().map(LastError::of).orElse(null),
                runtime.lastProbe().map(LastProbe::of).orElse(null),
                spec.createdAt(),
                spec.updatedAt());
    }
}
