package io.silkroute.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlowStartTest {

    private final SlowStart pace = new SlowStart();

    @Test
    void twiceAsManyGoWithEachSpan() {
        assertThat(goers()).isEqualTo(1);
        pace.nextSpan();
        assertThat(goers()).isEqualTo(2);
        pace.nextSpan();
        assertThat(goers()).isEqualTo(4);
        for (int span = 4; span <= 10; span++) {
            pace.nextSpan();
            assertThat(goers()).isEqualTo(1 << (span - 1));
        }
    }

    @Test
    void afterASpanInWhichNobodyWentItBeginsAnew() {
        for (int span = 0; span < 5; span++) {
            goers();
            pace.nextSpan();
        }
        pace.nextSpan();

        assertThat(goers()).isEqualTo(1);
    }

    @Test
    void whoDoesNotGoAfterAllDoesNotCount() {
        assertThat(pace.tryGo()).isTrue();
        pace.stay();

        assertThat(pace.tryGo()).isTrue();
        assertThat(pace.tryGo()).isFalse();
    }

    @Test
    void itGrowsToNoEnd() {
        for (int span = 0; span < 100; span++) {
            assertThat(pace.tryGo()).isTrue();
            pace.nextSpan();
        }
        assertThat(pace.tryGo()).isTrue();
    }

    private int goers() {
        int goers = 0;
        while (pace.tryGo()) {
            goers++;
        }
        return goers;
    }
}
