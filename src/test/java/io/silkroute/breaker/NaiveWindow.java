package io.silkroute.breaker;

import io.silkroute.kernel.Ticker;
import java.util.ArrayList;
import java.util.List;

/** Keeps every result for ever and counts those of the last sixty slices, one by one. */
final class NaiveWindow implements WindowContract.Window {

    private record Result(long slice, boolean failed) {}

    private static final int SLICES = 60;

    private final Ticker ticker;
    private final long origin;
    private final List<Result> results = new ArrayList<>();

    NaiveWindow(Ticker ticker) {
        this.ticker = ticker;
        this.origin = ticker.nanos();
    }

    @Override
    public void success() {
        results.add(new Result(slice(), false));
    }

    @Override
    public void failure() {
        results.add(new Result(slice(), true));
    }

    @Override
    public boolean trips(int minRequests, double failureRate) {
        return total() >= minRequests && failed() >= failureRate * total();
    }

    @Override
    public double failureRate() {
        return total() == 0 ? 0 : (double) failed() / total();
    }

    private long total() {
        return results.stream().filter(this::inWindow).count();
    }

    private long failed() {
        return results.stream().filter(this::inWindow).filter(Result::failed).count();
    }

    private boolean inWindow(Result result) {
        return result.slice > slice() - SLICES;
    }

    private long slice() {
        return (ticker.nanos() - origin) / (WindowContract.LENGTH.toNanos() / SLICES);
    }
}
