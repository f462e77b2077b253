package io.silkroute.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void allowsAShareOfTheRequests() {
        RetryBudget budget = new RetryBudget(0.2, 0, ticker);
        for (int i = 0; i < 100; i++) {
            budget.deposit();
        }

        assertThat(withdrawals(budget)).isEqualTo(20);
    }

    @Test
    void allowsAFloorWithoutAnyRequest() {
        assertThat(withdrawals(new RetryBudget(0.2, 3, ticker)))
                .as("three a second, over ten seconds")
                .isEqualTo(30);
    }

    @Test
    void fillsUpAgainAsRetriesAge() {
        RetryBudget budget = new RetryBudget(0, 1, ticker);
        assertThat(withdrawals(budget)).isEqualTo(10);

        ticker.advance(Duration.ofSeconds(10));

        assertThat(withdrawals(budget)).isEqualTo(10);
    }

    @Test
    void requestsOfLongAgoBuyNothing() {
        RetryBudget budget = new RetryBudget(1, 0, ticker);
        budget.deposit();
        ticker.advance(Duration.ofSeconds(11));

        assertThat(budget.tryWithdraw()).isFalse();
    }

    private static int withdrawals(RetryBudget budget) {
        int granted = 0;
        while (budget.tryWithdraw()) {
            granted++;
        }
        return granted;
    }
}
