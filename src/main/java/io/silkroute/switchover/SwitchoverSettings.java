package io.silkroute.switchover;

import java.time.Duration;

/**
 * How nodes are tried out before traffic goes to them.
 *
 * @param warmupEnabled whether a node is pre-warmed before it is activated ({@code WARMUP_ENABLED})
 * @param warmupAttempts probes of a pre-warm, of which one must succeed, 1 or more ({@code WARMUP_ATTEMPTS})
 * @param warmupTimeout for each of them, and for each health probe ({@code WARMUP_TIMEOUT_MS})
 * @param healthInterval between health probes of one node ({@code HEALTH_INTERVAL_SEC})
 * @param failbackStable how long a preferred node must have been healthy before traffic goes back to it, zero or more
 *     ({@code FAILBACK_STABLE_SECONDS})
 * @param gradual how traffic goes over between two living nodes
 */
public record SwitchoverSettings(
        boolean warmupEnabled,
        int warmupAttempts,
        Duration warmupTimeout,
        Duration healthInterval,
        Duration failbackStable,
        GradualSettings gradual) {}
