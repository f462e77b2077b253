package io.silkroute.switchover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From one living node to another, bit by bit, and back at once. */
class GradualSwitchTest {

    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final World world = World.gradual();

    @BeforeEach
    void anActiveNode() {
        world.with("old", 2).publish();
        assertThat(world.active()).contains("old");
        world.log.clear();
    }

    @Test
    void aStageNeedsItsTimeAndItsResults() {
        world.with("new", 1).publish();
        assertShares(10);

        world.passes(World.STAGE.multipliedBy(3));
        assertShares(10);
        succeeds(World.SAMPLES - 1);
        assertShares(10);
        succeeds(1);
        assertShares(50);

        succeeds(World.SAMPLES);
        world.passes(World.STAGE.minus(A_MOMENT));
        assertShares(50);
        world.passes(A_MOMENT);

        assertThat(world.active()).contains("new");
        assertThat(share("new")).isEqualTo(100);
        assertThat(share("old")).isZero();
        assertThat(world.log).containsExactly("old>new stage 1: 10%", "old>new stage 2: 50%", "old>new node_added");
        assertThat(world.stored).last().isEqualTo("new");
    }

    @Test
    void theResultsOfAnEarlierStageDoNotCountForTheNext() {
        world.with("new", 1).publish();
        succeeds(World.SAMPLES * 3);
        world.passes(World.STAGE);
        assertShares(50);

        world.passes(World.STAGE.multipliedBy(2));

        assertShares(50);
    }

    @Test
    void requestsAreDividedAsTheStageSays() {
        world.with("new", 1).publish();

        assertThat(world.chosen(100)).containsEntry("new", 10).containsEntry("old", 90);
    }

    @Test
    void theOneResultThatTurnsItBadRollsItBack() {
        world.with("new", 1).publish();
        succeeds(3);
        world.fails("new");
        world.fails("new");
        assertThat(share("new")).as("two of five failed").isEqualTo(10);

        world.fails("new");

        assertThat(share("new")).as("before any task ran").isZero();
        world.settled();
        assertThat(world.active()).contains("old");
        assertThat(world.log)
                .containsExactly(
                        "old>new stage 1: 10%", "new<old rolled back: circuit breaker closed, failure rate 50%");
    }

    @Test
    void anOpenBreakerRollsItBackInAnyStage() {
        world.with("new", 1).publish();
        succeeds(World.SAMPLES);
        world.passes(World.STAGE);
        assertShares(50);
        succeeds(100);

        world.breaks("new");

        assertThat(world.active()).contains("old");
        assertThat(share("old")).isEqualTo(100);
        assertThat(world.log).last().asString().startsWith("new<old rolled back: circuit breaker open");
    }

    @Test
    void whatWasRolledBackIsTriedAgainOnlyAfterItWasWellForAWhile() {
        world.with("new", 1).publish();
        world.fails("new");
        world.settled();
        assertThat(world.log).last().asString().contains("rolled back");

        world.passes(World.STABLE.minus(A_MOMENT));
        assertThat(world.log).hasSize(2);

        // The window of the breaker, a health probe after it, and the stable time.
        world.passes(Duration.ofSeconds(60)
                .plus(World.HEALTH_INTERVAL.multipliedBy(2))
                .plus(World.STABLE));
        assertThat(world.log).last().isEqualTo("old>new stage 1: 10%");
    }

    @Test
    void anOldNodeThatFailsMeanwhileEndsTheStages() {
        world.with("new", 1).publish();

        world.breaks("old");

        assertThat(world.active()).contains("new");
        assertThat(share("new")).isEqualTo(100);
        assertThat(world.log).containsExactly("old>new stage 1: 10%", "old>new breaker_open");
    }

    @Test
    void anOldNodeThatIsDisabledMeanwhileEndsTheStages() {
        world.with("new", 1).publish();

        world.disabled("old").publish();

        assertThat(world.active()).contains("new");
        assertThat(world.log).last().isEqualTo("old>new node_disabled");
    }

    @Test
    void aNewNodeThatIsDeletedOrDisabledMeanwhileLeavesTheOldOne() {
        world.with("new", 1).publish();
        world.disabled("new").publish();
        assertThat(world.active()).contains("old");
        assertThat(share("old")).isEqualTo(100);
        assertThat(world.log).last().isEqualTo("new<old rolled back: it is gone");

        world.enabled("new").publish();
        assertShares(10);
        world.without("new").publish();
        assertThat(world.active()).contains("old");
        assertThat(share("old")).isEqualTo(100);
    }

    @Test
    void anEmergencySkipsTheStages() {
        world.with("spare", 3).publish();

        world.breaks("old");

        assertThat(world.active()).contains("spare");
        assertThat(world.log).containsExactly("old>spare breaker_open");
    }

    @Test
    void aBetterNodeThatAppearsMeanwhileIsShiftedToInstead() {
        world.with("new", 1).publish();

        world.with("best", 0).publish();

        assertThat(world.active()).contains("old");
        assertThat(share("best")).isEqualTo(10);
        assertThat(share("new")).isZero();
        assertThat(share("old")).isEqualTo(90);
        assertThat(world.log)
                .containsExactly(
                        "old>new stage 1: 10%",
                        "new<old rolled back: another change came in between", "old>best stage 1: 10%");
    }

    @Test
    void anOperatorIsAnsweredWhenTheFirstStageHasBegun() {
        world.with("spare", 3).publish().storedElsewhere("spare", true);

        assertThat(world.activated("spare")).isCompletedWithValue(Optional.empty());

        assertThat(world.active()).contains("old");
        assertThat(share("spare")).isEqualTo(10);
    }

    @Test
    void anOperatorWhoNamesTheOldNodeEndsTheSwitch() {
        world.with("new", 1).publish();

        world.storedElsewhere("old", true);

        assertThat(world.activated("old")).isCompletedWithValue(Optional.empty());
        assertThat(share("old")).isEqualTo(100);
        world.passes(World.STAGE.multipliedBy(10));
        assertThat(world.active()).contains("old");
        assertThat(world.log).last().isEqualTo("new<old rolled back: another change came in between");
    }

    @Test
    void anOperatorWhoNamesAThirdNodeIsHeeded() {
        world.with("new", 1).with("third", 3).publish();

        world.storedElsewhere("third", true);

        assertThat(share("third")).isEqualTo(10);
        assertThat(share("new")).isZero();
    }

    @Test
    void whenAnOperatorsSwitchIsRolledBackTheStoreSaysWhatIs() {
        world.with("spare", 3).publish().storedElsewhere("spare", true);

        world.fails("spare");
        world.settled();

        assertThat(world.active()).contains("old");
        assertThat(world.stored).last().isEqualTo("old");
        assertThat(world.activated("spare").join())
                .hasValueSatisfying(why -> assertThat(why).contains("failure rate 100%"));
    }

    @Test
    void aSwitchOfAnotherReplicaIsFollowedAtOnce() {
        world.with("spare", 3).publish().storedElsewhere("spare", false);

        assertThat(world.active()).contains("spare");
        assertThat(share("spare")).isEqualTo(100);
    }

    @Test
    void theFirstNodeOfAnAccountHasAllAtOnce() {
        World fresh = World.gradual().with("n1", 1).publish();

        assertThat(fresh.active()).contains("n1");
        assertThat(fresh.log).containsExactly("->n1 started");
    }

    private void succeeds(int times) {
        for (int i = 0; i < times; i++) {
            world.succeeds("new");
        }
        world.settled();
    }

    private void assertShares(int share) {
        assertThat(world.active()).contains("old");
        assertThat(share("new")).isEqualTo(share);
        assertThat(share("old")).isEqualTo(100 - share);
        assertThat(world.account().runtime().shift()).isPresent();
    }

    private int share(String name) {
        return world.account().trafficShare(world.node(name));
    }
}
