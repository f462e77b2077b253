package io.silkroute.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.silkroute.kernel.NodeId;
import io.silkroute.registry.SecretBox.UnreadableSecretException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private static final NodeId NODE = new NodeId("a");

    private final SecretBox box = new SecretBox(key(1));

    @Test
    void opensWhatItSealed() {
        assertThat(box.open(NODE, box.seal(NODE, "sk-1"))).isEqualTo("sk-1");
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        assertThat(box.seal(NODE, "sk-1")).isNotEqualTo(box.seal(NODE, "sk-1"));
    }

    @Test
    void anotherKeyAnotherNodeOrADamagedSecretIsUnreadable() {
        byte[] stored = box.seal(NODE, "sk-1");
        byte[] damaged = stored.clone();
        damaged[damaged.length - 1] ^= 1;

        assertUnreadable(new SecretBox(key(2)), NODE, stored);
        assertUnreadable(box, new NodeId("b"), stored);
        assertUnreadable(box, NODE, damaged);
        assertUnreadable(box, NODE, new byte[3]);
        assertUnreadable(box, NODE, new byte[0]);
    }

    private static void assertUnreadable(SecretBox box, NodeId node, byte[] stored) {
        assertThatThrownBy(() -> box.open(node, stored))
                .isInstanceOf(UnreadableSecretException.class)
                .hasMessageContaining("SECRETS_KEY")
                .hasMessageNotContaining("sk-1");
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[SecretBox.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return key;
    }
}
