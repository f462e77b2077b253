package io.silkroute.bench;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.CircuitBreaker;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the circuit breaker costs a request: one permit, taken and ended. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class BreakerBenchmark {

    private static final BreakerSettings SETTINGS = new BreakerSettings(
            Duration.ofSeconds(60), 20, 0.5, 5, Duration.ofSeconds(30), Duration.ofSeconds(300), 3);

    private CircuitBreaker healthy;
    private CircuitBreaker shaky;
    private CircuitBreaker open;

    @Setup
    public void breakers() {
        healthy = breaker();
        shaky = breaker();
        shaky.tryAcquire().orElseThrow().failure();
        open = breaker();
        while (open.state() == CircuitBreaker.State.CLOSED) {
            open.tryAcquire().orElseThrow().failure();
        }
    }

    @Benchmark
    public void successOnAHealthyNode() {
        healthy.tryAcquire().orElseThrow().success();
    }

    @Benchmark
    @Threads(2)
    public void successOnAHealthyNodeFromTwoThreads() {
        healthy.tryAcquire().orElseThrow().success();
    }

    /** With a failure in the window every result has to be weighed. */
    @Benchmark
    public void successOnANodeThatFailedLately() {
        shaky.tryAcquire().orElseThrow().success();
    }

    @Benchmark
    public Optional<Permit> refusalByAnOpenBreaker() {
        return open.tryAcquire();
    }

    private static CircuitBreaker breaker() {
        return new CircuitBreaker(SETTINGS, Ticker.system(), (from, to) -> {});
    }
}
