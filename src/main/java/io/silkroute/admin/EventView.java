package io.silkroute.admin;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An event as operators see it. */
@Schema(description = "An event")
public record EventView(
        Instant at,

        @Schema(
                enumeration = {
                    "switched",
                    "switch_failed",
                    "breaker_open",
                    "breaker_half_open",
                    "breaker_closed",
                    "auth_rejected"
                })
        String type,

        String accountId,
        String nodeId,

        @Schema(description = "The name of the node then") String node,

        @Schema(description = "Of a switch", nullable = true)
        String reason,

        String message) {}
