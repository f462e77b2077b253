package io.silkroute.upstream;

import java.time.Duration;

/**
 * What came of a probe.
 *
 * @param ok whether the node answered with a status below 500
 * @param detail the status, or why there was none; for people, holds no secret
 * @param latency from the start of the probe to its result
 * @param keptAlive whether the node leaves the connection open for a next request
 */
public record ProbeResult(boolean ok, String detail, Duration latency, boolean keptAlive) {}
