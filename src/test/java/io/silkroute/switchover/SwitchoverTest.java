package io.silkroute.switchover;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.Activation;
import io.silkroute.routing.NodeStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SwitchoverTest {

    private final World world = new World();

    @Test
    void theFirstNodeIsPrewarmedConnectedActivatedAndStored() {
        world.publish().with("n1", 1).publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.log).containsExactly("->n1 node_added");
        assertThat(world.prober.probes("n1")).isEqualTo(2);
        assertThat(world.prober.connected).containsExactly("n1");
        assertThat(world.stored).containsExactly("n1");
    }

    @Test
    void aNodeThatClosesItsConnectionsIsActivatedWithoutAnyWaiting() {
        world.prober.keptAlive = false;
        world.with("n1", 1).publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.prober.connected).isEmpty();
    }

    @Test
    void aNodeOfSmallerWeightTakesOverOnceItIsWarmAndNotBefore() {
        world.with("n1", 1).publish();
        world.prober.hangs("n0");
        world.with("n0", 0).publish();
        assertThat(world.active()).contains("n1");
        assertThat(world.node("n0").status()).isEqualTo(NodeStatus.WARMING);
        var settled = world.settled();
        assertThat(settled).isNotDone();

        world.prober.answers("n0", true);
        world.scheduler.run();

        assertThat(world.active()).contains("n0");
        assertThat(world.node("n0").status()).isEqualTo(NodeStatus.HEALTHY);
        assertThat(world.log).endsWith("n1>n0 node_added");
        assertThat(settled).isDone();
    }

    @Test
    void aNodeOfTheSameOrALargerWeightDoesNot() {
        world.publish()
                .with("n1", 1)
                .publish()
                .with("n1b", 1)
                .publish()
                .with("n2", 2)
                .publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.prober.probes("n2")).isZero();
    }

    @Test
    void oneSuccessfulProbeIsEnough() {
        world.publish();
        world.prober.hangs("n1");
        world.with("n1", 1).publish();
        // The first fails, the second succeeds.
        world.prober.answers("n1", false);
        world.prober.well("n1", true);
        world.scheduler.run();

        assertThat(world.active()).contains("n1");
        assertThat(world.node("n1").runtime().suspect()).isFalse();
    }

    @Test
    void aNodeThatFailsItsWarmUpDoesNotTakeOver() {
        world.with("n1", 1).publish();
        world.prober.well("n0", false);
        world.with("n0", 0).publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.log).endsWith("not n0 node_added: it failed its warm-up");
        assertThat(world.prober.probes("n0")).isEqualTo(2);
    }

    @Test
    void anOpenBreakerSendsTrafficToTheBestOfTheOthers() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.breaks("n1");

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 breaker_open");
        assertThat(world.prober.probes("n3")).isZero();
    }

    @Test
    void whenACandidateFailsItsWarmUpTheNextIsTried() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.prober.well("n2", false);
        world.breaks("n1");

        assertThat(world.active()).contains("n3");
        assertThat(world.log).endsWith("not n2 breaker_open: it failed its warm-up", "n1>n3 breaker_open");
    }

    @Test
    void whenAllFailTheirWarmUpTheLeastBadServesAndTheListenerIsTold() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.prober.well("n2", false);
        world.prober.well("n3", false);
        world.breaks("n1");

        assertThat(world.active()).contains("n2");
        assertThat(world.log)
                .endsWith(
                        "not n2 breaker_open: it failed its warm-up",
                        "not n3 breaker_open: it failed its warm-up",
                        "n1>n2 breaker_open unproven");
    }

    @Test
    void whenNoBreakerIsClosedTrafficStays() {
        world.with("n1", 1).with("n2", 2).publish();
        world.breaks("n1").breaks("n2");

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 breaker_open");
    }

    @Test
    void aNodeWhoseHealthPathFailsAlthoughItServesIsNotWarmedOverAndOver() {
        world.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n2", false);
        world.breaks("n1");
        int probes = world.prober.probes("n2");

        for (int i = 0; i < 10; i++) {
            world.succeeds("n2");
            world.publish();
        }

        assertThat(world.active()).contains("n2");
        assertThat(world.prober.probes("n2")).isEqualTo(probes);
    }

    @Test
    void aDisabledOrDeletedNodeIsLeft() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.disabled("n1").publish();
        assertThat(world.active()).contains("n2");
        world.without("n2").publish();

        assertThat(world.active()).contains("n3");
        assertThat(world.log).endsWith("n1>n2 node_disabled", "->n3 node_deleted");
    }

    @Test
    void withoutAnyNodeNoneIsActive() {
        world.with("n1", 1).publish().disabled("n1").publish();
        assertThat(world.active()).isEmpty();

        world.enabled("n1").publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.log).endsWith("->n1 node_enabled");
    }

    @Test
    void anEnabledNodeOfSmallerWeightTakesOverAtOnce() {
        world.with("n1", 1).with("n2", 2).publish().disabled("n1").publish();
        world.enabled("n1").publish();

        assertThat(world.active()).contains("n1");
        assertThat(world.log).endsWith("n2>n1 node_enabled");
    }

    @Test
    void aChangedWeightTakesEffectAtOnceWhicheverNodeHasIt() {
        world.with("n1", 1).with("n2", 2).publish();
        world.with("n2", 0).publish();
        assertThat(world.log).endsWith("n1>n2 weight_changed");

        world.with("n2", 5).publish();

        assertThat(world.log).endsWith("n2>n1 weight_changed");
    }

    @Test
    void aRepairedNodeIsProbedClosesAndTakesOverAfterTheStableTime() {
        world.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n1", false);
        world.breaks("n1");
        world.passes(World.COOLDOWN.multipliedBy(3));
        assertThat(world.node("n1").runtime().breakerState())
                .as("a failed probe does not re-open")
                .isEqualTo(State.HALF_OPEN);
        assertThat(world.active()).contains("n2");

        world.prober.well("n1", true);
        while (world.node("n1").runtime().breakerState() != State.CLOSED) {
            world.passes(Duration.ofMillis(100));
        }
        world.passes(World.STABLE.minusMillis(200));
        assertThat(world.active()).contains("n2");
        world.passes(Duration.ofMillis(300));

        assertThat(world.active()).contains("n1");
        assertThat(world.log).endsWith("n2>n1 failback");
    }

    @Test
    void aFailedProbeBeginsTheStableTimeAnew() {
        world.with("n1", 1).with("n2", 2).publish();
        world.breaks("n1");
        while (world.node("n1").runtime().breakerState() != State.CLOSED) {
            world.passes(Duration.ofMillis(100));
        }
        world.passes(World.STABLE.dividedBy(2));
        world.prober.well("n1", false);
        world.passes(World.STABLE);
        world.prober.well("n1", true);
        world.passes(World.STABLE.dividedBy(2));
        assertThat(world.active()).contains("n2");

        world.passes(World.HEALTH_INTERVAL.plus(World.STABLE));

        assertThat(world.active()).contains("n1");
    }

    @Test
    void aFlappingNodeCausesFewSwitches() {
        world.with("n1", 1).with("n2", 2).publish();
        for (int second = 0; second < 60; second++) {
            boolean up = second % 4 >= 2;
            world.prober.well("n1", up);
            if (!up
                    && world.active().get().equals("n1")
                    && world.node("n1").runtime().breakerState() == State.CLOSED) {
                world.breaks("n1");
            }
            world.passes(Duration.ofSeconds(1));
        }

        assertThat(world.log.stream().filter(line -> line.contains(">")).count())
                .isLessThanOrEqualTo(4);
    }

    @Test
    void whatAnOperatorActivatesHoldsAgainstPreferredNodesThatWereWellAllAlong() {
        world.with("n1", 1).with("n2", 2).publish();
        world.storedElsewhere("n2", true);
        assertThat(world.activated("n2")).isCompletedWithValue(Optional.empty());

        world.passes(Duration.ofMinutes(10));

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 operator");
    }

    @Test
    void aPreferredNodeThatRecoversLaterTakesOverFromIt() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.breaks("n1");
        world.storedElsewhere("n3", true);
        assertThat(world.active()).contains("n3");

        world.passes(World.COOLDOWN.plus(World.STABLE).plusSeconds(30));

        assertThat(world.active()).as("n1 recovered, n2 was well all along").contains("n1");
    }

    @Test
    void anOperatorIsToldWhyANodeWasNotActivatedAndTheStoreSaysWhatIs() {
        world.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n2", false);
        world.storedElsewhere("n2", true);

        assertThat(world.activated("n2").join()).contains("it failed its warm-up");
        assertThat(world.active()).contains("n1");
        assertThat(world.stored).endsWith("n1");
    }

    @Test
    void aNodeWithAnOpenBreakerOrADisabledOneIsNotActivated() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).disabled("n3").publish();
        world.breaks("n2");
        world.storedElsewhere("n2", true);
        assertThat(world.activated("n2").join()).contains("its circuit breaker is not closed");

        world.storedElsewhere("n3", true);

        assertThat(world.activated("n3").join()).contains("it is disabled");
        assertThat(world.active()).contains("n1");
    }

    @Test
    void aSwitchOfAnotherReplicaIsFollowedAndNotStoredAgain() {
        world.with("n1", 1).with("n2", 2).publish();
        int stored = world.stored.size();
        world.storedElsewhere("n2", false);

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 followed");
        assertThat(world.stored).hasSize(stored);
    }

    @Test
    void whatAnotherReplicaChoseIsFollowedOnceItIsWellHereAndNobodyIsToldToTurnBack() {
        world.with("n1", 1).with("n2", 2).publish();
        world.breaks("n2");
        int stored = world.stored.size();
        world.storedElsewhere("n2", false);
        world.passes(World.COOLDOWN.minusSeconds(1));
        assertThat(world.active()).as("n2 is open here").contains("n1");

        world.passes(Duration.ofSeconds(10));

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 followed");
        assertThat(world.stored).as("that is what the store says already").hasSize(stored);
    }

    @Test
    void twoReplicasThatSeeTheNodesDifferentlyDoNotSwitchEachOtherForEver() {
        World other = World.withStoreOf(world);
        world.with("n1", 1).with("n2", 2).publish();
        other.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n1", false);
        other.prober.well("n2", false);
        world.breaks("n1");
        other.publish();

        for (int minute = 0; minute < 60; minute++) {
            world.publish().passes(Duration.ofSeconds(30));
            other.publish().passes(Duration.ofSeconds(30));
        }

        assertThat(world.active()).contains("n2");
        assertThat(other.active()).contains("n1");
        assertThat(world.stored).containsExactly("n1", "n2");
        assertThat(other.stored).isEmpty();
    }

    @Test
    void aSwitchOfAnotherReplicaThatCameWhileOursWasBeingStoredIsFollowed() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.storing = new CompletableFuture<>();
        world.breaks("n1");
        assertThat(world.active()).contains("n2");
        world.storedElsewhere("n3", false);
        assertThat(world.active()).as("our own may be newer").contains("n2");

        world.storing.complete(null);
        world.scheduler.run();

        assertThat(world.active()).contains("n3");
    }

    @Test
    void whatCouldNotBeStoredWhileTheStoreWasAwayIsStoredWhenItIsBack() {
        world.with("n1", 1).with("n2", 2).publish();
        world.storeAway = true;
        world.breaks("n1");
        assertThat(world.stored).containsExactly("n1");
        world.storeAway = false;

        world.publish();

        assertThat(world.stored).containsExactly("n1", "n2");
        world.publish();
        assertThat(world.stored).as("once").hasSize(2);
    }

    @Test
    void whatAnotherReplicaStoredMeanwhileIsNewerThanWhatWeCouldNot() {
        world.with("n1", 1).with("n2", 2).with("n3", 3).publish();
        world.storeAway = true;
        world.breaks("n1");
        assertThat(world.active()).contains("n2");
        world.storeAway = false;

        world.storedElsewhere("n3", true);

        assertThat(world.active()).contains("n3");
        assertThat(world.stored).containsExactly("n1");
    }

    @Test
    void aReplicaThatCannotActivateWhatAnOperatorNamedElsewhereKeepsThatToItself() {
        world.with("n1", 1).with("n2", 2).publish();
        world.prober.well("n2", false);
        int stored = world.stored.size();
        world.storedElsewhere("n2", true);

        assertThat(world.active()).contains("n1");
        assertThat(world.stored).hasSize(stored);

        world.prober.well("n2", true);
        world.passes(World.HEALTH_INTERVAL.multipliedBy(2));
        assertThat(world.active()).as("it is well now").contains("n2");
        assertThat(world.log).endsWith("n1>n2 operator");
    }

    @Test
    void whoFollowsAnotherReplicaDoesNotTurnBackAtOnceThoughThePreferredNodeIsWellHere() {
        world.with("n1", 1).with("n2", 2).publish().passes(Duration.ofMinutes(5));
        world.storedElsewhere("n2", false).passes(World.STABLE.minusSeconds(1));
        assertThat(world.active()).contains("n2");

        world.passes(Duration.ofSeconds(2));

        assertThat(world.active()).contains("n1");
    }

    @Test
    void aTableThatWasReadBeforeOurOwnSwitchIsNoNews() {
        world.with("n1", 1).with("n2", 2).publish();
        var stale = world.activation;
        world.breaks("n1");
        world.activation = stale;
        world.publish();

        assertThat(world.active()).contains("n2");
        assertThat(world.log).endsWith("n1>n2 breaker_open");
    }

    @Test
    void afterARestartTheStoredNodeServesAtOnce() {
        world.activation = new Activation(Optional.of(new NodeId("n2")), false, 7);
        world.prober.hangs("n2");
        world.with("n1", 1).with("n2", 2).publish();

        assertThat(world.active()).contains("n2");
        assertThat(world.log).isEmpty();

        world.passes(World.STABLE.plusSeconds(1));
        assertThat(world.active()).as("it was no operator's choice").contains("n1");
    }

    @Test
    void trafficSwitchesThoughTheStoreIsAway() {
        world.with("n1", 1).with("n2", 2).publish();
        world.storeAway = true;
        world.breaks("n1");

        assertThat(world.active()).contains("n2");
    }

    @Test
    void aBetterNodeThatAppearsMeanwhileSupersedesTheCandidate() {
        world.with("n5", 5).publish();
        world.prober.hangs("n2");
        world.with("n2", 2).publish();
        world.with("n1", 1).publish();
        assertThat(world.active()).contains("n1");

        world.prober.answers("n2", true);
        world.scheduler.run();

        assertThat(world.active()).as("a late result changes nothing").contains("n1");
    }

    @Test
    void withoutPrewarmANodeIsActivatedAtOnce() {
        World cold = World.withoutWarmup();
        cold.with("n1", 1).publish().with("n0", 0).publish();

        assertThat(cold.active()).contains("n0");
        assertThat(cold.prober.probes("n0")).isZero();
    }
}
