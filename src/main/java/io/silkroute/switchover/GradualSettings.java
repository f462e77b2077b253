package io.silkroute.switchover;

import io.silkroute.routing.Node;
import io.silkroute.traffic.RampPlan;
import java.time.Duration;
import java.util.Optional;

/**
 * How traffic goes from one living node to another, stage by stage.
 *
 * @param plan the shares; empty when traffic goes over at once ({@code GRADUAL_SWITCH_ENABLED}, {@code GRADUAL_SWITCH_STAGES})
 * @param stageTime how long a stage lasts at the least ({@code GRADUAL_SWITCH_STAGE_SECONDS})
 * @param minSamples results of the new node that a stage needs, 1 or more ({@code GRADUAL_SWITCH_MIN_SAMPLES})
 * @param failureRate of the new node at which it is rolled back ({@code CB_FAILURE_RATE})
 */
public record GradualSettings(Optional<RampPlan> plan, Duration stageTime, int minSamples, double failureRate) {

    /** Whether a node does well enough to begin with: otherwise its first result would end the switch. */
    boolean accepts(Node node) {
        return plan.isEmpty() || node.runtime().failureRate() < failureRate;
    }
}
