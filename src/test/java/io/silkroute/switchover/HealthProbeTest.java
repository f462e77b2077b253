package io.silkroute.switchover;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.FailureCause;
import io.silkroute.routing.NodeRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthProbeTest {

    private static final Duration LONG = World.HEALTH_INTERVAL.multipliedBy(100);

    private final World world = new World();

    @Test
    void aNodeThatStandsByIsAskedOnceAnInterval() {
        world.with("n1", 1).with("n2", 2).publish().passes(LONG);

        // The jitter adds up to a tenth.
        assertThat(world.prober.probes("n2")).isBetween(90, 100);
        assertThat(world.node("n2").runtime().lastProbe())
                .get()
                .extracting(NodeRuntime.LastProbe::ok)
                .isEqualTo(true);
    }

    @Test
    void aNodeThatServesIsNotAsked() {
        world.with("n1", 1).publish();
        int warmUp = world.prober.probes("n1");
        world.passes(LONG);

        assertThat(world.prober.probes("n1")).isEqualTo(warmUp);
    }

    @Test
    void aDisabledOrDeletedNodeIsNotAsked() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.disabled("n2").without("n3").publish().passes(LONG);

        assertThat(world.prober.probes("n2")).isZero();
        assertThat(world.prober.probes("n3")).isZero();
    }

    @Test
    void aNodeThatRestsIsLeftInPeaceForThatTime() {
        world.with("n1", 1).with("n2", 2).publish();
        world.node("n2").runtime().restFor(FailureCause.RATE_LIMITED, LONG);
        world.passes(LONG.dividedBy(2));

        assertThat(world.prober.probes("n2")).isZero();
    }

    @Test
    void aNodeIsAskedWhileItsBreakerIsOpenAndThatDoesNotCloseIt() {
        world.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n2", false);
        world.breaks("n2").passes(World.COOLDOWN);
        world.fails("n2");
        int before = world.prober.probes("n2");
        world.prober.well("n2", true);
        world.passes(World.COOLDOWN.multipliedBy(2).minusMillis(1));

        assertThat(world.prober.probes("n2")).as("during the doubled cooldown").isGreaterThan(before);
        assertThat(world.node("n2").runtime().breakerState()).isEqualTo(State.OPEN);
    }

    @Test
    void afterTheCooldownSuccessesInARowCloseItWithoutAnyRequest() {
        world.with("n1", 1).with("n2", 2).publish().breaks("n1");
        world.passes(World.COOLDOWN);
        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.HALF_OPEN);

        int before = world.prober.probes("n1");
        while (world.node("n1").runtime().breakerState() == State.HALF_OPEN) {
            world.passes(Duration.ofMillis(10));
        }

        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.CLOSED);
        assertThat(world.prober.probes("n1") - before).isEqualTo(World.HALF_OPEN_PROBES);
        assertThat(world.node("n1").runtime().requests())
                .as("requests, as counted")
                .isEqualTo(5);
    }

    @Test
    void whileAnotherReplicaAsksANodeThatHasToProveItselfWeDoNotAndItsVerdictCounts() {
        world.with("n1", 1).with("n2", 2).publish().breaks("n1");
        world.turns.ours = false;
        int before = world.prober.probes("n1");
        world.passes(World.COOLDOWN.plusSeconds(10));
        assertThat(world.prober.probes("n1")).isEqualTo(before);
        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.HALF_OPEN);

        world.heard("n1", true).heard("n1", true);
        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.HALF_OPEN);
        world.heard("n1", true);

        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.CLOSED);
        assertThat(world.node("n1").runtime().lastProbe().orElseThrow().ok()).isTrue();
    }

    @Test
    void whoHasTheTurnTellsTheOthersEachVerdict() {
        world.with("n1", 1).with("n2", 2).publish().breaks("n1");
        world.prober.well("n1", false);
        world.passes(World.COOLDOWN.plusSeconds(5));
        assertThat(world.turns.told).containsExactly(false);
        world.prober.well("n1", true);

        world.passes(World.HEALTH_INTERVAL.plusSeconds(10));

        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.CLOSED);
        assertThat(world.turns.told).containsExactly(false, true, true, true);
    }

    @Test
    void aVerdictPutsOffOurOwnTurn() {
        world.with("n1", 1).with("n2", 2).publish().breaks("n1");
        world.prober.well("n1", false);
        world.passes(World.COOLDOWN.plusSeconds(5)).heard("n1", false);
        int before = world.prober.probes("n1");
        for (int i = 0; i < 10; i++) {
            world.passes(World.HEALTH_INTERVAL.minusSeconds(1)).heard("n1", false);
        }

        assertThat(world.prober.probes("n1")).isEqualTo(before);
    }

    @Test
    void whatAnotherReplicaFindsOutChangesNothingWhileTheNodeServesHere() {
        world.with("n1", 1).with("n2", 2).publish();

        world.heard("n1", false);

        assertThat(world.node("n1").runtime().suspect()).isFalse();
        assertThat(world.active()).contains("n1");
    }

    @Test
    void aSingleNodeRecoversWithoutAnyRequest() {
        world.with("n1", 1).publish().breaks("n1");
        world.passes(World.COOLDOWN.plusSeconds(10));

        assertThat(world.node("n1").runtime().breakerState()).isEqualTo(State.CLOSED);
        assertThat(world.active()).contains("n1");
    }

    @Test
    void nodesAreNotAskedAllAtOnceAndOnlySoManyAtATime() {
        world.with("active", 0);
        for (int i = 0; i < 200; i++) {
            world.prober.hangs("n" + i);
            world.with("n" + i, 1 + i);
        }
        world.publish();
        world.passes(World.HEALTH_INTERVAL.dividedBy(30));
        assertThat(asked()).as("within a thirtieth of the interval").isLessThan(16);

        world.passes(World.HEALTH_INTERVAL.multipliedBy(2));
        assertThat(asked()).as("while all hang").isEqualTo(16);

        for (int i = 0; i < 200; i++) {
            world.prober.answers("n" + i, true);
        }
        world.passes(World.HEALTH_INTERVAL.multipliedBy(2));

        for (int i = 0; i < 200; i++) {
            assertThat(world.prober.probes("n" + i)).as("probes of n" + i).isPositive();
        }
    }

    private int asked() {
        int asked = 0;
        for (int i = 0; i < 200; i++) {
            asked += world.prober.probes("n" + i);
        }
        return asked;
    }
}
