package io.silkroute.traffic;

import java.util.List;

/**
 * The shares of traffic, in percent, that a new node gets stage by stage. Pure; each share is absolute, so that no rounding
 * adds up.
 *
 * @param shares rising, the last one 100
 */
public record RampPlan(List<Integer> shares) {

    /** The fewest stages there can be. */
    public static final int LEAST = 2;

    /** The most. */
    public static final int MOST = 5;

    public RampPlan {
        shares = List.copyOf(shares);
    }

    /**
     * The plan with that many stages ({@code GRADUAL_SWITCH_STAGES}).
     *
     * @param count {@link #LEAST} to {@link #MOST}
     */
    public static RampPlan of(int count) {
        return new RampPlan(
                switch (count) {
                    case 2 -> List.of(10, 100);
                    case 3 -> List.of(10, 50, 100);
                    case 4 -> List.of(10, 25, 50, 100);
                    case 5 -> List.of(5, 10, 25, 50, 100);
                    default -> throw new IllegalArgumentException("no plan with " + count + " stages");
                });
    }

    /** The number of stages. */
    public int stages() {
        return shares.size();
    }

    /** The share in a stage, counted from 1. */
    public int share(int stage) {
        return shares.get(stage - 1);
    }

    /** Whether a stage is the one in which the new node has all. */
    public boolean isLast(int stage) {
        return stage == stages();
    }
}
