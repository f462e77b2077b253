package io.silkroute.admin;

import io.silkroute.upstream.AddressRules;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the {@code base_url} of a node. Stateless. */
final class BaseUrl {

    static final String EXPECTED =
            "http:// or https:// with a host, an optional port and path, without user info, query"
                    + " or fragment; no link-local or cloud metadata address";

    private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");
    private static final Pattern LOOKS_NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");
    private static final Pattern DOTTED_QUAD =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

    private BaseUrl() {}

    /** The URL without a trailing slash, or empty when it is not of use. */
    static Optional<URI> parse(String text) {
        try {
            URI url = new URI(text.strip());
            return usable(url) ? Optional.of(trimmed(url)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The text as it may be shown: what stands where a password would stand is left out. */
    static String shown(String text) {
        return USER_INFO.matcher(text).replaceAll("//***@");
    }

    private static boolean usable(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        return (scheme.equals("http") || scheme.equals("https"))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getPort() <= 65535
                && url.getPort() != 0
                && !url.getRawPath().contains("/../")
                && hostAllowed(url.getHost());
    }

    /** Names are checked again at each connect, when it is known where they lead. */
    private static boolean hostAllowed(String host) {
        boolean numeric = LOOKS_NUMERIC.matcher(host).matches();
        if (numeric && !DOTTED_QUAD.matcher(host).matches()) {
            // 0xA9FEA9FE, 2852039166 and the like: other spellings of an address have no honest use here.
            return false;
        }
        if (numeric || host.startsWith("[")) {
            try {
                return !AddressRules.refused(InetAddress.getByName(host));
            } catch (UnknownHostException e) {
                return false;
            }
        }
        return !AddressRules.refusedName(host);
    }

    private static URI trimmed(URI url) {
        String text = url.getScheme().toLowerCase(Locale.ROOT)
                + url.toString().substring(url.getScheme().length());
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return URI.create(text);
    }
}
