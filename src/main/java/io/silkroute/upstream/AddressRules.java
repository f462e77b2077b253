package io.silkroute.upstream;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses a node may have. Link-local and cloud metadata addresses are refused, since whoever may edit nodes must
 * not thereby read the credentials of the machine. Private networks are allowed: nodes live there.
 */
public final class AddressRules {

    /** Metadata services that are not link-local: Alibaba, Oracle, AWS over IPv6. */
    private static final Set<String> METADATA_ADDRESSES =
            Set.of("100.100.100.200", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254");

    private static final Set<String> METADATA_NAMES = Set.of("metadata", "metadata.google.internal", "instance-data");

    private AddressRules() {}

    /** Whether a connection to the address is refused. IPv4-mapped IPv6 addresses count as the IPv4 ones they are. */
    public static boolean refused(InetAddress address) {
        return address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || METADATA_ADDRESSES.contains(address.getHostAddress());
    }

    /** Whether the name is that of a metadata service, whatever it resolves to. */
    public static boolean refusedName(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return METADATA_NAMES.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
