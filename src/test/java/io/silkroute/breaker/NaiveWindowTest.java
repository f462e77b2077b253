package io.silkroute.breaker;

import io.silkroute.kernel.Ticker;

class NaiveWindowTest extends WindowContract {

    @Override
    Window create(Ticker ticker) {
        return new NaiveWindow(ticker);
    }
}
