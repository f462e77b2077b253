package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How far one attempt may go.
 *
 * @param timeout up to its commit, above zero
 * @param onTimeout what it means when that is over while the node has the request: {@link FailureCause#RESPONSE_TIMEOUT}, or
 *     {@link FailureCause#TOTAL_TIMEOUT} for an attempt that only got what others had left of the request's time
 * @param last whether no other node could follow, so that nothing is gained by holding a stream until its content; asked at
 *     most once, when the response turns out to be a stream
 */
public record AttemptLimits(Duration timeout, FailureCause onTimeout, BooleanSupplier last) {}
