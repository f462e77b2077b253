package io.silkroute.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Whatever a node sends, however it is cut: no crash, no byte lost or made up, and never more held back than the bound. Runs
 * over the inputs kept beside it; with {@code JAZZER_FUZZ=1} in the environment it looks for new ones.
 */
class SseGateFuzzTest {

    private static final int MAX_TAIL = 64 * 1024;

    @FuzzTest(maxDuration = "2m")
    void passesOnWhatItIsFed(FuzzedDataProvider data) {
        SseGate gate = new SseGate(data.pickValue(Dialect.values()));
        Buffer fed = Buffer.buffer();
        Buffer passed = Buffer.buffer();
        while (data.remainingBytes() > 0) {
            byte[] piece = data.consumeBytes(data.consumeInt(1, 64));
            // So that a short input can stand for a long stream.
            int times = data.consumeInt(1, 2048);
            byte[] chunk = new byte[piece.length * times];
            for (int i = 0; i < times; i++) {
                System.arraycopy(piece, 0, chunk, i * piece.length, piece.length);
            }
            fed.appendBytes(chunk);
            passed.appendBuffer(gate.feed(Buffer.buffer(chunk)));
            assertThat(gate.rest().length()).isLessThanOrEqualTo(MAX_TAIL);
        }
        passed.appendBuffer(gate.rest());
        assertThat(Arrays.equals(passed.getBytes(), fed.getBytes())).isTrue();
        gate.mayEnd();
        gate.failure();
    }
}
