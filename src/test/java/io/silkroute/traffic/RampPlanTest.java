package io.silkroute.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RampPlanTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2 | 10 100", "3 | 10 50 100", "4 | 10 25 50 100", "5 | 5 10 25 50 100"})
    void theSharesRiseToAll(int stages, String shares) {
        RampPlan plan = RampPlan.of(stages);

        assertThat(plan.shares())
                .isEqualTo(
                        Arrays.stream(shares.split(" ")).map(Integer::valueOf).toList());
        assertThat(plan.stages()).isEqualTo(stages);
        assertThat(plan.share(stages)).isEqualTo(100);
    }

    @Test
    void onlyTheLastStageIsTheLast() {
        RampPlan plan = RampPlan.of(3);

        assertThat(plan.isLast(1)).isFalse();
        assertThat(plan.isLast(2)).isFalse();
        assertThat(plan.isLast(3)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 6})
    void thereIsNoOtherPlan(int stages) {
        assertThatThrownBy(() -> RampPlan.of(stages)).isInstanceOf(IllegalArgumentException.class);
    }
}
