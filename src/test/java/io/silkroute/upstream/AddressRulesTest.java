package io.silkroute.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "192.0.0.192",
                "224.0.0.1"
            })
    void refusesLinkLocalMetadataAndMulticastAddresses(String address) throws UnknownHostException {
        assertThat(AddressRules.refused(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "203.0.113.7", "2001:db8::1", "fd00::1"})
    void allowsPublicPrivateAndLoopbackAddresses(String address) throws UnknownHostException {
        assertThat(AddressRules.refused(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata.google.internal", "METADATA.google.internal.", "metadata"})
    void refusesNamesOfMetadataServices(String name) {
        assertThat(AddressRules.refusedName(name)).isTrue();
        assertThat(AddressRules.refusedName("my-" + name)).isFalse();
    }
}
