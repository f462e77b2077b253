package io.silkroute.kernel;

import java.time.Duration;

/**
 * Runs tasks one after another, never two at a time, now or later. What is only ever touched by tasks of one scheduler needs
 * no lock. Tests have one whose time they move by hand.
 *
 * <p>Its own methods are thread-safe.
 */
public interface Scheduler {

    /** A task that is still to come. */
    @FunctionalInterface
    interface Task {

        /** Makes sure that it never runs, unless it runs or ran already. Only to be called by a task of the same scheduler. */
        void cancel();
    }

    /** Runs a task soon, after those that were given before. */
    void execute(Runnable task);

    /** Runs a task after a delay; zero or less means soon. */
    Task after(Duration delay, Runnable task);
}
